import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Written to the program's stdin, which is closed then. */
  readonly input?: string
  /** Another script than the built program. */
  readonly script?: readonly string[]
  /** Called as soon as the process runs: to signal it, say. */
  readonly started?: (child: ChildProcess) => void
}

/** A folder of its own, for a database or a home. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'harness-test-'))
}

/**
 * Runs the built program as a user would, in an environment that holds nothing of ours: a contact
 * or a database of the developer must not leak into a test.
 */
export async function runCli(
  argv: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const failure = inject('buildFailure')
  if (failure !== '') throw new Error(`dist/ could not be built:\n${failure}`)
  const script = options.script ?? [join(root, 'bin/run.js')]
  const child = spawn(process.execPath, [...script, ...argv], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'] ?? '', HOME: emptyHome, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  options.started?.(child)
  child.stdin.on('error', () => {
    // A program that does not read its stdin may be gone before all of it is written.
  })
  child.stdin.end(options.input ?? '')
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.on('close', resolve)
      child.on('error', reject)
    }),
  ])
  return { stdout, stderr, exitCode }
}

const emptyHome = scratchFolder()

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  stream.setEncoding('utf8')
  for await (const chunk of stream) all += String(chunk)
  return all
}
