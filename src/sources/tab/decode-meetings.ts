import { racingDate, type DateRange } from '../../domain/dates.ts'
import type { MeetingObservation, ParseIssue, RaceObservation } from '../../domain/observation.ts'
import { tabEventKey, tabMeetingKey } from '../../domain/source-keys.ts'
import { meetingStatus } from '../../domain/capture/meeting-status.ts'
import { LayoutChangedError } from '../../errors.ts'
import { noteUnreadVerdict, unknownStatus } from './decode-event.ts'
import {
  meetingSchema,
  meetingScopeSchema,
  meetingsEchoSchema,
  type ListedRace,
  type ListedTabMeeting,
} from './payload-schema.ts'
import { countOf, dateOf, instantOf, labelled, present, textOf } from './plain-values.ts'
import { failureError, readBody } from './read-body.ts'
import { readPayload } from './read-payload.ts'
import { gaitOf, handicapOf, raceStatus, startTypeOf } from './race-words.ts'

export interface DecodedMeetings {
  readonly meetings: readonly MeetingObservation[]
  readonly issues: readonly ParseIssue[]
  readonly nextOffset: number | null
}

/** New Zealand harness meetings of a list, whatever else it holds. */
export function decodeMeetings(
  body: Uint8Array,
  asked: { readonly range: DateRange },
): DecodedMeetings {
  const { json, failure } = readBody(body)
  if (failure !== undefined) throw failureError(failure, 'the list of meetings')
  const { limit, offset } = checkEcho(json['params'], asked.range)
  const listed = listedMeetings(json['data'])
  const issues: ParseIssue[] = []
  const meetings: MeetingObservation[] = []
  const keys = new Set<string>()
  for (const [index, entry] of listed.entries()) {
    const scope = meetingScopeSchema.safeParse(entry)
    if (!scope.success) {
      issues.push(unreadable(index, 'it does not say its code and country'))
      continue
    }
    if (scope.data.category !== 'H' || scope.data.country !== 'NZ') continue
    try {
      const read = readPayload(meetingSchema, entry, {
        subject: 'meeting',
        path: `data.meetings.${index}`,
      })
      const meeting = meetingOf(read.value, read.issues)
      if (keys.has(meeting.key)) continue
      keys.add(meeting.key)
      meetings.push(meeting)
      issues.push(...read.issues)
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      issues.push(unreadable(index, error.message))
    }
  }
  return { meetings, issues, nextOffset: listed.length >= limit ? offset + listed.length : null }
}

/** The largest page that TAB gives. */
export const pageLimit = 200

/**
 * TAB passes over parameters that it does not know and answers everything with 200. Its echo is the
 * only sign; without this check all codes of the world, or another day, would look like the answer.
 */
function checkEcho(params: unknown, range: DateRange): { limit: number; offset: number } {
  const echo = meetingsEchoSchema.safeParse(params)
  if (!echo.success) throw ignored('params', 'nothing readable')
  const { category, type, country, date_from, date_to, limit, offset } = echo.data
  // The parameter is `category`, its echo is called `type`.
  const code = textOf(category) ?? textOf(type)
  if (code?.toUpperCase() !== 'H') throw ignored('category=H', code)
  if (textOf(country)?.toUpperCase() !== 'NZ') throw ignored('country=NZ', textOf(country))
  if (!isDate(date_from, range.from)) throw ignored(`date_from=${range.from}`, textOf(date_from))
  if (!isDate(date_to, range.to)) throw ignored(`date_to=${range.to}`, textOf(date_to))
  return { limit: countOf(limit, 100_000) ?? pageLimit, offset: countOf(offset, 1_000_000) ?? 0 }
}

/** The date itself, or an instant on that date in New Zealand. */
function isDate(echo: string | null | undefined, date: string): boolean {
  if (dateOf(echo) === date) return true
  const instant = instantOf(echo)
  return instant !== undefined && racingDate(Date.parse(instant)) === date
}

function ignored(parameter: string, echo: string | undefined): LayoutChangedError {
  return new LayoutChangedError(
    `TAB did not take ${parameter} (its echo is ${echo === undefined ? 'empty' : `"${echo}"`}), so its list is not the one that was asked for`,
    { code: 'filter-ignored', hint: 'TAB may have renamed the parameter; nothing was changed' },
  )
}

