import { type RawBuilder, sql } from 'kysely'
import {
  mileMetres,
  mileRateBoundsMs,
  mileRateToleranceMs,
  type QualityRuleId,
} from '../../domain/quality/quality-rules.ts'
import type { QualityCount, QualityTally } from '../../domain/quality/quality-metrics.ts'
import type { QualityCounts, QualityMoment } from '../../repositories/reports.ts'
import type { Executor } from '../row-writer.ts'

/**
 * Counts for the quality report: one pass over meetings, races and starters in the order of their
 * indexes, and small statements for what crosses meetings. Rules are the domain's; here stands what
 * each of them means in columns.
 */
export async function countQuality(db: Executor, moment: QualityMoment): Promise<QualityCounts> {
  const [meetings, races, nameOnly, twice, questions, horses] = [
    await readMeetings(db),
    await countRaces(db, moment),
    await countNameOnly(db),
    await countTwiceInADay(db),
    await countMeetingQuestions(db),
    await countHorses(db),
  ]
  const tallies = meetings.map((meeting): QualityTally => {
    const { meeting_date: date, venue, data_source: source } = meeting
    const counted = races.get(meeting.id)
    const live = isHeld(meeting.status)
    const past = date < moment.settledDate
    const bare = live && counted === undefined
    const single = live && source !== 'merged'
    return {
      date,
      venue,
      source,
      counts: {
        ...counted?.counts,
        'meetings-without-races': count(bare && past, live && past, bare && !past),
        'meetings-in-one-source': count(single && past, live && past, single && !past),
        'possible-same-meeting': { found: questions.get(meeting.id) ?? 0, among: 1, notYet: 0 },
        'name-only-links': {
          found: nameOnly.get(meeting.id) ?? 0,
          among: counted?.linked ?? 0,
          notYet: 0,
        },
        'horse-twice-in-a-day': {
          found: twice.get(date) ?? 0,
          among: counted?.linkedRunners ?? 0,
          notYet: 0,
        },
      },
    }
  })
  // A day's second starts are counted once, with the first of its meetings.
  const seen = new Set<string>()
  const once = tallies.map((tally): QualityTally => {
    const double = tally.counts['horse-twice-in-a-day']
    if (tally.date === null || double === undefined) return tally
    const first = !seen.has(tally.date)
    seen.add(tally.date)
    return first
      ? tally
      : { ...tally, counts: { ...tally.counts, 'horse-twice-in-a-day': { ...double, found: 0 } } }
  })
  const reasons = { unlinked: 0, 'no result': 0, 'gait unknown': 0, 'no ratings yet': 0 }
  for (const race of races.values())
    for (const [reason, value] of Object.entries(race.reasons))
      reasons[reason as keyof typeof reasons] += value
  return { tallies: [...once, ...horses], reasons: { 'rating-missing': reasons } }
}

/** What a rule means: what it counts among what, and what is too early to count. All are SQL. */
interface Terms {
  readonly among: string
  readonly found: string
  readonly notYet?: string
}

const settled = 'live = 1 and settled = 1'
const early = 'live = 1 and settled = 0'
const final = `live = 1 and status = 'final'`
const rated = 'winning_time_ms is not null and mile_rate_ms is not null and distance_m is not null'
/** 2^1 + … + 2^n: no other n numbers from 1 to 60 have that sum, so the placings are 1 to n. */
const inOrder =
  'last_placing = placed and placed <= 60 and ' +
  'placing_bits = (cast(1 as bigint) << cast(placed + 1 as integer)) - 2'
const placingOutOfRank =
  'exists (select 1 from starters a where a.race_id = race.id and a.finish_position <> 1 + ' +
  '(select count(*) from starters b where b.race_id = a.race_id ' +
  'and b.finish_position < a.finish_position))'

const raceTerms: Partial<Record<QualityRuleId, Terms>> = {
  'races-without-starters': { among: settled, found: 'starters = 0', notYet: 'starters = 0' },
  'races-without-result': {
    among: settled,
    found: `status <> 'final'`,
    notYet: `status <> 'final'`,
  },
  'winner-missing': { among: final, found: 'winners = 0' },
  'placing-gap': {
    among: `${final} and placed > 0`,
    found: `case when ${inOrder} then 0 when ${placingOutOfRank} then 1 else 0 end = 1`,
  },
  'race-time-missing': {
    among: `${final} and settled = 1`,
    found: 'winning_time_ms is null',
    notYet: `status = 'final' and winning_time_ms is null`,
  },
  'mile-rate-bounds': {
    among: 'mile_rate_ms is not null',
    found: `mile_rate_ms not between ${mileRateBoundsMs.least} and ${mileRateBoundsMs.most}`,
  },
  'mile-rate-formula': {
    among: rated,
    // The winner of a handicap went further than the race is long.
    found:
      `abs(mile_rate_ms * (distance_m + winner_handicap_m) - winning_time_ms * ${mileMetres}) ` +
      `> ${mileRateToleranceMs} * (distance_m + winner_handicap_m)`,
  },
  'stakes-above-purse': {
    among: 'stake_cents is not null and paid_cents > 0',
    found: 'paid_cents > stake_cents',
  },
}

