import { groupBy } from '../group-by.ts'
import { nameKey } from '../names.ts'
import type {
  HorseIdentifier,
  MeetingObservation,
  RaceObservation,
  StarterObservation,
} from '../observation.ts'
import { venueWords } from '../reconcile/venues.ts'
import type { StartRow } from './start-fields.ts'

export interface LinedStart {
  readonly line: number
  readonly start: StartRow
}

/** The key of the meeting that a start belongs to. */
export function importedMeetingKey(start: StartRow): string {
  const slug = (text: unknown): string => venueWords(String(text)).replaceAll(' ', '-')
  const place = [start['venue'], start['club']].filter((one) => one !== undefined).map(slug)
  return `manual:meeting:${String(start['meeting_date'])}/${place.join('_')}`
}

/** What the rows of one meeting say, as the observation of a source of its own. */
export function importedMeeting(rows: readonly LinedStart[]): {
  readonly observation: MeetingObservation
  readonly repeated: readonly { readonly line: number; readonly first: number }[]
} {
  const sorted = [...rows].sort((a, b) => a.line - b.line)
  const first = sorted[0]!.start
  const key = importedMeetingKey(first)
  const repeated: { line: number; first: number }[] = []
  const races = [...groupBy(sorted, ({ start }) => start['race_number'] as number)]
    .sort(([a], [b]) => a - b)
    .map(([number, own]) => raceOf(key, number, own, repeated))
  const said = firstOf(sorted)
  return {
    observation: {
      source: 'manual',
      kind: 'import',
      key,
      date: first['meeting_date'] as string,
      ...said({
        venue: 'venue',
        club: 'club',
        clubNumber: 'club_number',
        tabMeetingId: 'tab_meeting_id',
        trackCondition: 'track_condition',
        weather: 'weather',
      }),
      races,
    },
    repeated,
  }
}

/**
 * A meeting of which one file holds some races and another file the rest: the later file's races
 * replace those of the same number.
 */
export function withEarlierRaces(
  observation: MeetingObservation,
  before: MeetingObservation | undefined,
): MeetingObservation {
  if (before === undefined) return observation
  const numbers = new Set(observation.races.map(({ number }) => number))
  const kept = before.races.filter(({ number }) => !numbers.has(number))
  if (kept.length === 0) return observation
  const races = [...observation.races, ...kept].sort((a, b) => a.number - b.number)
  return { ...before, ...observation, races }
}

function raceOf(
  meetingKey: string,
  number: number,
  rows: readonly LinedStart[],
  repeated: { line: number; first: number }[],
): RaceObservation {
  const key = `${meetingKey.replace('manual:meeting:', 'manual:race:')}/R${number}`
  const known = new Map<string, number>()
  const starters = rows.flatMap(({ line, start }): StarterObservation[] => {
    const name = nameKey(String(start['horse_name']))
    const plainKey = `${key.replace('manual:race:', 'manual:starter:')}/${name}`
    const entry = `${name}|${String(start['number'] ?? '')}`
    const earlier = known.get(entry)
    if (earlier !== undefined) {
      repeated.push({ line, first: earlier })
      return []
    }
    // Two horses of one name in a race are told apart by their numbers.
    const isSecond = [...known.keys()].some((one) => one.startsWith(`${name}|`))
    known.set(entry, line)
    return [starterOf(isSecond ? `${plainKey} ${String(start['number'] ?? '')}` : plainKey, start)]
  })
  return {
    key,
    number,
    ...firstOf(rows)({
      name: 'race_name',
      classText: 'class_text',
      distanceM: 'distance_m',
      gait: 'gait',
      startType: 'start_type',
      isHandicap: 'is_handicap',
      startTime: 'start_time',
      status: 'race_status',
      stakeCents: 'race_stake_cents',
      winningTimeMs: 'winning_time_ms',
      mileRateMs: 'mile_rate_ms',
    }),
    starters,
  }
}

function starterOf(key: string, start: StartRow): StarterObservation {
  const ids = identifiersOf(start)
  return {
    key,
    horseName: String(start['horse_name']),
    ...firstOf([{ line: 0, start }])({
      number: 'number',
      barrier: 'barrier',
      handicapM: 'handicap_m',
      driver: 'driver',
      trainer: 'trainer',
      scratched: 'scratched',
      finishPosition: 'finish_position',
      finishRaw: 'finish_raw',
      timeMs: 'time_ms',
      marginRaw: 'margin_raw',
      stakeCents: 'stake_cents',
      favouriteRanks: 'favourite_ranks',
      tabEntrantId: 'tab_entrant_id',
      sire: 'sire',
      dam: 'dam',
      damSire: 'dam_sire',
      sex: 'sex',
      colour: 'colour',
      country: 'country',
      foaledOn: 'foaled_on',
    }),
    ...(ids.length === 0 ? {} : { identifiers: ids }),
  }
}

/** TAB's numbers from a million on are those of its overseas feed. */
function identifiersOf(start: StartRow): HorseIdentifier[] {
  const id = (scheme: HorseIdentifier['scheme'], value: unknown): HorseIdentifier[] =>
    value === undefined || value === '0' ? [] : [{ scheme, value: String(value) }]
  const tab = start['tab_horse_id']
  const guid = start['hrnz_guid']
  return [
    ...id('tab_horse:nz', start['tab_horse_nz']),
    ...id('tab_horse:intl', start['tab_horse_intl']),
    ...id(Number(tab) < 1_000_000 ? 'tab_horse:nz' : 'tab_horse:intl', tab),
    ...id('hrnz_guid', guid === undefined ? undefined : String(guid).toUpperCase()),
    ...id('hrnz_number', start['hrnz_number']),
    ...id('harness_nz_horse_id', start['harness_nz_horse_id']),
  ]
}

/** Picks, for each property, the first row's value that there is. */
function firstOf(rows: readonly LinedStart[]) {
  return (fields: Readonly<Record<string, string>>): Record<string, never> => {
    const picked: Record<string, unknown> = {}
    for (const [property, field] of Object.entries(fields)) {
      const value = rows.find(({ start }) => start[field] !== undefined)?.start[field]
      if (value !== undefined) picked[property] = value
    }
    // Kinds were checked when the rows were read.
    return picked as Record<string, never>
  }
}
