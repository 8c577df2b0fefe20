import { runTask } from './child.ts'
import { medianOf, medianRss } from './figures.ts'
import type { Scratch } from './scratch.ts'
import { integer, milliseconds, type Section } from './sections.ts'

/** The reports over a season of so many starts, and the starts written as CSV. */
export function measureReports(
  scratch: Scratch,
  options: {
    readonly starters: number
    readonly rounds: number
    readonly say: (line: string) => void
  },
): Section {
  const { starters, rounds, say } = options
  say(`reports over ${integer(starters)} starts`)
  const database = scratch.database()
  runTask('makeSeason', { database, starters })
  const runs = Array.from({ length: rounds }, () => runTask('readReports', { database }))
  scratch.drop(database)
  return {
    title: `Reports and export, ${integer(starters)} starts`,
    head: ['', ''],
    rows: [
      ...['report', 'quality', 'meetings', 'health', 'dashboard'].map((name) => [
        name === 'report' ? 'report' : `report ${name}`,
        milliseconds(medianOf(runs, name)),
      ]),
      ['export of `starts` as CSV, rows a second', integer(medianOf(runs, 'rowsPerSecond'))],
      ['peak', `${integer(medianRss(runs))} MB`],
    ],
    notes: [],
  }
}