/**
 * `null` and nothing at all are an empty list: a day without meetings. Other keys in the place of
 * `meetings` are another layout, which must not look like such a day.
 */
function listedMeetings(data: unknown): readonly unknown[] {
  if (data === null) return []
  const isObject = typeof data === 'object'
  if (isObject && Object.keys(data).length === 0) return []
  const meetings = isObject && 'meetings' in data ? (data.meetings ?? []) : undefined
  if (!Array.isArray(meetings) || meetings.length > maxMeetings) {
    throw new LayoutChangedError("TAB's list has no readable `data.meetings`", {
      code: 'invalid-payload',
    })
  }
  return meetings
}

/** The whole world has about 80 meetings a day. */
const maxMeetings = 5000

function meetingOf(meeting: ListedTabMeeting, issues: ParseIssue[]): MeetingObservation {
  const races: RaceObservation[] = []
  const keys = new Set<string>()
  for (const listed of meeting.races ?? []) {
    // Number 0 stands for special markets, not for races.
    if (listed.race_number === 0 || keys.has(tabEventKey(listed.id))) continue
    keys.add(tabEventKey(listed.id))
    races.push(raceOf(listed, issues))
  }
  const venue = textOf(meeting.name, 120)
  const date = meetingDate(meeting, races)
  if (date === undefined) {
    throw new LayoutChangedError(
      `TAB's meeting ${meeting.meeting} (${venue ?? 'unnamed'}) has no date and no race with a time`,
      { code: 'invalid-payload' },
    )
  }
  return present({
    source: 'tab_api' as const,
    kind: 'card' as const,
    key: tabMeetingKey(meeting.meeting),
    date,
    venue,
    club: textOf(meeting.jetbet_club_name, 120),
    tabMeetingId: meeting.meeting.toLowerCase(),
    status: meetingStatus(races),
    trackCondition: textOf(meeting.track_condition, 60),
    weather: races.find((race) => race.weather !== undefined)?.weather,
    races: races.sort((a, b) => a.number - b.number),
    more: labelled({
      track: meeting.jetbet_track_name,
      toteStatus: meeting.tote_status,
      toteNumber: countOf(meeting.tote_meeting_number, 1000),
    }),
  })
}

/**
 * `date` is the NZ racing day dressed up as midnight UTC; where it is missing the first start on the
 * New Zealand clock decides (`tote_raceday_date` was seen a day off).
 */
function meetingDate(
  meeting: ListedTabMeeting,
  races: readonly RaceObservation[],
): string | undefined {
  const starts = races.flatMap((race) => (race.startTime === undefined ? [] : [race.startTime]))
  const first = starts.sort()[0]
  return (
    dateOf(meeting.date) ??
    dateOf(meeting.meeting_date) ??
    (first === undefined ? undefined : racingDate(Date.parse(first))) ??
    dateOf(meeting.tote_raceday_date)
  )
}

function raceOf(listed: ListedRace, issues: ParseIssue[]): RaceObservation {
  const name = textOf(listed.name, 200)
  const status = raceStatus(listed.status)
  if (status === null) issues.push(unknownStatus(listed.race_number, listed.status))
  const protestText = textOf(listed.protest_reason, 1000)
  if (protestText !== undefined) noteUnreadVerdict(listed.race_number, protestText, issues)
  return present({
    key: tabEventKey(listed.id),
    number: listed.race_number,
    name,
    distanceM: countOf(listed.distance, 10_000),
    gait: gaitOf(undefined, name),
    startType: startTypeOf(undefined, name),
    isHandicap: handicapOf(name),
    startTime: instantOf(listed.start_time),
    status: status ?? undefined,
    trackCondition: textOf(listed.track_condition, 60),
    weather: textOf(listed.weather, 60),
    protestText,
    starters: [],
    more: labelled({ status: status === null ? listed.status : undefined }),
  })
}

function unreadable(index: number, why: string): ParseIssue {
  return {
    code: 'meeting-unreadable',
    subject: 'meeting',
    message: `meeting ${index + 1} of the list was not taken: ${why}`.slice(0, 400),
  }
}