/** Counts of starters of a race: column of the sum, and the races where it counts. */
const starterTerms: Partial<
  Record<QualityRuleId, { among: string; found: string; where: string; notYet?: string }>
> = {
  'driver-missing': {
    where: settled,
    among: 'runners',
    found: 'without_driver',
    notYet: 'without_driver',
  },
  'scratched-with-placing': { where: '1 = 1', among: 'scratched', found: 'scratched_placed' },
  'handicap-on-mobile': {
    where: `start_type = 'mobile'`,
    among: 'starters',
    found: 'handicapped',
  },
  'starters-unlinked': { where: '1 = 1', among: 'starters', found: 'unlinked' },
  'rating-missing': { where: final, among: 'runners', found: 'runners' },
}

interface RaceCounts {
  readonly counts: QualityTally['counts']
  readonly linked: number
  readonly linkedRunners: number
  readonly reasons: Readonly<Record<string, number>>
}

async function countRaces(db: Executor, moment: QualityMoment): Promise<Map<number, RaceCounts>> {
  const { rows } = await sql<Record<string, number | null>>`
    select meeting_id, sum(starters) - sum(unlinked) as linked,
      sum(linked_runners) as linked_runners,
      sum(case when ${sql.raw(final)} then runners - linked_runners end) as unlinked_runners,
      sum(case when ${sql.raw(final)} then resultless end) as resultless,
      sum(case when ${sql.raw(final)} and gait is null then linked_runners - resultless end)
        as gaitless,
      ${sql.join(termColumns())}
    from (
      select race.*,
        case when race.status in ('abandoned', 'postponed')
          or race.meeting_status in ('abandoned', 'postponed') then 0 else 1 end as live,
        case when race.start_time is null
          then case when race.meeting_date < ${moment.settledDate} then 1 else 0 end
          else case when race.start_time < ${moment.settledAt} then 1 else 0 end end as settled
      from (
        select r.id, r.meeting_id, r.status, r.start_time, r.start_type, r.gait, r.distance_m,
          r.stake_cents, r.winning_time_ms, r.mile_rate_ms, m.meeting_date,
          m.status as meeting_status, ${sql.raw(starterSums)}
        from meetings m
        join races r on r.meeting_id = m.id
        left join starters s on s.race_id = r.id
        group by r.id, m.id
      ) race
    ) race
    group by meeting_id`.execute(db)
  return new Map(
    rows.map((row) => [
      Number(row['meeting_id']),
      {
        counts: countsOf(row),
        linked: Number(row['linked']),
        linkedRunners: Number(row['linked_runners']),
        reasons: reasonsOf(row),
      },
    ]),
  )
}

/** Few conditions and no casts of constants: each costs 300,000 times. 2^62 is a bigint by itself. */
const starterSums = `
  count(s.id) as starters,
  count(s.id) - coalesce(sum(s.scratched), 0) as runners,
  coalesce(sum(s.scratched), 0) as scratched,
  count(s.id) - count(s.horse_id) as unlinked,
  count(case when s.scratched = 1 then s.finish_position end) as scratched_placed,
  count(case when s.scratched = 0 and s.driver is null then 1 end) as without_driver,
  count(case when s.scratched = 0 then s.horse_id end) as linked_runners,
  count(case when s.finish_position is null and s.finish_raw is null and s.scratched = 0
    and s.horse_id is not null then 1 end) as resultless,
  count(case when s.handicap_m > 0 then 1 end) as handicapped,
  count(case when s.finish_position = 1 then 1 end) as winners,
  count(s.finish_position) as placed,
  max(s.finish_position) as last_placing,
  sum(case when s.finish_position between 1 and 60
    then 4611686018427387904 >> cast(62 - s.finish_position as integer) end) as placing_bits,
  coalesce(sum(s.stake_cents), 0) as paid_cents,
  coalesce(max(case when s.finish_position = 1 then s.handicap_m end), 0) as winner_handicap_m`

