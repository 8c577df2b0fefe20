import { addDays } from '../../src/domain/dates.ts'
import { medianOf, medianRss, type Run } from './figures.ts'
import { runTask } from './child.ts'
import type { Packed, Selection } from './packed-world.ts'
import { integer, milliseconds, ratio, type Row, type Section } from './sections.ts'
import type { Scratch } from './scratch.ts'

type Source = Packed['source']

export interface HistoryOptions {
  /** Runs of each way of one race day; a year is run a third as often. */
  readonly rounds: number
  readonly days: number
  readonly say: (line: string) => void
}

const raceDay = '2026-07-25'
const both: readonly Source[] = ['tab', 'hrnz']

/** Databases as one year leaves them: ours, and the cascade's. */
interface Year {
  readonly own: string
  readonly cascade: string
}

/** A race day and a year, from bytes to committed masters, beside the two yardsticks. */
export function measureHistory(scratch: Scratch, options: HistoryOptions): Section[] {
  const { say } = options
  const file = scratch.file('world')
  const from = addDays(raceDay, -options.days)
  say('making the world')
  runTask('packWorld', { file, from, to: raceDay, meetingsPerWeek: 6, lastDayMeetings: 9 })
  const empty = scratch.database()
  runTask('ingest', { file, from, to: raceDay, sources: [], database: empty })

  const rounds = Math.max(1, Math.round(options.rounds / 3))
  const years = new Ways(scratch, { file, from, to: addDays(raceDay, -1) }, rounds, say)
  const span = options.days === 365 ? 'a year' : `${options.days} days`
  const yearOfHrnz = years.measure(`${span}, HRNZ alone`, ['hrnz'], { own: empty })
  const yearOfBoth = years.measure(`${span}, both sources`, both, { own: empty })
  const year: Year = { own: yearOfBoth.after, cascade: yearOfBoth.afterCascade }

  const day = { file, from: raceDay, to: raceDay }
  const days = new Ways(scratch, day, options.rounds, say)
  const dayOf = [
    days.measure('a race day, HRNZ alone, empty database', ['hrnz'], { own: empty }),
    days.measure('a race day, both sources, empty database', both, { own: empty }),
    days.measure(`a race day, HRNZ alone, after ${span}`, ['hrnz'], year),
    days.measure(`a race day, both sources, after ${span}`, both, year),
  ]
  return [
    {
      title: 'From bytes to committed masters',
      head: ['', 'starters', 'parse', 'link, write', '× raw', 'cascade ×', 'stock ×', 'peak MB'],
      rows: [...dayOf, yearOfHrnz, yearOfBoth].map(({ row }) => row),
      notes: [
        '`link, write` is all of a unit after parsing: observe, reconcile, resolve, link, write,',
        'one transaction a meeting. `× raw`: how much longer than writing the same rows with prepared',
        'statements in one transaction. `cascade ×`: how much longer the first draft’s matching takes,',
        'through stock kysely with one transaction a starter, on a file with our settings; `stock ×`: on',
        'a file as SQLite makes it, which waits for the disk at every commit.',
      ],
    },
  ]
}

/** Measures one choice of bytes in all ways, taking turns. */
class Ways {
  readonly #scratch: Scratch
  readonly #selection: Omit<Selection, 'sources'>
  readonly #rounds: number
  readonly #say: (line: string) => void

  constructor(
    scratch: Scratch,
    selection: Omit<Selection, 'sources'>,
    rounds: number,
    say: (line: string) => void,
  ) {
    this.#scratch = scratch
    this.#selection = selection
    this.#rounds = rounds
    this.#say = say
  }

  /** Gives the databases that the first round leaves, too. */
  measure(
    title: string,
    sources: readonly Source[],
    before: { readonly own: string; readonly cascade?: string },
  ): { readonly row: Row; readonly after: string; readonly afterCascade: string } {
    this.#say(title)
    const scratch = this.#scratch
    const options = { ...this.#selection, sources }
    const runs: Record<'own' | 'raw' | 'cascade' | 'stock', Run[]> = {
      own: [],
      raw: [],
      cascade: [],
      stock: [],
    }
    const after = scratch.database(before.own)
    const afterCascade = scratch.database(before.cascade)
    for (let round = 0; round < this.#rounds; round++) {
      const own = round === 0 ? after : scratch.database(before.own)
      runs.own.push(runTask('ingest', { ...options, database: own }))
      const raw = scratch.database(before.own)
      runs.raw.push(runTask('writeRaw', { database: raw, after }))
      const cascade = round === 0 ? afterCascade : scratch.database(before.cascade)
      runs.cascade.push(runTask('cascade', { ...options, database: cascade }))
      const stock = scratch.file(`stock-${round}-${title.length}`)
      // A year of it takes minutes and says nothing that a day does not.
      if (before.cascade === undefined && this.#selection.from === this.#selection.to)
        runs.stock.push(runTask('cascade', { ...options, database: stock, stock: true }))
      for (const used of [own, raw, cascade])
        if (used !== after && used !== afterCascade) scratch.drop(used)
    }
    const apply = medianOf(runs.own, 'apply')
    const row = [
      title,
      integer(medianOf(runs.own, 'starters')),
      milliseconds(medianOf(runs.own, 'parse')),
      milliseconds(apply),
      ratio(apply / medianOf(runs.raw, 'apply')),
      ratio(medianOf(runs.cascade, 'apply') / apply),
      runs.stock.length === 0 ? '' : ratio(medianOf(runs.stock, 'apply') / apply),
      integer(medianRss(runs.own)),
    ]
    return { row, after, afterCascade }
  }
}
