import { addDays, nzInstant } from '../dates.ts'
import type { RaceObservation, RaceStatus } from '../observation.ts'

/** What is known of a race when the next look at its event is decided. Instants in epoch ms. */
export interface PollState {
  /** NZ racing date of its meeting. */
  readonly date: string
  /** As the event last said it; undefined before the first look, or without a word we know. */
  readonly status: RaceStatus | undefined
  /** As the meeting list says it, which is read more often. */
  readonly listStatus: RaceStatus | undefined
  /** Advertised start, re-read each time: starts move. */
  readonly startAt: number | undefined
  /** Last look at the event, whether it went well or not. */
  readonly lastPolledAt: number | undefined
  /** First look that said Final. */
  readonly finalSeenAt: number | undefined
  /** Whether the result goes beyond the four placings without margins that come first. */
  readonly complete: boolean
  /** Looks in a row that failed. */
  readonly failures: number
}

/** Distances between looks, in ms, and the hours of the New Zealand clock that settle a result. */
export interface PollPolicy {
  readonly farMs: number
  readonly withinHourMs: number
  readonly nearMs: number
  /** A race that should long have been run and is not Final. */
  readonly overdueMs: number
  readonly afterFinalMs: readonly number[]
  readonly endOfDay: string
  readonly nextMorning: string
  readonly failureBaseMs: number
  readonly failureCapMs: number
  /** The lists reach this far back. */
  readonly giveUpDays: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const clockSlackMs = 5 * minute

export const defaultPollPolicy: PollPolicy = {
  farMs: 30 * minute,
  withinHourMs: 150 * second,
  nearMs: 30 * second,
  overdueMs: 10 * minute,
  afterFinalMs: [30 * minute, 60 * minute],
  endOfDay: '23:45:00',
  nextMorning: '09:00:00',
  failureBaseMs: 30 * second,
  failureCapMs: 15 * minute,
  giveUpDays: 13,
}

export interface NextPoll {
  /** Epoch ms; may lie in the past, which means now. */
  readonly at: number
  readonly reason: string
}

/**
 * When the event of a race is to be read next, and why; null when it is to be left alone.
 * Status first, clock second: a race that is Interim at noon is not an evening's race, whatever its
 * advertised start says.
 */
export function nextPollAt(race: PollState, now: number, policy: PollPolicy): NextPoll | null {
  const givenUpAt = nzInstant(addDays(race.date, policy.giveUpDays + 1), '00:00:00')
  if (now >= givenUpAt) return null
  const last = race.lastPolledAt
  if (last === undefined) return { at: now, reason: 'never read' }
  if (isAbandoned(race)) return null
  // Nobody can have looked in the future: what is on record of the race is not to be relied on.
  if (last > now + clockSlackMs) return { at: now, reason: 'the clock was set back' }
  if (race.failures > 0) {
    const wait = policy.failureBaseMs * 2 ** Math.min(race.failures - 1, 20)
    return {
      at: last + Math.min(wait, policy.failureCapMs),
      reason: `failed ${race.failures} times in a row`,
    }
  }
  if (isAhead(race.listStatus, race.status)) {
    return { at: last + policy.nearMs, reason: `the list says ${String(race.listStatus)}` }
  }
  if (race.status === 'final') return afterFinal(race, last, givenUpAt, policy)
  const overdue = race.startAt !== undefined && last - race.startAt > 2 * hour
  if (race.status === 'closed' || race.status === 'interim') {
    return {
      at: last + (overdue ? policy.overdueMs : policy.nearMs),
      reason: race.status === 'closed' ? 'the race is being run' : 'the result is not final',
    }
  }
  if (race.startAt === undefined || race.status === 'postponed') {
    return { at: last + policy.farMs, reason: 'no start is known' }
  }
  return beforeStart(race.startAt, last, overdue, policy)
}

/** Why a race is left alone: what the caller puts on record when there is no next look. */
export function whyLeftAlone(race: PollState): string {
  if (isAbandoned(race)) return 'abandoned'
  if (race.status === 'final' && race.complete) return 'final and settled'
  if (race.status === 'final') return 'final, still without margins after the last day for asking'
  return `not final after the last day for asking, last seen ${race.status ?? 'never'}`
}

/** More than the first four placings, or margins: the judge has been heard. */
export function isComplete(race: RaceObservation): boolean {
  const ran = race.starters.filter(
    (starter) => starter.scratched !== true && starter.finishRaw !== 'DSQ',
  )
  const placed = ran.filter((starter) => starter.finishPosition !== undefined)
  if (placed.length === 0) return false
  return (
    placed.length > 4 ||
    placed.length === ran.length ||
    placed.some((starter) => starter.marginRaw !== undefined)
  )
}

/** Each look is brought forward to the moment at which the next, denser stretch begins. */
function beforeStart(
  startAt: number,
  last: number,
  overdue: boolean,
  policy: PollPolicy,
): NextPoll {
  if (overdue) return { at: last + policy.overdueMs, reason: 'the start is long past' }
  const left = startAt - last
  if (left <= 5 * minute) return { at: last + policy.nearMs, reason: 'about to start' }
  if (left <= hour) {
    return {
      at: Math.min(last + policy.withinHourMs, startAt - 5 * minute),
      reason: 'starts within the hour',
    }
  }
  return { at: Math.min(last + policy.farMs, startAt - hour), reason: 'open' }
}

/**
 * The first Final often holds four placings and no margins, and corrections follow: it is read
 * again after half an hour, an hour, at the end of the day and next morning. A result without
 * margins is asked for every further morning.
 */
function afterFinal(
  race: PollState,
  last: number,
  givenUpAt: number,
  policy: PollPolicy,
): NextPoll | null {
  const morning = nzInstant(addDays(race.date, 1), policy.nextMorning)
  const finalAt = race.finalSeenAt ?? last
  const windows = [
    ...policy.afterFinalMs.map((ms) => ({ at: finalAt + ms, reason: 'after the result' })),
    { at: nzInstant(race.date, policy.endOfDay), reason: 'end of the day' },
  ].filter((window) => window.at < morning)
  windows.push({ at: morning, reason: 'next morning' })
  const next = windows.filter((window) => window.at > last).sort((a, b) => a.at - b.at)[0]
  if (next !== undefined) return next
  if (race.complete) return null
  for (let day = 2; day <= policy.giveUpDays; day += 1) {
    const at = nzInstant(addDays(race.date, day), policy.nextMorning)
    if (at > last && at < givenUpAt) return { at, reason: 'the result has no margins yet' }
  }
  return null
}

/** The list decides as long as it says anything: it may take an abandonment back. */
const isAbandoned = (race: PollState): boolean => (race.listStatus ?? race.status) === 'abandoned'

const order: readonly (RaceStatus | undefined)[] = ['open', 'closed', 'interim', 'final']

/** The list knows of a further step than the event did when it was read. */
function isAhead(listed: RaceStatus | undefined, event: RaceStatus | undefined): boolean {
  return order.indexOf(listed) > Math.max(order.indexOf(event), 0)
}
