import { runTask } from './child.ts'
import { medianOf, medianRss, type Run } from './figures.ts'
import type { Scratch } from './scratch.ts'
import { integer, milliseconds, type Row, ratio, type Section } from './sections.ts'

/** `horses match --all` over seasons of so many starts, smallest first. */
export function measureMatching(
  scratch: Scratch,
  options: {
    readonly sizes: readonly number[]
    readonly rounds: number
    readonly say: (line: string) => void
  },
): Section {
  let before: { readonly starters: number; readonly apply: number } | undefined
  const rows = options.sizes.map((starters): Row => {
    options.say(`matching ${integer(starters)} starts`)
    const database = scratch.database()
    runTask('makeSeason', { database, starters })
    const runs: Run[] = []
    for (let round = 0; round < options.rounds; round++)
      runs.push(runTask('matchAll', { database }))
    scratch.drop(database)
    const apply = medianOf(runs, 'apply')
    const growth = before === undefined ? '' : ratio(apply / before.apply)
    before = { starters, apply }
    return [
      `${integer(medianOf(runs, 'starters'))} starts`,
      milliseconds(apply),
      growth,
      integer(medianRss(runs)),
      integer(medianOf(runs, 'moved')),
    ]
  })
  return {
    title: 'horses match --all',
    head: ['', 'time', '× the line above', 'peak MB', 'moved'],
    rows,
    notes: [],
  }
}
