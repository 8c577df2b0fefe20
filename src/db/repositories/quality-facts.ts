import { type RawBuilder, sql } from 'kysely'
import type { QualityMoment } from '../../repositories/reports.ts'
import { startersThat } from './quality-terms.ts'

/** `live`: it is held. `settled`: so long ago that all must be there. */
export function meetingFacts(moment: QualityMoment): RawBuilder<unknown> {
  return sql`(
    select m.id, m.id as meeting_id, m.meeting_date, m.venue, m.data_source, m.status,
      case when m.status in ('abandoned', 'postponed') then 0 else 1 end as live,
      case when m.meeting_date < ${moment.settledDate} then 1 else 0 end as settled,
      (select count(*) from races r where r.meeting_id = m.id) as races,
      (select count(*) from review_items q where q.kind = 'meeting' and q.subject_id = m.id
        and q.code = 'possible-same-meeting') as questions
    from meetings m
  ) meeting`
}

/** Races with what their starters add up to. One whose starters are all scratched is not held. */
export function raceFacts(moment: QualityMoment): RawBuilder<unknown> {
  return sql`(
    select race.*,
      case when race.status in ('abandoned', 'postponed')
        or race.meeting_status in ('abandoned', 'postponed')
        or race.scratched = race.starters and race.starters > 0 then 0 else 1 end as live,
      case when race.start_time is null
        then case when race.meeting_date < ${moment.settledDate} then 1 else 0 end
        else case when race.start_time < ${moment.settledAt} then 1 else 0 end end as settled,
      race.starters - race.scratched as runners
    from (
      select r.id, r.meeting_id, r.race_number, r.status, r.start_time, r.start_type, r.gait,
        r.distance_m, r.stake_cents, r.winning_time_ms, r.mile_rate_ms, m.meeting_date, m.venue,
        m.status as meeting_status, f.last_placing, f.placing_bits,
        coalesce(f.winners, 0) as winners, coalesce(f.placed, 0) as placed,
        coalesce(f.paid_cents, 0) as paid_cents, coalesce(f.starters, 0) as starters,
        coalesce(f.scratched, 0) as scratched,
        coalesce(w.handicap_m, 0) as winner_handicap_m, ${exceptionColumns}
      from races r
      join meetings m on m.id = r.meeting_id
      left join (${sql.raw(sums)}) f on f.race_id = r.id
      left join (
        select race_id, max(handicap_m) as handicap_m from starters
        where handicap_m > 0 and finish_position = 1 group by race_id
      ) w on w.race_id = r.id
      ${exceptionJoins}
    ) race
  ) race`
}

/** Horses, and whether there is a question about each. */
export const horseFacts = sql`(
  select h.id, h.name, h.sire, h.dam, h.foaled_on, h.first_seen, h.last_seen,
    case when h.id in (
      select subject_id from review_items
      where kind = 'horse' and code in ('possible-duplicate', 'id-conflict', 'masters-may-be-one')
    ) then 1 else 0 end as doubtful
  from horses h
) horse`

/**
 * Columns of the index starters_race_id alone: what else is asked of 300,000 starters is asked of
 * its exceptions. No casts of constants: each costs as many times. 2^62 is a bigint by itself, and
 * up to 40 the sum stays one with any number of starters: SQLite refuses to sum up beyond.
 */
const sums = `
  select race_id, count(*) as starters, sum(scratched) as scratched,
    count(case when finish_position = 1 then 1 end) as winners,
    count(finish_position) as placed, max(finish_position) as last_placing,
    sum(case when finish_position between 1 and 40
      then 4611686018427387904 >> cast(62 - finish_position as integer) end) as placing_bits,
    coalesce(sum(stake_cents), 0) as paid_cents
  from starters
  group by race_id`

const exceptions = Object.entries(startersThat)
const exceptionColumns = sql.join(
  exceptions.map(([name]) => sql`coalesce(${sql.ref(`${name}_rows.n`)}, 0) as ${sql.ref(name)}`),
)
const exceptionJoins = sql.join(
  exceptions.map(
    ([name, rows]) => sql`left join (
        select race_id, count(*) as n from (${sql.raw(rows)}) found group by race_id
      ) ${sql.ref(`${name}_rows`)} on ${sql.ref(`${name}_rows.race_id`)} = r.id`,
  ),
  sql` `,
)
