import { parseDocument } from 'htmlparser2'
import { parseHTML } from 'linkedom'
import { ingestMeeting } from '../../src/app/ingest-meeting.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { parsePacked, readPacked, type Selection } from './packed-world.ts'
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

/** The same bytes to trees and objects, and nothing taken from them. */
export function parseBare(options: Selection & { readonly parser: 'own' | 'linkedom' }): Figures {
  let parse = 0
  let megabytes = 0
  for (const packed of readPacked(options)) {
    const bodies =
      packed.source === 'hrnz' ? [packed.html] : [packed.list, ...packed.events.values()]
    const started = performance.now()
    for (const body of bodies) {
      const text = Buffer.from(body).toString()
      if (packed.source === 'tab') JSON.parse(text)
      else if (options.parser === 'linkedom') parseHTML(text)
      else parseDocument(text)
      megabytes += body.length / 1e6
    }
    parse += performance.now() - started
  }
  return { parse, megabytes }
}
