import type {
  DataSource,
  MeetingFields,
  PooledStarter,
  RaceFields,
  StarterFields,
  StartPhase,
} from '../masters.ts'
import { countryMark, isNoName, nameKey } from '../names.ts'
import {
  type IdentifierScheme,
  type RaceObservation,
  type RaceStatus,
  sourceOrder,
  type StarterObservation,
} from '../observation.ts'
import type { CardRuling } from '../rulings/rulings-of-card.ts'
import { type CorrectedValue, type Corrections, noCorrections, setByHand } from './corrections.ts'
import {
  finishPolicy,
  meetingPolicies,
  racePolicies,
  resolveValue,
  starterPolicies,
} from './field-policy.ts'
import type { BySource, MatchedCard, MatchedRace, MatchedStarter } from './matched-card.ts'

/** The evidence of a starter before it has ids. */
export type StarterEvidence = Omit<PooledStarter, 'starterId' | 'raceId'>

export interface ResolvedStarter {
  readonly fields: StarterFields
  readonly evidence: StarterEvidence
  readonly rulings: readonly CardRuling[]
}
export interface ResolvedRace {
  readonly fields: RaceFields
  readonly starters: readonly ResolvedStarter[]
}
export interface ResolvedCard {
  readonly fields: Omit<MeetingFields, 'matchRule' | 'matchEvidence'>
  readonly races: readonly ResolvedRace[]
}

/**
 * The values that the tables hold, chosen from what the sources say by the policy table.
 * `amendedResult`: HRNZ's page has been confirmed late enough to have the say over results.
 * What was set by hand outranks every source.
 */
export function resolveCard(
  card: MatchedCard,
  amendedResult: boolean,
  corrections: Corrections = noCorrections,
): ResolvedCard {
  const observations = sourceOrder.flatMap((source) => card.by[source] ?? [])
  const date = observations[0]!.date
  const races = card.races.map((race) => resolveRace(race, date, amendedResult, corrections))
  races.sort((a, b) => a.fields.raceNumber - b.fields.raceNumber)
  return {
    fields: {
      meetingDate: date,
      venue: resolveValue(meetingPolicies.venue, card.by, amendedResult) ?? 'unknown',
      club: resolveValue(meetingPolicies.club, card.by, amendedResult),
      dataSource: dataSourceOf(card),
      tabMeetingId:
        observations.find((said) => said.tabMeetingId !== undefined)?.tabMeetingId ?? null,
      hrnzUrl: observations.find((said) => said.hrnzUrl !== undefined)?.hrnzUrl ?? null,
      status: meetingStatus(
        races.map((race) => race.fields.status),
        observations.flatMap((said) => said.status ?? []),
      ),
      trackCondition: resolveValue(meetingPolicies.trackCondition, card.by, amendedResult),
      weather: resolveValue(meetingPolicies.weather, card.by, amendedResult),
      ...setByHand(card.by, corrections),
    },
    races,
  }
}

/** Only a results page makes a meeting HRNZ's: a fields page is not history yet. */
function dataSourceOf(card: MatchedCard): DataSource {
  const sources = sourceOrder.filter((source) => {
    const said = card.by[source]
    return said !== undefined && (source !== 'hrnz_scraper' || said.kind === 'results')
  })
  return sources.length > 1 ? 'merged' : (sources[0] ?? 'hrnz_scraper')
}

function resolveRace(
  race: MatchedRace,
  date: string,
  amendedResult: boolean,
  corrections: Corrections,
): ResolvedRace {
  const value = <Key extends keyof typeof racePolicies>(field: Key) =>
    resolveValue<RaceObservation, NonNullable<RaceFields[Key]>>(
      racePolicies[field] as never,
      race.by,
      amendedResult,
    )
  const status = furthest(
    sourceOrder.flatMap((source) =>
      race.by[source] === undefined ? [] : statusOf(race.by[source]),
    ),
  )
  const fields: RaceFields = {
    raceNumber: value('raceNumber') ?? 0,
    name: value('name'),
    classText: value('classText'),
    distanceM: value('distanceM'),
    gait: value('gait'),
    startType: value('startType'),
    isHandicap: value('isHandicap'),
    startTime: value('startTime'),
    status,
    stakeCents: value('stakeCents'),
    winningTimeMs: value('winningTimeMs'),
    mileRateMs: value('mileRateMs'),
    tabEventId: race.by.tab_api?.key.replace('tab:event:', '') ?? null,
    hrnzKey: race.by.hrnz_scraper?.key ?? null,
    manualKey: race.by.manual?.key ?? null,
    ...setByHand(race.by, corrections),
  }
  return {
    fields,
    starters: race.starters.map((starter) =>
      resolveStarter(starter, fields, date, amendedResult, setByHand(starter.by, corrections)),
    ),
  }
}

