import { Command, Flags, type Interfaces } from '@oclif/core'
import { type Context, openContext } from '../context/context.ts'
import { Interruption } from './interruption.ts'
import { asksFor } from './asks-for.ts'
import { describeError, printError, silentExitCode } from './report-error.ts'
import { safeText } from '../text/safe-text.ts'

/** Arguments of a flag definition, as oclif infers them. */
type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof HarnessCommand)['baseFlags'] & T['flags']
>
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>

/**
 * What all commands share: global flags, the context, signals, and errors that look and leave the
 * same way with and without `--json`. Commands extend ReadingCommand, ListingCommand or
 * WritingCommand.
 */
export abstract class HarnessCommand<T extends typeof Command> extends Command {
  static override baseFlags = {
    db: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'FILE|URL',
      summary: 'The database: a file, or postgres://… (HARNESS_DB).',
    }),
    json: Flags.boolean({
      helpGroup: 'GLOBAL',
      summary: 'Write the result, or the error, as JSON.',
    }),
    quiet: Flags.boolean({
      helpGroup: 'GLOBAL',
      summary: 'Write errors only (and the data of a listing).',
      exclusive: ['verbose'],
    }),
    verbose: Flags.boolean({ helpGroup: 'GLOBAL', summary: 'Say more about what is being done.' }),
    progress: Flags.boolean({
      helpGroup: 'GLOBAL',
      summary: 'Show how far the work has come.',
      default: true,
      allowNo: true,
    }),
    yes: Flags.boolean({ helpGroup: 'GLOBAL', summary: 'Answer every question with yes.' }),
    'log-format': Flags.option({
      options: ['text', 'json'] as const,
      helpGroup: 'GLOBAL',
      summary: 'How the lines on stderr are written.',
      default: 'text' as const,
    })(),
  }

  protected flags!: FlagsOf<T>
  protected args!: ArgsOf<T>
  #interruption: Interruption | undefined
  #context: Context | undefined

  /** The name as it is typed: `db migrate`. */
  protected get commandName(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }

  protected get json(): boolean {
    return asksFor(this.argv, '--json')
  }

  /** Fires when the user, or the system, asks the command to stop. */
  protected get interruption(): Interruption {
    this.#interruption ??= new Interruption({ immediate: this.stopsAtOnce })
    return this.#interruption
  }

  /** Whether a signal may simply end the process: true where nothing is written. */
  protected abstract readonly stopsAtOnce: boolean

  /** Whether HARNESS_CONFIG may name a file that is still to be written. */
  protected readonly configFileMayBeMissing: boolean = false

  override async init(): Promise<void> {
    // oclif's own init looks for deprecated names through its whole configuration; there are none.
    const { args, flags } = await this.parse({
      flags: this.ctor.flags,
      baseFlags: this.ctor.baseFlags ?? HarnessCommand.baseFlags,
      args: this.ctor.args,
      strict: this.ctor.strict,
    })
    this.flags = flags as FlagsOf<T>
    this.args = args as ArgsOf<T>
    void this.interruption
  }

  /** Configuration, clock, logger and, on demand, the database and the sources. */
  protected async context(): Promise<Context> {
    const { db, quiet, verbose, progress } = this.flags
    this.#context ??= await openContext({
      flags: { db },
      configFileMayBeMissing: this.configFileMayBeMissing,
      env: process.env,
      version: this.config.version,
      signal: this.interruption.signal,
      logLevel: quiet ? 'error' : verbose ? 'debug' : 'info',
      logFormat: this.flags['log-format'],
      showProgress: progress && !quiet,
    })
    return this.#context
  }

  /** Data, for stdout. Callers pass text that has been made safe by src/cli/text/render.ts. */
  protected writeData(text: string): void {
    process.stdout.write(text)
  }

  /** Talk, for stderr: one line, not shown with --quiet. */
  protected say(line: string): void {
    if (!this.flags.quiet) process.stderr.write(`${safeText(line)}\n`)
  }

  protected override async catch(error: unknown): Promise<void> {
    const silent = silentExitCode(error)
    if (silent !== undefined) {
      process.exitCode = silent
      return
    }
    const report = describeError(error, {
      command: this.commandName,
      version: this.config.version,
      interrupted: this.#interruption?.received !== undefined,
    })
    process.exitCode = report.exitCode
    printError(error, report, {
      json: this.json,
      stack: asksFor(this.argv, '--verbose') || debugging(),
    })
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#interruption?.release()
    await this.#context?.close()
    await super.finally(error)
  }
}

function debugging(): boolean {
  const debug = process.env['DEBUG']
  return debug !== undefined && debug !== ''
}
