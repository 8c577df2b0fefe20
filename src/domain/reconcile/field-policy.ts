import type { MeetingFields, RaceFields, StarterFields } from '../masters.ts'
import {
  type MeetingObservation,
  type RaceObservation,
  type Source,
  sourceOrder,
  type StarterObservation,
} from '../observation.ts'
import type { BySource } from './matched-card.ts'
import { daysBetween } from '../dates.ts'

/**
 * Which source's value a field takes.
 * `tab-first`: TAB's value, else HRNZ's, else the imported one.
 * `amended-result`: the same, until HRNZ's page was confirmed on or after the second day after the
 * meeting; from then on HRNZ's, the body of record: disqualifications come weeks later and TAB never
 * hears of them.
 */
export type FieldRule = 'tab-first' | 'amended-result'

/** What a field reads from an observation; `undefined` is "does not say". */
export interface FieldPolicy<Observation, Value> {
  readonly read: (observation: Observation) => Value | undefined
  readonly rule: FieldRule
}

type Policies<Fields, Observation, Key extends keyof Fields> = {
  readonly [field in Key]: FieldPolicy<Observation, NonNullable<Fields[field]>>
}

const tabFirst = <Observation, Value>(
  read: (observation: Observation) => Value | undefined,
): FieldPolicy<Observation, Value> => ({ read, rule: 'tab-first' })
const amended = <Observation, Value>(
  read: (observation: Observation) => Value | undefined,
): FieldPolicy<Observation, Value> => ({ read, rule: 'amended-result' })

/** Placing and its text are one value: a token such as a disqualification is a result too. */
export interface Finish {
  readonly position: number | null
  readonly raw: string | null
}
export const finishPolicy: FieldPolicy<StarterObservation, Finish> = amended((starter) =>
  starter.finishPosition === undefined && starter.finishRaw === undefined
    ? undefined
    : { position: starter.finishPosition ?? null, raw: starter.finishRaw ?? null },
)

export const starterPolicies: Policies<
  StarterFields,
  StarterObservation,
  | 'number'
  | 'horseName'
  | 'barrier'
  | 'handicapM'
  | 'driver'
  | 'trainer'
  | 'scratched'
  | 'timeMs'
  | 'marginRaw'
  | 'stakeCents'
  | 'favouriteRanks'
> = {
  number: tabFirst((starter) => starter.number),
  horseName: tabFirst((starter) => starter.horseName),
  barrier: tabFirst((starter) => starter.barrier),
  handicapM: tabFirst((starter) => starter.handicapM),
  driver: tabFirst((starter) => starter.driver),
  trainer: tabFirst((starter) => starter.trainer),
  // With the result: a scratching at the gate may come after TAB was last read.
  scratched: amended((starter) => starter.scratched),
  timeMs: tabFirst((starter) => starter.timeMs),
  marginRaw: amended((starter) => starter.marginRaw),
  stakeCents: amended((starter) => starter.stakeCents),
  favouriteRanks: tabFirst((starter) => starter.favouriteRanks),
}

export const racePolicies: Policies<
  RaceFields,
  RaceObservation,
  | 'raceNumber'
  | 'name'
  | 'classText'
  | 'distanceM'
  | 'gait'
  | 'startType'
  | 'isHandicap'
  | 'startTime'
  | 'stakeCents'
  | 'winningTimeMs'
  | 'mileRateMs'
> = {
  raceNumber: tabFirst((race) => race.number),
  name: tabFirst((race) => race.name),
  classText: tabFirst((race) => race.classText),
  distanceM: tabFirst((race) => race.distanceM),
  gait: tabFirst((race) => race.gait),
  startType: tabFirst((race) => race.startType),
  isHandicap: tabFirst((race) => race.isHandicap),
  startTime: tabFirst((race) => race.startTime),
  stakeCents: tabFirst((race) => race.stakeCents),
  // The winner's: when the first is disqualified the time goes with it, and TAB keeps the old one.
  winningTimeMs: amended((race) => race.winningTimeMs),
  mileRateMs: amended((race) => race.mileRateMs),
}

export const meetingPolicies: Policies<
  MeetingFields,
  MeetingObservation,
  'venue' | 'club' | 'trackCondition' | 'weather'
> = {
  venue: tabFirst((meeting) => meeting.venue ?? meeting.club),
  club: tabFirst((meeting) => meeting.club),
  trackCondition: tabFirst((meeting) => meeting.trackCondition),
  weather: tabFirst((meeting) => meeting.weather),
}

/** HRNZ's page counts as amended from the second day after the meeting on. */
export const amendedAfterDays = 2

/** True when a page confirmed on `confirmedOn` (NZ date) has the say over results. */
export function isAmended(meetingDate: string, confirmedOn: string | null): boolean {
  return confirmedOn !== null && daysBetween(meetingDate, confirmedOn) >= amendedAfterDays
}

/** What every source claims of a field, and whose claim was taken by which rule. */
export interface Resolution<Value> {
  readonly value: Value | null
  readonly source: Source | null
  readonly rule: FieldRule | 'only' | 'none'
  readonly claims: readonly { readonly source: Source; readonly value: Value }[]
}

export function resolveField<Observation, Value>(
  policy: FieldPolicy<Observation, Value>,
  by: BySource<Observation>,
  amendedResult: boolean,
): Resolution<Value> {
  const claims: { source: Source; value: Value }[] = []
  for (const source of sourceOrder) {
    const observation = by[source]
    const value = observation === undefined ? undefined : policy.read(observation)
    if (value !== undefined) claims.push({ source, value })
  }
  const first = claims[0]
  if (first === undefined) return { value: null, source: null, rule: 'none', claims }
  if (claims.length === 1) return { value: first.value, source: first.source, rule: 'only', claims }
  const official =
    policy.rule === 'amended-result' && amendedResult
      ? claims.find((claim) => claim.source === 'hrnz_scraper')
      : undefined
  return official === undefined
    ? { value: first.value, source: first.source, rule: 'tab-first', claims }
    : { value: official.value, source: official.source, rule: 'amended-result', claims }
}

/** The value alone: resolving a card asks for tens of fields a starter and needs no claims. */
export function resolveValue<Observation, Value>(
  policy: FieldPolicy<Observation, Value>,
  by: BySource<Observation>,
  amendedResult: boolean,
): Value | null {
  if (amendedResult && policy.rule === 'amended-result' && by.hrnz_scraper !== undefined) {
    const official = policy.read(by.hrnz_scraper)
    if (official !== undefined) return official
  }
  for (const source of sourceOrder) {
    const observation = by[source]
    if (observation === undefined) continue
    const value = policy.read(observation)
    if (value !== undefined) return value
  }
  return null
}