function resolveStarter(
  { by, rulings = [] }: MatchedStarter,
  race: RaceFields,
  date: string,
  amendedResult: boolean,
  hand: Readonly<Record<string, CorrectedValue>>,
): ResolvedStarter {
  const value = <Key extends keyof typeof starterPolicies>(field: Key) =>
    resolveValue<StarterObservation, NonNullable<StarterFields[Key]>>(
      starterPolicies[field] as never,
      by,
      amendedResult,
    )
  const finish = resolveValue(finishPolicy, by, amendedResult)
  const scratched = hand['scratched'] === undefined ? value('scratched') : hand['scratched']
  const resolved: StarterFields = {
    number: value('number'),
    horseName: value('horseName') ?? '',
    barrier: value('barrier'),
    handicapM: value('handicapM'),
    driver: value('driver'),
    trainer: value('trainer'),
    scratched: scratched === true,
    finishPosition: scratched === true ? null : (finish?.position ?? null),
    finishRaw: finish?.raw ?? null,
    timeMs: value('timeMs'),
    marginRaw: value('marginRaw'),
    stakeCents: value('stakeCents'),
    favouriteRanks: value('favouriteRanks'),
    tabEntrantId: by.tab_api?.tabEntrantId ?? by.manual?.tabEntrantId ?? null,
    hrnzKey: by.hrnz_scraper?.key ?? null,
    manualKey: by.manual?.key ?? null,
  }
  const fields = overlaid(resolved, hand)
  return { fields, evidence: overlaid(poolEvidence(by, fields, race, date), hand), rulings }
}

/** A starter's corrections are of its row or of the evidence for its horse: each takes its own. */
function overlaid<Row extends object>(
  row: Row,
  hand: Readonly<Record<string, CorrectedValue>>,
): Row {
  const own = Object.entries(hand).filter(([field]) => Object.hasOwn(row, field))
  return own.length === 0 ? row : { ...row, ...Object.fromEntries(own) }
}

/** Everything that all sources say of the horse behind a starter: the strongest evidence there is. */
function poolEvidence(
  by: BySource<StarterObservation>,
  fields: StarterFields,
  race: RaceFields,
  date: string,
): StarterEvidence {
  const said = sourceOrder.flatMap((source) => by[source] ?? [])
  const first = <Value>(read: (starter: StarterObservation) => Value | undefined): Value | null => {
    for (const starter of said) {
      const value = read(starter)
      if (value !== undefined) return value
    }
    return null
  }
  const parent = (read: (starter: StarterObservation) => string | undefined): string | null =>
    first((starter) => {
      const name = read(starter)
      return name === undefined || isNoName(name) ? undefined : name
    })
  const ids: Partial<Record<IdentifierScheme, string>> = {}
  for (const starter of said) {
    for (const { scheme, value } of starter.identifiers ?? []) ids[scheme] ??= value
  }
  return {
    date,
    startTime: race.startTime,
    phase: phaseOf(fields, race.status),
    sourceKey: said.map((starter) => starter.key).sort()[0]!,
    tabEntrantId: fields.tabEntrantId,
    manualKey: fields.manualKey,
    name: fields.horseName,
    nameKey: isNoName(fields.horseName) ? '' : nameKey(fields.horseName),
    sire: parent((starter) => starter.sire),
    dam: parent((starter) => starter.dam),
    damSire: parent((starter) => starter.damSire),
    sex: first((starter) => starter.sex),
    colour: first((starter) => starter.colour),
    country: first((starter) => starter.country ?? countryMark(starter.horseName)),
    foaledOn: first((starter) => starter.foaledOn),
    gait: race.gait,
    ids,
  }
}

function phaseOf(fields: StarterFields, status: RaceStatus): StartPhase {
  if (fields.scratched) return 'scratched'
  if (status === 'abandoned') return 'abandoned'
  return status === 'final' || status === 'interim' || fields.finishPosition !== null
    ? 'ran'
    : 'entered'
}

/** A source that shows placings has seen the result, whatever word it uses or leaves out. */
function statusOf(race: RaceObservation): RaceStatus[] {
  if (race.status !== undefined) return [race.status]
  return race.starters.some((starter) => starter.finishPosition !== undefined) ? ['final'] : []
}

const progress: readonly RaceStatus[] = [
  'scheduled',
  'open',
  'closed',
  'interim',
  'postponed',
  'abandoned',
  'final',
]

/** The sources' statuses are steps of one race: the furthest is where it stands. */
function furthest(statuses: readonly RaceStatus[]): RaceStatus {
  return statuses.reduce<RaceStatus>(
    (a, b) => (progress.indexOf(b) > progress.indexOf(a) ? b : a),
    'scheduled',
  )
}

function meetingStatus(races: readonly RaceStatus[], said: readonly RaceStatus[]): RaceStatus {
  const any = (...statuses: RaceStatus[]): boolean => races.some((race) => statuses.includes(race))
  const all = (...statuses: RaceStatus[]): boolean =>
    races.length > 0 && races.every((race) => statuses.includes(race))
  if (!any('final', 'interim')) {
    if (all('abandoned') || said.includes('abandoned')) return 'abandoned'
    if (all('postponed') || said.includes('postponed')) return 'postponed'
  }
  if (all('final', 'abandoned')) return 'final'
  if (any('final', 'interim')) return 'interim'
  if (any('closed')) return 'closed'
  return any('open') ? 'open' : furthest(said)
}
