import type { DateRange } from '../../domain/dates.ts'
import type { MasterCard, MeetingRow, RaceRow, Redirect, StarterRow } from '../../domain/masters.ts'
import { groupBy } from '../../domain/group-by.ts'
import { byStarterAndKind } from '../../domain/reconcile/plan-card.ts'
import type { CardChanges, CardRepository } from '../../repositories/cards.ts'
import { instant, instantOrNull } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'
import type { MeetingsTable, RacesTable, StartersTable } from '../schema/masters.ts'
import { replaceRulings, rulingsOfMeetings } from './ruling-rows.ts'
import { RedirectTable } from './redirect-table.ts'

export class KyselyCardRepository implements CardRepository {
  readonly #db: Executor
  readonly #redirects: RedirectTable

  constructor(db: Executor) {
    this.#db = db
    this.#redirects = new RedirectTable(db, 'meeting')
  }

  async load(meetingIds: readonly number[]): Promise<MasterCard[]> {
    const meetings = await inChunks(meetingIds, (ids) =>
      this.#db.selectFrom('meetings').selectAll().where('id', 'in', ids).execute(),
    )
    if (meetings.length === 0) return []
    const ids = meetings.map(({ id }) => id)
    const races = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('races').selectAll().where('meeting_id', 'in', chunk).execute(),
    )
    const starters = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('starters')
        .innerJoin('races', 'races.id', 'starters.race_id')
        .selectAll('starters')
        .where('races.meeting_id', 'in', chunk)
        .execute(),
    )
    const rulings = groupBy(await rulingsOfMeetings(this.#db, ids), ({ raceId }) => raceId)
    return assemble(meetings, races, starters).map((card) => ({
      ...card,
      rulings: card.races.flatMap(({ race }) => rulings.get(race.id) ?? []).sort(byStarterAndKind),
    }))
  }

  async apply(changes: CardChanges): Promise<void> {
    await writeMeetings(this.#db, changes.meetings)
    await writeRaces(this.#db, changes.races)
    await writeStarters(this.#db, changes.starters)
    await replaceRulings(this.#db, changes.rulingsOf, changes.rulings)
    await forChunks(changes.deleteStarters, (ids) =>
      this.#db.deleteFrom('starters').where('id', 'in', ids).execute(),
    )
    await forChunks(changes.deleteRaces, (ids) =>
      this.#db.deleteFrom('races').where('id', 'in', ids).execute(),
    )
    await forChunks(changes.deleteMeetings, (ids) =>
      this.#db.deleteFrom('meetings').where('id', 'in', ids).execute(),
    )
  }

  resolve(ids: readonly number[]): Promise<Map<number, number>> {
    return this.#redirects.resolve(ids)
  }

  redirect(redirects: readonly Redirect[]): Promise<void> {
    return this.#redirects.redirect(redirects)
  }

  revive(ids: readonly number[]): Promise<void> {
    return this.#redirects.revive(ids)
  }

  redirectsTo(ids: readonly number[]): Promise<Redirect[]> {
    return this.#redirects.redirectsTo(ids)
  }

  async datesWithUnlinkedStarters(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('starters')
      .innerJoin('races', 'races.id', 'starters.race_id')
      .innerJoin('meetings', 'meetings.id', 'races.meeting_id')
      .select('meetings.meeting_date')
      .distinct()
      .where('starters.horse_id', 'is', null)
      .execute()
    return rows.map((row) => row.meeting_date).sort()
  }

  async list(range?: DateRange): Promise<MeetingRow[]> {
    let query = this.#db.selectFrom('meetings').selectAll()
    if (range !== undefined) {
      query = query.where('meeting_date', '>=', range.from).where('meeting_date', '<=', range.to)
    }
    const rows = await query.orderBy('meeting_date').orderBy('id').execute()
    return rows.map(toMeeting)
  }
}

function assemble(
  meetings: readonly MeetingsTable[],
  races: readonly RacesTable[],
  starters: readonly Omit<StartersTable, 'horse_id'>[],
): Omit<MasterCard, 'rulings'>[] {
  const startersOf = new Map<number, StarterRow[]>()
  for (const row of starters) {
    const list = startersOf.get(row.race_id)
    if (list === undefined) startersOf.set(row.race_id, [toStarter(row)])
    else list.push(toStarter(row))
  }
  for (const list of startersOf.values()) list.sort(byNumber)
  const racesOf = new Map<number, { race: RaceRow; starters: StarterRow[] }[]>()
  for (const row of races) {
    const entry = { race: toRace(row), starters: startersOf.get(row.id) ?? [] }
    const list = racesOf.get(row.meeting_id)
    if (list === undefined) racesOf.set(row.meeting_id, [entry])
    else list.push(entry)
  }
  for (const list of racesOf.values()) {
    list.sort((a, b) => a.race.raceNumber - b.race.raceNumber || a.race.id - b.race.id)
  }
  return meetings
    .map((row) => ({ meeting: toMeeting(row), races: racesOf.get(row.id) ?? [] }))
    .sort((a, b) => a.meeting.id - b.meeting.id)
}

/** By book number, those without one last. */
const byNumber = (a: StarterRow, b: StarterRow): number =>
  (a.number ?? Number.MAX_SAFE_INTEGER) - (b.number ?? Number.MAX_SAFE_INTEGER) || a.id - b.id

const toMeeting = (row: MeetingsTable): MeetingRow => ({
  id: row.id,
  meetingDate: row.meeting_date,
  venue: row.venue,
  club: row.club,
  dataSource: row.data_source,
  tabMeetingId: row.tab_meeting_id,
  hrnzUrl: row.hrnz_url,
  status: row.status,
  trackCondition: row.track_condition,
  weather: row.weather,
  matchRule: row.match_rule,
  matchEvidence: row.match_evidence,
  matchedAt: row.matched_at,
  lastUpdated: row.last_updated,
})

const toRace = (row: RacesTable): RaceRow => ({
  id: row.id,
  meetingId: row.meeting_id,
  raceNumber: row.race_number,
  name: row.name,
  classText: row.class_text,
  distanceM: row.distance_m,
  gait: row.gait,
  startType: row.start_type,
  isHandicap: row.is_handicap === null ? null : row.is_handicap === 1,
  startTime: row.start_time,
  status: row.status,
  stakeCents: row.stake_cents,
  winningTimeMs: row.winning_time_ms,
  mileRateMs: row.mile_rate_ms,
  tabEventId: row.tab_event_id,
  hrnzKey: row.hrnz_key,
  manualKey: row.manual_key,
})

const toStarter = (row: Omit<StartersTable, 'horse_id'>): StarterRow => ({
  id: row.id,
  raceId: row.race_id,
  number: row.number,
  horseName: row.horse_name,
  barrier: row.barrier,
  handicapM: row.handicap_m,
  driver: row.driver,
  trainer: row.trainer,
  scratched: row.scratched === 1,
  finishPosition: row.finish_position,
  finishRaw: row.finish_raw,
  timeMs: row.time_ms,
  marginRaw: row.margin_raw,
  stakeCents: row.stake_cents,
  favouriteRanks: row.favourite_ranks,
  tabEntrantId: row.tab_entrant_id,
  hrnzKey: row.hrnz_key,
  manualKey: row.manual_key,
})

const writeMeetings = rowWriter<'meetings', MeetingRow>({
  table: 'meetings',
  key: ['id'],
  values: {
    id: (row) => row.id,
    meeting_date: (row) => row.meetingDate,
    venue: (row) => row.venue,
    club: (row) => row.club,
    data_source: (row) => row.dataSource,
    tab_meeting_id: (row) => row.tabMeetingId,
    hrnz_url: (row) => row.hrnzUrl,
    status: (row) => row.status,
    track_condition: (row) => row.trackCondition,
    weather: (row) => row.weather,
    match_rule: (row) => row.matchRule,
    match_evidence: (row) => row.matchEvidence,
    matched_at: (row) => instant(row.matchedAt),
    last_updated: (row) => instant(row.lastUpdated),
  },
})

const writeRaces = rowWriter<'races', RaceRow>({
  table: 'races',
  key: ['id'],
  values: {
    id: (row) => row.id,
    meeting_id: (row) => row.meetingId,
    race_number: (row) => row.raceNumber,
    name: (row) => row.name,
    class_text: (row) => row.classText,
    distance_m: (row) => row.distanceM,
    gait: (row) => row.gait,
    start_type: (row) => row.startType,
    is_handicap: (row) => (row.isHandicap === null ? null : Number(row.isHandicap)),
    start_time: (row) => instantOrNull(row.startTime),
    status: (row) => row.status,
    stake_cents: (row) => row.stakeCents,
    winning_time_ms: (row) => row.winningTimeMs,
    mile_rate_ms: (row) => row.mileRateMs,
    tab_event_id: (row) => row.tabEventId,
    hrnz_key: (row) => row.hrnzKey,
    manual_key: (row) => row.manualKey,
  },
})

const writeStarters = rowWriter<'starters', StarterRow>({
  table: 'starters',
  key: ['id'],
  values: {
    id: (row) => row.id,
    race_id: (row) => row.raceId,
    number: (row) => row.number,
    horse_name: (row) => row.horseName,
    barrier: (row) => row.barrier,
    handicap_m: (row) => row.handicapM,
    driver: (row) => row.driver,
    trainer: (row) => row.trainer,
    scratched: (row) => Number(row.scratched),
    finish_position: (row) => row.finishPosition,
    finish_raw: (row) => row.finishRaw,
    time_ms: (row) => row.timeMs,
    margin_raw: (row) => row.marginRaw,
    stake_cents: (row) => row.stakeCents,
    favourite_ranks: (row) => row.favouriteRanks,
    tab_entrant_id: (row) => row.tabEntrantId,
    hrnz_key: (row) => row.hrnzKey,
    manual_key: (row) => row.manualKey,
  },
})
