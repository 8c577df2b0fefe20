import { runTask } from './child.ts'
import { medianOf, medianRss } from './figures.ts'
import type { Scratch } from './scratch.ts'
import { integer, milliseconds, type Section } from './sections.ts'

const reports = {
  report: 'report',
  quality: 'report quality',
  rule: 'report quality --rule name-only-links',
  meetings: 'report meetings',
  health: 'report health',
  dashboard: 'report dashboard',
}

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
      ...Object.entries(reports).map(([name, title]) => [
        title,
        milliseconds(medianOf(runs, name)),
      ]),
      ['export of `starts` as CSV, rows a second', integer(medianOf(runs, 'rowsPerSecond'))],
      ['peak', `${integer(medianRss(runs))} MB`],
    ],
    notes: [],
  }
}
