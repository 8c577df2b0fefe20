import { Errors } from '@oclif/core'
import { HarnessError, InterruptedError, ofSystem } from '../../errors.ts'
import { coloursFor } from '../text/colour.ts'
import { safeJson, safeText } from '../text/safe-text.ts'
import { usageWords } from './usage-words.ts'

/** An error as the contract shows it; the same exit code with and without `--json`. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly hint: string | null
  readonly exitCode: number
}

export interface ErrorCircumstances {
  /** `status`, `db migrate`; empty where no command was found. */
  readonly command: string
  readonly version: string
  /** A signal was received before: whatever failed then, failed because of it. */
  readonly interrupted?: boolean
}

export function describeError(error: unknown, circumstances: ErrorCircumstances): ErrorReport {
  if (circumstances.interrupted && !isOwn(error)) return ofOwn(new InterruptedError())
  if (isOwn(error)) return ofOwn(error)
  const { code, message } = raw(error)
  if (
    code === 'ERR_DLOPEN_FAILED' ||
    /NODE_MODULE_VERSION|Could not locate the bindings/.test(message)
  )
    return {
      code: 'native-module',
      message: `the database module better-sqlite3 does not load in Node ${process.version}: ${firstLine(message)}`,
      hint: 'It is built for one version of Node: run `npm rebuild better-sqlite3` where harness is installed, or install harness again.',
      exitCode: 1,
    }
  if (error instanceof Errors.CLIError && code !== 'MODULE_NOT_FOUND')
    return ofUsage(error, circumstances)
  const system = ofSystem(error)
  if (system !== undefined) return ofOwn(system)
  return {
    code: 'bug',
    message: `unexpected error: ${message}`,
    hint: `This is a fault in harness ${circumstances.version}: please report it with this message, the command line and \`harness doctor --json\`; --verbose shows where it happened.`,
    exitCode: 1,
  }
}

/** One JSON object on stdout, or lines on stderr; the stack only when asked for. */
export function printError(
  error: unknown,
  report: ErrorReport,
  how: { json: boolean; stack: boolean },
): void {
  if (how.json) process.stdout.write(`${safeJson({ error: report }, 2)}\n`)
  else printReport(report)
  if (how.stack && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${safeText(error.stack)}\n`)
}

/** The message and its next step, for a person. */
export function printReport(report: ErrorReport): void {
  const colours = coloursFor(process.stderr)
  process.stderr.write(`${colours.red('harness:')} ${safeText(report.message)}\n`)
  if (report.hint !== null) process.stderr.write(`  ${safeText(report.hint)}\n`)
}

/** oclif's own way to leave with a code and no message. */
export function silentExitCode(error: unknown): number | undefined {
  return error instanceof Errors.ExitError ? (error.oclif.exit ?? 0) : undefined
}

function isOwn(error: unknown): error is HarnessError {
  return error instanceof HarnessError
}

function ofOwn(error: HarnessError): ErrorReport {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    exitCode: error.exitCode,
  }
}

/** oclif's parser: unknown or missing flags, values that are none, arguments too many. */
function ofUsage(error: Error, { command }: ErrorCircumstances): ErrorReport {
  const { message, meant } = usageWords(error)
  const help = `harness ${command === '' ? '' : `${command} `}--help`
  return {
    code: 'usage',
    message,
    hint: meant === undefined ? `See \`${help}\`.` : `Did you mean ${meant}? See \`${help}\`.`,
    exitCode: 2,
  }
}

function raw(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) }
  const code = (error as { code?: unknown }).code
  return { code: typeof code === 'string' ? code : undefined, message: error.message || error.name }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}
