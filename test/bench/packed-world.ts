import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { hrnzPaths } from '../../fixtures/world/hrnz-pages.ts'
import { resultsPageHtml } from '../../fixtures/world/hrnz-results-html.ts'
import { tabAnswer } from '../../fixtures/world/tab-payloads.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import type { IngestUnit } from '../../src/app/reconcile/ingest-meeting.ts'
import { mergeMeeting } from '../../src/domain/capture/merge-meeting.ts'
import { addDays, isoInstant, nzInstant } from '../../src/domain/dates.ts'
import type { RaceObservation } from '../../src/domain/observation.ts'
import { hrnzPages } from '../../src/sources/hrnz/hrnz-pages.ts'
import { tabApi } from '../../src/sources/tab/tab-api.ts'

/** What one source sends of one day, or of one meeting, as bytes. */
export type Packed = HrnzPage | TabDay

export interface HrnzPage {
  readonly source: 'hrnz'
  readonly date: string
  readonly at: number
  readonly url: string
  readonly html: Uint8Array
}

export interface TabDay {
  readonly source: 'tab'
  readonly date: string
  readonly at: number
  readonly list: Uint8Array
  /** Event bodies by source key. */
  readonly events: ReadonlyMap<string, Uint8Array>
}

export interface PackOptions {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly meetingsPerWeek: number
  readonly lastDayMeetings: number
}

const hrnz = hrnzPages({ baseUrl: 'https://hrnz.invalid' })
const tab = tabApi({ baseUrl: 'https://tab.invalid' })

/**
 * Writes a made-up world's bytes to a file, in the order in which they would be read. Runs that
 * measure read them one by one: a world in memory would hide what ingesting itself takes.
 */
export function packWorld(options: PackOptions): void {
  const world = makeWorld({
    seed: 'bench',
    from: options.from,
    to: options.to,
    meetingsPerWeek: options.meetingsPerWeek,
    lastDayMeetings: options.lastDayMeetings,
    racesPerMeeting: [9, 10],
    startersPerRace: [10, 14],
    // A big day takes a thousand horses at once; the season's own number would be too few.
    horses: 3000,
  })
  const file = openSync(options.file, 'w')
  const write = (packed: Packed): void => {
    const bytes = serialize(packed)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    writeSync(file, length)
    writeSync(file, bytes)
  }
  const bytes = (body: unknown): Uint8Array => Buffer.from(JSON.stringify(body))
  for (let date = world.from; date <= world.to; date = addDays(date, 1)) {
    const meetings = world.meetingsOn(date)
    if (meetings.length === 0) continue
    const at = nzInstant(addDays(date, 1), '09:00')
    const answer = (url: string): Uint8Array =>
      bytes(tabAnswer(world, url.replace('https://tab.invalid', ''), at).body)
    const range = { from: date, to: date }
    const list = answer(tab.meetingsUrl(range))
    const keys = tab
      .decodeMeetings(list, { range })
      .meetings.flatMap((listed) => listed.races.map(({ key }) => key))
    const events = new Map(
      keys.map((key) => [key, answer(tab.eventUrl(key.replace('tab:event:', '')))]),
    )
    write({ source: 'tab', date, at, list, events })
    const read = at + 86_400_000
    for (const meeting of meetings) {
      const html = resultsPageHtml(world, meeting, read)
      if (html === null) continue
      const url = `https://hrnz.invalid${hrnzPaths.folder}${meeting.hrnzFile}`
      write({ source: 'hrnz', date, at: read, url, html: Buffer.from(html) })
    }
  }
  closeSync(file)
}

export interface Selection {
  readonly file: string
  readonly sources: readonly Packed['source'][]
  /** Racing dates, both inclusive. */
  readonly from: string
  readonly to: string
}

export function* readPacked({ file, sources, from, to }: Selection): Generator<Packed> {
  const input = openSync(file, 'r')
  const length = Buffer.alloc(4)
  try {
    while (readSync(input, length) === 4) {
      const bytes = Buffer.alloc(length.readUInt32LE())
      readSync(input, bytes)
      const packed = deserialize(bytes) as Packed
      const wanted = packed.date >= from && packed.date <= to
      if (wanted && sources.includes(packed.source)) yield packed
    }
  } finally {
    closeSync(input)
  }
}

/** Through the real parser and the real decoder. */
export function parsePacked(packed: Packed): IngestUnit[] {
  const confirmedAt = isoInstant(packed.at)
  if (packed.source === 'hrnz') {
    const { url } = packed
    const parsed = hrnz.parseResults(packed.html, { url })
    return [{ ...parsed, documentId: null, url, parserVersion: hrnz.parserVersion, confirmedAt }]
  }
  const range = { from: packed.date, to: packed.date }
  return tab.decodeMeetings(packed.list, { range }).meetings.map((listed) => {
    const events = new Map<string, RaceObservation>()
    for (const { key } of listed.races) {
      const body = packed.events.get(key)
      const event = body === undefined ? undefined : tab.decodeEvent(body)
      if (event?.kind === 'race') events.set(key, event.race)
    }
    return {
      observation: mergeMeeting(undefined, listed, events),
      issues: [],
      documentId: null,
      url: tab.meetingsUrl(range),
      parserVersion: tab.decoderVersion,
      confirmedAt,
    }
  })
}
