import { type RawBuilder, sql } from 'kysely'
import type { QualityRuleId } from '../../domain/quality/quality-rules.ts'
import type { QualityFinding, QualityMoment } from '../../repositories/reports.ts'
import type { Executor } from '../row-writer.ts'
import { horseFacts, meetingFacts, raceFacts } from './quality-facts.ts'
import {
  horseTerms,
  meetingTerms,
  raceTerms,
  startersThat,
  starterTerms,
  type StarterTerms,
  type Terms,
} from './quality-terms.ts'

type Row = Omit<QualityFinding, 'detail'> & Readonly<Record<string, string | number | null>>

/** The rows that a rule counts, by the terms by which it counts them; newest first. */
export async function listFindings(
  db: Executor,
  rule: QualityRuleId,
  moment: QualityMoment,
  limit: number,
): Promise<QualityFinding[]> {
  const ofStarters = starterTerms[rule]
  const terms = ofStarters ?? meetingTerms[rule] ?? raceTerms[rule] ?? horseTerms[rule]
  if (terms === undefined) return []
  const found =
    ofStarters === undefined
      ? foundAlone(rule, terms as Terms, moment)
      : foundStarters(ofStarters, moment)
  const { rows } = await sql<Row>`
    select * from (${found}) finding
    order by case when date is null then 1 else 0 end, date desc, meeting desc, race desc,
      start desc, horse desc
    limit ${limit}`.execute(db)
  return rows.map(({ date, venue, meeting, race, number, name, start, horse, ...values }) => ({
    ...{ date, venue, meeting, race, number, name, start, horse },
    detail: (terms.shows ?? []).map((column) => `${column} ${values[column] ?? '-'}`).join(', '),
  }))
}

function foundAlone(rule: QualityRuleId, terms: Terms, moment: QualityMoment): RawBuilder<unknown> {
  const where = sql.raw(`(${terms.among}) and (${terms.found})`)
  const shown = shownColumns(terms.shows ?? [])
  const nobody = sql`${nothing('number')}, ${nothing('start')}`
  if (horseTerms[rule] !== undefined)
    return sql`select last_seen as date, cast(null as text) as venue, ${nothing('meeting')},
      ${nothing('race')}, ${nobody}, name, id as horse${shown} from ${horseFacts} where ${where}`
  const isRace = raceTerms[rule] !== undefined
  return sql`select meeting_date as date, venue, meeting_id as meeting,
    ${isRace ? sql`race_number as race` : nothing('race')}, ${nobody},
    cast(null as text) as name, ${nothing('horse')}${shown}
    from ${isRace ? raceFacts(moment) : meetingFacts(moment)} where ${where}`
}

function foundStarters(terms: StarterTerms, moment: QualityMoment): RawBuilder<unknown> {
  // Materialised: SQLite would else add the race of each starter up again.
  return sql`with race as materialized (
      select * from ${raceFacts(moment)} where ${sql.raw(terms.where)}
    )
    select race.meeting_date as date, race.venue, race.meeting_id as meeting,
    race.race_number as race, s.number, s.horse_name as name, s.id as start,
    s.horse_id as horse${shownColumns(terms.shows ?? [], 's.')}
    from (${sql.raw(startersThat[terms.found])}) found
    join race on race.id = found.race_id
    join starters s on s.id = found.starter_id`
}

function nothing(name: string): RawBuilder<unknown> {
  return sql`cast(null as integer) as ${sql.ref(name)}`
}

function shownColumns(names: readonly string[], table = ''): RawBuilder<unknown> {
  return sql.raw(names.map((name) => `, ${table}${name}`).join(''))
}
