import { parseDocument } from 'htmlparser2'
import { parseHTML } from 'linkedom'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { pageTree } from '../../src/sources/hrnz/page-tree.ts'
import { type Packed, parsePacked, readPacked, type Selection } from './packed-world.ts'
import type { Figures } from './figures.ts'

/** From bytes to committed masters; parsing and applying told apart. */
export async function ingest(options: Selection & { readonly database: string }): Promise<Figures> {
  const database = await openDatabase(options.database)
  const { unitOfWork } = database
  await database.migrator.migrateToLatest()
  let now = 0
  const clock = { now: () => now, sleepUntil: () => Promise.resolve() }
  const figures = { parse: 0, apply: 0, meetings: 0, races: 0, starters: 0 }
  for (const packed of readPacked(options)) {
    now = packed.at
    const started = performance.now()
    const units = parsePacked(packed)
    const parsed = performance.now()
    for (const unit of units) await ingestMeeting({ unitOfWork, clock }, unit)
    figures.parse += parsed - started
    figures.apply += performance.now() - parsed
    figures.meetings += units.length
    for (const { observation } of units) {
      figures.races += observation.races.length
      for (const race of observation.races) figures.starters += race.starters.length
    }
  }
  await database.close()
  return figures
}

export type ParseWay = 'bare' | 'linkedom' | 'tree' | 'whole'

/**
 * The same bytes to trees and objects with nothing taken from them, by the yardsticks (`bare` is
 * htmlparser2 or JSON.parse) and by our own tree; `whole` reads all that is in them as well.
 */
export function parseOnly(
  options: Selection & {
    readonly way: ParseWay
    /** So many pages come before those that are timed. */
    readonly warmUp: number
  },
): Figures {
  const read = options.way === 'whole' ? parsePacked : readers[options.way]
  let parse = 0
  let megabytes = 0
  let before = options.warmUp
  for (const packed of readPacked(options)) {
    // The processor's time, of which nobody else can take a part.
    const started = process.cpuUsage()
    read(packed)
    const { user, system } = process.cpuUsage(started)
    if (before-- > 0) continue
    parse += (user + system) / 1000
    for (const { length } of bodiesOf(packed)) megabytes += length / 1e6
  }
  return { parse, megabytes, rate: (megabytes / parse) * 1000 }
}

const bodiesOf = (packed: Packed): readonly Uint8Array[] =>
  packed.source === 'hrnz' ? [packed.html] : [packed.list, ...packed.events.values()]

const each = (work: (text: string) => unknown) => (packed: Packed) => {
  for (const body of bodiesOf(packed)) work(Buffer.from(body).toString())
}
const readers: Record<Exclude<ParseWay, 'whole'>, (packed: Packed) => void> = {
  bare: (packed) => each(packed.source === 'hrnz' ? parseDocument : JSON.parse)(packed),
  linkedom: each(parseHTML),
  tree: each(pageTree),
}
