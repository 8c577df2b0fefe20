import { type RawBuilder, sql } from 'kysely'
import type { QualityCount, QualityTally } from '../../domain/quality/quality-metrics.ts'
import type { QualityCounts, QualityMoment } from '../../repositories/reports.ts'
import type { Executor } from '../row-writer.ts'
import { countAgreement } from './quality-agreement.ts'
import { horseFacts, meetingFacts, raceFacts } from './quality-facts.ts'
import {
  early,
  final,
  horseTerms,
  meetingTerms,
  raceTerms,
  type RuleTerms,
  starterTerms,
  type StarterTerms,
} from './quality-terms.ts'

type Row = Readonly<Record<string, number | string | null>>

/** Counts for the quality report: by meeting what is of meetings, by date what is of horses. */
export async function countQuality(db: Executor, moment: QualityMoment): Promise<QualityCounts> {
  const meetings = await countMeetings(db, moment)
  const races = new Map((await countRaces(db, moment)).map((row) => [row['meeting_id'], row]))
  const agreement = await countAgreement(db)
  const tallies = meetings.map((meeting): QualityTally => {
    const ofRaces = races.get(meeting['meeting_id'] ?? null)
    return {
      date: text(meeting['meeting_date']),
      venue: text(meeting['venue']),
      source: text(meeting['data_source']),
      counts: {
        ...countsOf(meetingTerms, meeting),
        ...(ofRaces === undefined ? {} : countsOf({ ...raceTerms, ...starterTerms }, ofRaces)),
        ...(ofRaces === undefined ? {} : { 'rating-missing': ratings(ofRaces) }),
        ...agreement.counts.get(Number(meeting['meeting_id'])),
      },
    }
  })
  return {
    tallies: [...tallies, ...(await countHorses(db))],
    reasons: {
      'rating-missing': ratingReasons([...races.values()]),
      'fields-differ': agreement.fields,
    },
  }
}

async function countMeetings(db: Executor, moment: QualityMoment): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select meeting_id, meeting_date, venue, data_source, ${counted(meetingTerms)}
    from ${meetingFacts(moment)}
    group by meeting_id, meeting_date, venue, data_source
    order by meeting_date, meeting_id`.execute(db)
  return rows
}

async function countRaces(db: Executor, moment: QualityMoment): Promise<readonly Row[]> {
  // Materialised: both would else work out for each of the sums anew whether a race is settled.
  const { rows } = await sql<Row>`
    with race as materialized (select * from ${raceFacts(moment)})
    select meeting_id,
      sum(case when ${sql.raw(final)} then runners end) as runners,
      sum(case when ${sql.raw(final)} then unlinked_runners end) as unlinked_runners,
      sum(case when ${sql.raw(final)} then resultless end) as resultless,
      sum(case when ${sql.raw(final)} and gait is null
        then runners - unlinked_runners - resultless end) as gaitless,
      ${counted(raceTerms)}, ${summed(starterTerms)}
    from race
    group by meeting_id`.execute(db)
  return rows
}

/** By the season of their last start: a horse has no venue and no source of its own. */
async function countHorses(db: Executor): Promise<QualityTally[]> {
  const { rows } = await sql<Row>`
    select last_seen, ${counted(horseTerms)} from ${horseFacts} group by last_seen`.execute(db)
  return rows.map((row) => ({
    date: text(row['last_seen']),
    venue: null,
    source: null,
    counts: countsOf(horseTerms, row),
  }))
}

function counted(terms: RuleTerms): RawBuilder<unknown> {
  return columns(
    Object.entries(terms).flatMap(([id, { among, found, notYet }]) => [
      [`${id}|among`, `count(case when ${among} then 1 end)`],
      [`${id}|found`, `count(case when (${among}) and (${found}) then 1 end)`],
      ...(notYet === undefined
        ? []
        : [[`${id}|notYet`, `count(case when ${early} and ${notYet} then 1 end)`] as const]),
    ]),
  )
}

function summed(terms: Readonly<Record<string, StarterTerms>>): RawBuilder<unknown> {
  return columns(
    Object.entries(terms).flatMap(([id, { where, among, found, notYet }]) => [
      [`${id}|among`, `sum(case when ${where} then ${among} end)`],
      [`${id}|found`, `sum(case when ${where} then ${found} end)`],
      ...(notYet === undefined
        ? []
        : [[`${id}|notYet`, `sum(case when ${early} then ${notYet} end)`] as const]),
    ]),
  )
}

function columns(named: readonly (readonly [string, string])[]): RawBuilder<unknown> {
  return sql.join(named.map(([name, term]) => sql`${sql.raw(term)} as ${sql.ref(name)}`))
}

function countsOf(terms: Readonly<Record<string, unknown>>, row: Row): QualityTally['counts'] {
  const number = (column: string) => Number(row[column] ?? 0)
  return Object.fromEntries(
    Object.keys(terms).map((id): [string, QualityCount] => [
      id,
      {
        found: number(`${id}|found`),
        among: number(`${id}|among`),
        notYet: number(`${id}|notYet`),
      },
    ]),
  )
}

/** Until there are ratings, every runner is without one; the first reason that fits is named. */
function ratings(row: Row): QualityCount {
  const runners = Number(row['runners'] ?? 0)
  return { found: runners, among: runners, notYet: 0 }
}

function ratingReasons(rows: readonly Row[]): Record<string, number> {
  const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column] ?? 0), 0)
  const unlinked = sum('unlinked_runners')
  const resultless = sum('resultless')
  const gaitless = sum('gaitless')
  return {
    unlinked,
    'no result': resultless,
    'gait unknown': gaitless,
    'no ratings yet': sum('runners') - unlinked - resultless - gaitless,
  }
}

function text(value: number | string | null | undefined): string | null {
  return typeof value === 'string' ? value : null
}