function termColumns(): RawBuilder<unknown>[] {
  const columns: [string, string][] = []
  for (const [id, { among, found, notYet }] of Object.entries(raceTerms)) {
    columns.push([`${id}|among`, `count(case when ${among} then 1 end)`])
    columns.push([`${id}|found`, `count(case when ${among} and ${found} then 1 end)`])
    if (notYet !== undefined)
      columns.push([`${id}|notYet`, `count(case when ${early} and ${notYet} then 1 end)`])
  }
  for (const [id, { where, among, found, notYet }] of Object.entries(starterTerms)) {
    columns.push([`${id}|among`, `sum(case when ${where} then ${among} end)`])
    columns.push([`${id}|found`, `sum(case when ${where} then ${found} end)`])
    if (notYet !== undefined)
      columns.push([`${id}|notYet`, `sum(case when ${early} then ${notYet} end)`])
  }
  return columns.map(([name, text]) => sql`${sql.raw(text)} as ${sql.ref(name)}`)
}

function countsOf(row: Readonly<Record<string, number | null>>): QualityTally['counts'] {
  const ids = Object.keys({ ...raceTerms, ...starterTerms })
  return Object.fromEntries(
    ids.map((id): [string, QualityCount] => [
      id,
      {
        found: Number(row[`${id}|found`] ?? 0),
        among: Number(row[`${id}|among`] ?? 0),
        notYet: Number(row[`${id}|notYet`] ?? 0),
      },
    ]),
  )
}

/** Until there are ratings, every runner is without one; the first reason that fits is named. */
function reasonsOf(row: Readonly<Record<string, number | null>>): Record<string, number> {
  const number = (key: string) => Number(row[key] ?? 0)
  const unlinked = number('unlinked_runners')
  const resultless = number('resultless')
  const gaitless = number('gaitless')
  return {
    unlinked,
    'no result': resultless,
    'gait unknown': gaitless,
    'no ratings yet': number('rating-missing|found') - unlinked - resultless - gaitless,
  }
}

function readMeetings(db: Executor) {
  return db
    .selectFrom('meetings')
    .select(['id', 'meeting_date', 'venue', 'data_source', 'status'])
    .orderBy('meeting_date')
    .orderBy('id')
    .execute()
}

async function countNameOnly(db: Executor): Promise<Map<number, number>> {
  const { rows } = await sql<{ meeting_id: number; found: number }>`
    select r.meeting_id, count(*) as found
    from links l join races r on r.id = l.race_id
    where l.rule = 'name-only'
    group by r.meeting_id`.execute(db)
  return new Map(rows.map((row) => [row.meeting_id, Number(row.found)]))
}

/** Second and further starts of a horse by date. Day by day, so that no sort is a large one. */
async function countTwiceInADay(db: Executor): Promise<Map<string, number>> {
  const { rows } = await sql<{ meeting_date: string; found: number }>`
    select m.meeting_date, count(s.horse_id) - count(distinct s.horse_id) as found
    from meetings m
    join races r on r.meeting_id = m.id
    join starters s on s.race_id = r.id
    where s.scratched = 0 and s.horse_id is not null
      and r.status not in ('abandoned', 'postponed')
    group by m.meeting_date
    having count(s.horse_id) > count(distinct s.horse_id)`.execute(db)
  return new Map(rows.map((row) => [row.meeting_date, Number(row.found)]))
}

async function countMeetingQuestions(db: Executor): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('review_items')
    .select('subject_id')
    .distinct()
    .where('kind', '=', 'meeting')
    .where('code', '=', 'possible-same-meeting')
    .execute()
  return new Map(rows.map((row) => [row.subject_id, 1]))
}

/** By the season of their last start: a horse has no venue and no source of its own. */
async function countHorses(db: Executor): Promise<QualityTally[]> {
  const { rows } = await sql<Record<string, number> & { last_seen: string | null }>`
    select h.last_seen, count(*) as horses,
      count(case when h.sire is null or h.dam is null then 1 end) as without_pedigree,
      count(case when h.foaled_on is null then 1 end) as without_date,
      count(q.subject_id) as doubtful
    from horses h
    left join (
      select distinct subject_id from review_items
      where kind = 'horse' and code in ('possible-duplicate', 'masters-may-be-one')
    ) q on q.subject_id = h.id
    group by h.last_seen`.execute(db)
  return rows.map((row) => {
    const among = Number(row['horses'])
    const of = (column: string) => ({ found: Number(row[column]), among, notYet: 0 })
    return {
      date: row.last_seen,
      venue: null,
      source: null,
      counts: {
        'possible-duplicate-horses': of('doubtful'),
        'pedigree-missing': of('without_pedigree'),
        'foaling-date-missing': of('without_date'),
      },
    }
  })
}

function isHeld(status: string): boolean {
  return status !== 'abandoned' && status !== 'postponed'
}

function count(found: boolean, among: boolean, notYet: boolean): QualityCount {
  return { found: Number(found), among: Number(among), notYet: Number(notYet) }
}
