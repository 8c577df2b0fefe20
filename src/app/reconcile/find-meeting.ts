import { isPlainDate } from '../../domain/dates.ts'
import type { MeetingRow } from '../../domain/masters.ts'
import { nzVenues } from '../../domain/reconcile/nz-venues.ts'
import { VenueDirectory, venueSimilarity } from '../../domain/reconcile/venues.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'

export interface FoundMeeting {
  readonly meeting: MeetingRow
  /** The id as it was typed, where that one was merged into this meeting; else null. */
  readonly retiredId: number | null
}

/**
 * The one meeting that an id, a source key, or a date with words of its venue or club means; a usage
 * error where it is not one.
 */
export async function findMeeting(
  repositories: Repositories,
  words: string,
): Promise<FoundMeeting> {
  const text = words.trim().replace(/^#/, '')
  if (/^\d{1,15}$/.test(text)) {
    const asked = Number(text)
    const id = (await repositories.cards.resolve([asked])).get(asked)
    if (id === undefined) throw new UsageError(`there is no meeting ${asked}`, listHint)
    return { meeting: await load(repositories, id), retiredId: id === asked ? null : asked }
  }
  if (/^(tab|hrnz|manual):meeting:/.test(text)) {
    const [header] = await repositories.observations.findByKeys([text])
    if (header?.meetingId == null) throw new UsageError(`no meeting is known as ${text}`, listHint)
    return { meeting: await load(repositories, header.meetingId), retiredId: null }
  }
  const [date = '', ...rest] = text.split(/\s+/)
  if (!isPlainDate(date)) {
    throw new UsageError(
      `${JSON.stringify(text.slice(0, 60))} is no meeting`,
      'Say its id, or its date and venue: "2026-03-06 addington".',
    )
  }
  return { meeting: await ofDate(repositories, date, rest.join(' ')), retiredId: null }
}

/** A meeting in words: `2026-03-06 Addington [12]`. */
export function meetingWords({ meetingDate, venue, id }: MeetingRow): string {
  return `${meetingDate} ${venue} [${id}]`
}

async function ofDate(
  repositories: Repositories,
  date: string,
  place: string,
): Promise<MeetingRow> {
  const meetings = await repositories.cards.list({ from: date, to: date })
  if (meetings.length === 0) throw new UsageError(`there is no meeting on ${date}`, listHint)
  if (place === '' && meetings.length === 1) return meetings[0]!
  const directory = new VenueDirectory([...nzVenues, ...(await repositories.aliases.all())])
  const asked = [
    directory.key(place, 'venue', 'tab_api', date),
    directory.key(place, 'club', 'hrnz_scraper', date),
  ]
  const likeness = (text: string | null, kind: 'venue' | 'club'): number =>
    text === null || place === ''
      ? 0
      : Math.max(
          ...asked.map((key) =>
            venueSimilarity(key, directory.key(text, kind, 'hrnz_scraper', date)),
          ),
        )
  const scored = meetings.map((meeting) => ({
    meeting,
    score: Math.max(likeness(meeting.venue, 'venue'), likeness(meeting.club, 'club')),
  }))
  const best = Math.max(...scored.map(({ score }) => score))
  const fitting = scored.filter(({ score }) => score === best)
  if (best >= leastLikeness && fitting.length === 1) return fitting[0]!.meeting
  throw new UsageError(
    best < leastLikeness
      ? `no meeting on ${date} is at ${JSON.stringify(place.slice(0, 60))}`
      : `${fitting.length} meetings on ${date} fit`,
    `That day: ${meetings.slice(0, 8).map(meetingWords).join(', ')}.`,
  )
}

/** Words less alike than this mean another place. */
const leastLikeness = 0.7

async function load({ cards }: Repositories, id: number): Promise<MeetingRow> {
  return (await cards.load([id]))[0]!.meeting
}

const listHint = '`harness reconcile list` shows meetings that were brought together.'
