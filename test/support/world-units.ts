import { resultsPageHtml } from '../../fixtures/world/hrnz-results-html.ts'
import { hrnzPaths } from '../../fixtures/world/hrnz-pages.ts'
import { tabAnswer } from '../../fixtures/world/tab-payloads.ts'
import type { World } from '../../fixtures/world/world.ts'
import type { IngestUnit } from '../../src/app/reconcile/ingest-meeting.ts'
import { mergeMeeting } from '../../src/domain/capture/merge-meeting.ts'
import { addDays, isoInstant, nzInstant } from '../../src/domain/dates.ts'
import type { RaceObservation } from '../../src/domain/observation.ts'
import { hrnzPages } from '../../src/sources/hrnz/hrnz-pages.ts'
import { tabApi } from '../../src/sources/tab/tab-api.ts'

const hrnz = hrnzPages({ baseUrl: 'https://hrnz.invalid' })
const tab = tabApi({ baseUrl: 'https://tab.invalid' })

/** What HRNZ's results pages of a world say at an instant, through the real parser. */
export function* hrnzUnits(world: World, now: number): Generator<IngestUnit> {
  for (const meeting of world.meetings) {
    const html = resultsPageHtml(world, meeting, now)
    if (html === null) continue
    const url = `https://hrnz.invalid${hrnzPaths.folder}${meeting.hrnzFile}`
    const { observation, issues } = hrnz.parseResults(Buffer.from(html), { url })
    yield {
      observation,
      issues,
      documentId: null,
      url,
      parserVersion: hrnz.parserVersion,
      confirmedAt: isoInstant(now),
    }
  }
}

/** What TAB said of a world's meetings on the morning after each, through the real decoder. */
export function* tabUnits(world: World, until: number): Generator<IngestUnit> {
  const bytes = (body: unknown): Uint8Array => Buffer.from(JSON.stringify(body))
  for (let date = world.from; date <= world.to; date = addDays(date, 1)) {
    const now = Math.min(nzInstant(addDays(date, 1), '09:00'), until)
    const range = { from: date, to: date }
    const path = (url: string): string => url.replace('https://tab.invalid', '')
    const list = tabAnswer(world, path(tab.meetingsUrl(range)), now)
    const { meetings } = tab.decodeMeetings(bytes(list.body), { range })
    for (const listed of meetings) {
      const events = new Map<string, RaceObservation>()
      for (const { key } of listed.races) {
        const url = tab.eventUrl(key.replace('tab:event:', ''))
        const event = tab.decodeEvent(bytes(tabAnswer(world, path(url), now).body))
        if (event.kind === 'race') events.set(key, event.race)
      }
      yield {
        observation: mergeMeeting(undefined, listed, events),
        issues: [],
        documentId: null,
        url: tab.meetingsUrl(range),
        parserVersion: tab.decoderVersion,
        confirmedAt: isoInstant(now),
      }
    }
  }
}

/** The source keys that a unit tells of. */
export function keysOf({ observation }: IngestUnit): string[] {
  return [
    observation.key,
    ...observation.races.flatMap((race) => race.starters.map((starter) => starter.key)),
  ]
}
