import type { ParseIssue, StarterObservation } from '../../domain/observation.ts'
import type { TabResult, TabRunner } from './payload-schema.ts'
import {
  amountOf,
  centsOf,
  countOf,
  labelled,
  millisecondsOf,
  present,
  textOf,
} from './plain-values.ts'

/**
 * Lays the results over the starters. Equal positions are a dead heat and stay as they are; a
 * runner that is not among the results has no placing, which TAB gives no reason for.
 */
export function withResults(
  starters: readonly StarterObservation[],
  results: readonly TabResult[],
  raceNumber: number,
  issues: ParseIssue[],
): StarterObservation[] {
  const byEntrant = new Map(starters.map((starter) => [starter.tabEntrantId, starter.key]))
  const byNumber = new Map(starters.map((starter) => [starter.number, starter.key]))
  const placed = new Map<string, TabResult>()
  for (const result of results) {
    const key =
      byEntrant.get(textOf(result.entrant_id)?.toLowerCase() ?? '-') ??
      byNumber.get(countOf(result.runner_number, 999) ?? -1)
    if (key === undefined || placed.has(key)) {
      issues.push({
        code: key === undefined ? 'result-without-runner' : 'second-result',
        subject: `R${raceNumber}/${String(result.runner_number ?? '?')}`,
        message:
          key === undefined
            ? 'a result names a runner that is not on the card; passed over'
            : 'a second result for one runner; the first is kept',
      })
      continue
    }
    placed.set(key, result)
  }

  return starters.map((starter) => {
    const result = placed.get(starter.key)
    if (result === undefined) return starter
    const position = countOf(result.position, 99)
    if (starter.scratched === true) {
      issues.push({
        code: 'scratched-with-placing',
        subject: `R${raceNumber}/${String(starter.number ?? '?')} ${starter.horseName}`,
        message: 'the runner is scratched and has a result; the result is passed over',
        excerpt: String(position ?? ''),
      })
      return starter
    }
    const margin = amountOf(result.margin_length)
    return present({
      ...starter,
      finishPosition: position,
      finishRaw: position === undefined ? undefined : String(position),
      // 0 is the winner's margin and, until the photo is read, everybody's: no value.
      marginRaw: margin === undefined ? textOf(result.positional_margin, 40) : String(margin),
      timeMs: millisecondsOf(result.time_ran),
      more: labelled({
        ...starter.more,
        positionalMargin: margin === undefined ? undefined : result.positional_margin,
      }),
    })
  })
}

/**
 * The advertised prizes by placing, in cents, of `{"1st": 9048, "2nd": 2366, "total_value": …}`.
 * They are not what a start earned: dead heats share, and most races with few runners pay less.
 */
export function readPrizes(prizes: Readonly<Record<string, unknown>> | null | undefined): {
  readonly total: number | undefined
  readonly byPlacing: ReadonlyMap<number, number>
} {
  const byPlacing = new Map<number, number>()
  for (const [label, dollars] of Object.entries(prizes ?? {})) {
    const placing = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(label)?.[1]
    const cents = typeof dollars === 'number' ? centsOf(dollars) : undefined
    if (placing !== undefined && cents !== undefined) byPlacing.set(Number(placing), cents)
  }
  const total = prizes?.['total_value']
  return { total: typeof total === 'number' ? centsOf(total) : undefined, byPlacing }
}

/** The winner's time, which TAB gives on the winner's row alone. */
export function winningTime(results: readonly TabResult[]): number | undefined {
  const winner = results.find((result) => result.position === 1)
  return millisecondsOf(winner?.winning_time ?? winner?.time_ran)
}

/** Runners of one entrant or one number; the first stays, for later rows are copies of it. */
export function withoutCopies(
  runners: readonly TabRunner[],
  raceNumber: number,
  issues: ParseIssue[],
): TabRunner[] {
  const entrants = new Set<string>()
  const numbers = new Set<number>()
  return runners.filter((runner) => {
    const entrant = runner.entrant_id.toLowerCase()
    const number = runner.runner_number
    if (!entrants.has(entrant) && (number === 0 || !numbers.has(number))) {
      entrants.add(entrant)
      numbers.add(number)
      return true
    }
    issues.push({
      code: 'duplicate-runner',
      subject: `R${raceNumber}/${number} ${runner.name.slice(0, 80)}`,
      message: 'a second runner with the same entrant or number; the first is kept',
      excerpt: entrant,
    })
    return false
  })
}
