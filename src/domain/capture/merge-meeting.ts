import { daysBetween } from '../dates.ts'
import type { MeetingObservation, RaceObservation } from '../observation.ts'
import { meetingStatus } from './meeting-status.ts'
import { withVerdicts } from './protest-verdicts.ts'

/**
 * What TAB says of a meeting, from its list and its events together.
 * The list alone has no runners, so it never takes away what an event gave; an event that lost its
 * runners does not either. Which of the two speaks for a field does not depend on when it was read:
 * otherwise `FINE` of the list and `Fine` of the event would change the row at every look.
 *
 * `stored`: the meeting as it was known before; `events`: races just read, by key.
 */
export function mergeMeeting(
  stored: MeetingObservation | undefined,
  listed: MeetingObservation,
  events: ReadonlyMap<string, RaceObservation>,
): MeetingObservation {
  const known = new Map((stored?.races ?? []).map((race) => [race.key, race]))
  const races = listed.races.map((race) =>
    mergeRace(race, known.get(race.key), events.get(race.key)),
  )
  // A race that left the list is still evidence, unless another one took its number.
  const keys = new Set(races.map((race) => race.key))
  const numbers = new Set(races.map((race) => race.number))
  for (const race of known.values()) {
    if (keys.has(race.key) || numbers.has(race.number)) continue
    const event = events.get(race.key)
    races.push(event === undefined ? race : mergeRace(race, race, event))
  }
  races.sort((a, b) => a.number - b.number)
  const status = meetingStatus(races)
  const date = meetingDate(races, listed.date)
  return { ...stored, ...listed, date, ...(status === undefined ? {} : { status }), races }
}

/**
 * `race_date_nz` of the first race is the meeting's date. Not that of any race, for a late one may
 * start after midnight; and not one that is further off than a mistake of zones can be.
 */
function meetingDate(races: readonly RaceObservation[], listed: string): string {
  const first = races[0]?.more?.['raceDateNz']
  return first !== undefined && isNearDate(first, listed) ? first : listed
}

/** The day itself, or the one before or after it. */
export function isNearDate(a: string, b: string): boolean {
  return Math.abs(daysBetween(a, b)) <= 1
}

function mergeRace(
  listed: RaceObservation,
  known: RaceObservation | undefined,
  event: RaceObservation | undefined,
): RaceObservation {
  // A race that only the list has spoken of is the list's: nothing of it needs to be kept.
  const hasCard = known !== undefined && known.starters.length > 0
  const card = event ?? (hasCard ? known : undefined)
  if (card === undefined) return withVerdicts(listed)
  const merged: RaceObservation = {
    ...listed,
    ...card,
    number: listed.number,
    ...(listed.startTime === undefined ? {} : { startTime: listed.startTime }),
    ...(listed.trackCondition === undefined ? {} : { trackCondition: listed.trackCondition }),
    ...(listed.weather === undefined ? {} : { weather: listed.weather }),
    ...(listed.protestText === undefined ? {} : { protestText: listed.protestText }),
    starters: card.starters.length === 0 && hasCard ? known.starters : card.starters,
  }
  const status = mergedStatus(listed, known, event)
  return withVerdicts(status === undefined ? merged : { ...merged, status })
}

/** An abandoned race's event may go on saying Open, so the list decides; else the event is nearer. */
function mergedStatus(
  listed: RaceObservation,
  known: RaceObservation | undefined,
  event: RaceObservation | undefined,
): RaceObservation['status'] {
  if (listed.status === 'abandoned') return 'abandoned'
  if (event?.status !== undefined) return event.status
  if (known?.status === undefined || known.status === 'abandoned') return listed.status
  return known.status
}
