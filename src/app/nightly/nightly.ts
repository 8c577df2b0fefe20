import { HarnessError, InterruptedError, LockBusyError, ofSystem } from '../../errors.ts'
import { addCounts, noCounts, type Warning, type WriteCounts } from '../counts.ts'
import type { AppDeps } from '../ports.ts'

/** What a step gives back; the results of the writing use cases are such as they are. */
export interface NightlyStepResult {
  readonly outcome: string
  readonly counts?: WriteCounts
  readonly warnings?: readonly Warning[]
  readonly partial?: boolean
  readonly stopped?: HarnessError
}

export interface NightlyStep {
  readonly name: string
  /** The lock it runs under; null where it needs none. */
  readonly job: 'hrnz' | 'capture' | 'masters' | null
  /** Whether a run that holds the lock does this step's work as well: then nothing is missing. */
  readonly sharesWork?: boolean
  readonly run: () => Promise<NightlyStepResult>
}

export interface NightlyReport {
  readonly name: string
  readonly state: 'done' | 'partly' | 'failed' | 'busy' | 'not begun'
  /** What a command that did this step alone would have left with. */
  readonly exitCode: number
  readonly outcome: string
  readonly hint: string | null
  /** Shown seconds. */
  readonly seconds: number
}

export interface NightlyResult {
  readonly steps: readonly NightlyReport[]
  readonly counts: WriteCounts
  readonly warnings: readonly Warning[]
  readonly exitCode: number
}

type Deps = Pick<AppDeps, 'clock' | 'log' | 'progress' | 'signal'> & {
  readonly underLock: <T>(
    job: NonNullable<NightlyStep['job']>,
    work: () => Promise<T>,
  ) => Promise<T>
}

/** From what hardly matters to what matters most; a code that is not here counts as 1. */
const severity = [0, 4, 3, 5, 2, 1, 130]

/** The exit code of several pieces of work as one. */
export function worstExitCode(codes: readonly number[]): number {
  const rank = (code: number): number => severity.indexOf(severity.includes(code) ? code : 1)
  return codes.reduce((worst, code) => (rank(code) > rank(worst) ? code : worst), 0)
}

/**
 * One step after the other, each under its own lock. A step that fails, or whose job another run is
 * at, keeps none of the others from being done; only an interruption does.
 */
export async function runNightly(
  deps: Deps,
  steps: readonly NightlyStep[],
): Promise<NightlyResult> {
  const counts = noCounts()
  const warnings: Warning[] = []
  const reports: NightlyReport[] = []
  for (const step of steps) {
    if (deps.signal.aborted) {
      reports.push({ ...notBegun, name: step.name })
      continue
    }
    const began = deps.clock.now()
    const { report, result } = await runStep(deps, step)
    deps.progress.stop()
    if (result?.counts !== undefined) addCounts(counts, result.counts)
    warnings.push(...(result?.warnings ?? []))
    const seconds = Math.round((deps.clock.now() - began) / 1000)
    reports.push({ name: step.name, ...report, seconds })
    deps.log.info(`${step.name}: ${report.outcome}`)
  }
  return {
    steps: reports,
    counts,
    warnings,
    exitCode: worstExitCode(reports.map(({ exitCode }) => exitCode)),
  }
}

type Ended = Pick<NightlyReport, 'state' | 'exitCode' | 'outcome' | 'hint'>

async function runStep(
  deps: Deps,
  { job, run, sharesWork = false }: NightlyStep,
): Promise<{ report: Ended; result?: NightlyStepResult }> {
  try {
    const result = job === null ? await run() : await deps.underLock(job, run)
    const { outcome, stopped, partial = false } = result
    if (stopped !== undefined) return { report: failed(stopped), result }
    const state = partial ? 'partly' : 'done'
    return { report: { state, exitCode: partial ? 3 : 0, outcome, hint: null }, result }
  } catch (error) {
    if (error instanceof LockBusyError && error.code === 'locked') {
      const exitCode = sharesWork ? 0 : error.exitCode
      const outcome = `left out: ${error.message}`
      return { report: { state: 'busy', exitCode, outcome, hint: error.hint ?? null } }
    }
    if (deps.signal.aborted) return { report: failed(new InterruptedError()) }
    const known = error instanceof HarnessError ? error : ofSystem(error)
    if (known !== undefined) return { report: failed(known) }
    deps.log.error('a step failed unexpectedly', { error })
    const message = error instanceof Error ? error.message : String(error)
    const unexpected = new HarnessError(`unexpected error: ${message}`, { code: 'bug' })
    return { report: failed(unexpected) }
  }
}

function failed(error: HarnessError): Ended {
  const { exitCode, message, hint } = error
  return { state: 'failed', exitCode, outcome: message, hint: hint ?? null }
}

const notBegun: Omit<NightlyReport, 'name'> = {
  state: 'not begun',
  exitCode: 130,
  outcome: 'interrupted before',
  hint: null,
  seconds: 0,
}
