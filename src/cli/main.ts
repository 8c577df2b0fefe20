import type { Command, Config } from '@oclif/core'
import { asksFor } from './command/asks-for.ts'
import { directCall, directConfig } from './direct-run.ts'

export interface Program {
  /** Folder of package.json. */
  readonly root: string
  readonly version: string
  /** For development: oclif's plugin with the commands as they stand in the sources. */
  readonly plugins?: unknown
}

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[], program: Program): Promise<never> {
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  try {
    await runCommandLine(argv, program)
  } catch (error) {
    // Commands report their own errors; what arrives here happened before one was found.
    const { silentExitCode } = await import('./command/report-error.ts')
    process.exitCode = silentExitCode(error) ?? (await reportEarly(error, argv, program.version))
  }
  await Promise.all([drained(process.stdout), drained(process.stderr)])
  // Idle sockets of a source or of Postgres must not keep a finished command alive.
  process.exit()
}

async function runCommandLine(argv: readonly string[], program: Program): Promise<void> {
  const call = program.plugins === undefined ? directCall(program.root, argv) : undefined
  if (call !== undefined) {
    const { default: Found } = (await import(call.module)) as { default: RunnableClass }
    Found.id = call.id
    await new Found([...call.argv], directConfig(program.root) as Config)._run()
    return
  }
  const development = program.plugins === undefined ? {} : { plugins: program.plugins as never }
  const { run } = await import('./oclif-run.ts')
  await run(asHelpFlag(argv), { root: program.root, ...development })
}

/** oclif hides `_run` from subclasses' users; it is what its own `Command.run` ends with. */
type RunnableClass = (new (argv: string[], config: Config) => { _run(): Promise<unknown> }) &
  Pick<Command.Class, 'id'>

async function reportEarly(
  error: unknown,
  argv: readonly string[],
  version: string,
): Promise<number> {
  const { describeError, printError } = await import('./command/report-error.ts')
  const report = describeError(error, { command: '', version })
  printError(error, report, { json: asksFor(argv, '--json'), stack: asksFor(argv, '--verbose') })
  return report.exitCode
}

/** `harness help db migrate` is what people type. */
function asHelpFlag(argv: readonly string[]): string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
}

function ignoreClosedPipe(error: Error & { code?: string }): void {
  if (error.code !== 'EPIPE') throw error
}

/** Resolves when everything written so far has left the process, or cannot leave it any more. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve()
    else stream.write('', () => resolve())
  })
}
