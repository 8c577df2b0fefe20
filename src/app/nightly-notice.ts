import type { NightlyReport, NightlyResult } from './nightly.ts'
import type { Notice } from './ports.ts'

/** Whether a night went well: done, or left to another run that is at it. */
export function wentWell(exitCode: number): boolean {
  return exitCode === 0 || exitCode === 4
}

/** The steps that somebody should look at. */
export function troubled({ steps }: Pick<NightlyResult, 'steps'>): NightlyReport[] {
  return steps.filter(({ exitCode }) => exitCode !== 0)
}

/** One sentence about a night. */
export function nightInWords(result: NightlyResult): string {
  const poor = troubled(result)
  if (poor.length === 0) return `all ${result.steps.length} steps done`
  const what = poor.map(({ name, state, outcome }) => `${name} ${state}: ${outcome}`)
  return `${poor.length} of ${result.steps.length} steps need a look: ${what.join('; ')}`
}

/**
 * What to tell the owner: that a night went wrong, unless the one before did too, and once that all
 * is well again. `previous`: exit code of the last night that ended, undefined for the first.
 */
export function nightlyNotice(
  previous: number | undefined,
  result: NightlyResult,
): Notice | undefined {
  const before = wentWell(previous ?? 0)
  const now = wentWell(result.exitCode)
  if (before === now) return undefined
  return now
    ? { level: 'recovered', title: 'harness: all is well again', message: nightInWords(result) }
    : { level: 'problem', title: 'harness: the night went wrong', message: nightInWords(result) }
}
