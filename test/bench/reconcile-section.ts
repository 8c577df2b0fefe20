import { addDays } from '../../src/domain/dates.ts'
import { runTask } from './child.ts'
import { medianOf, medianRss } from './figures.ts'
import type { Scratch } from './scratch.ts'
import { integer, milliseconds, type Row, ratio, type Section } from './sections.ts'

const lastDay = '2026-06-30'

/** Both sources' meetings of so many years reconciled again, fewest years first. */
export function measureReconciling(
  scratch: Scratch,
  options: { readonly years: readonly number[]; readonly say: (line: string) => void },
): Section {
  let before: { readonly starters: number; readonly apply: number } | undefined
  const rows = options.years.map((years): Row => {
    options.say(`reconciling ${years} years`)
    const file = scratch.file(`years-${years}`)
    const range = { from: addDays(lastDay, -365 * years), to: lastDay }
    const database = scratch.database()
    runTask('packWorld', { file, ...range, meetingsPerWeek: 6, lastDayMeetings: 2 })
    runTask('ingest', { file, ...range, sources: ['hrnz', 'tab'], database })
    const runs = [runTask('reconcileAgain', { database })]
    scratch.drop(database)
    const apply = medianOf(runs, 'apply')
    const starters = medianOf(runs, 'starters')
    const growth =
      before === undefined ? '' : ratio(apply / before.apply / (starters / before.starters))
    before = { starters, apply }
    return [
      `${integer(medianOf(runs, 'meetings'))} meetings, ${integer(starters)} starts`,
      milliseconds(apply),
      growth,
      integer(medianRss(runs)),
      integer(medianOf(runs, 'moved')),
    ]
  })
  return {
    title: 'reconcile, again',
    head: ['', 'time', '× a start of the line above', 'peak MB', 'moved'],
    rows,
    notes: [],
  }
}
