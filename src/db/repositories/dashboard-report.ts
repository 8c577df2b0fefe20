import { sql } from 'kysely'
import { holdHorizonMs } from '../../domain/scraping/host-hold.ts'
import type { DashboardFacts, MeetingPage, OpenQuestion } from '../../repositories/dashboard.ts'
import { inChunks, type Executor } from '../row-writer.ts'

/** How many of the most important questions, and of the pages that failed last. */
const shown = 10
/** Letters of a text. */
const longest = 400

/** What the dashboard shows beside the other reports. */
export async function readDashboard(
  db: Executor,
  since: { readonly at: string; readonly now: number },
): Promise<DashboardFacts> {
  const held = await sql<{ date: string; hrnz: number; tab: number; count: number }>`
    select date, hrnz, tab, count(*) as count
    from (
      select m.meeting_date as date, ${holds('hrnz_scraper')} as hrnz, ${holds('tab_api')} as tab
      from meetings m
    ) meeting
    group by date, hrnz, tab
    order by date, hrnz, tab`.execute(db)
  const failedReads = await db
    .selectFrom('data_ingestion_log')
    .select((eb) => ['date_processed as date', 'source', eb.fn.countAll<number>().as('count')])
    .where('status', '=', 'failed')
    .groupBy(['date_processed', 'source'])
    .execute()
  const missed = await db
    .selectFrom('missed_windows')
    .select((eb) => ['racing_date as date', eb.fn.countAll<number>().as('count')])
    .where('looked_at', '>=', since.at)
    .groupBy('racing_date')
    .execute()
  const failedPages = await db
    .selectFrom('pages')
    .select(['source', 'kind', 'url', 'racing_date as date', 'attempts'])
    .select(cut('reason').as('reason'))
    .where('state', '=', 'failed')
    .orderBy('racing_date', (order) => order.desc().nullsLast())
    .orderBy('id')
    .limit(shown)
    .execute()
  const alerts = await db
    .selectFrom('alerts')
    .select(['rule', 'subject', 'state', 'opened_at as openedAt'])
    .select(cut('value').$notNull().as('value'))
    .where('state', '<>', 'ok')
    .where('rule', '<>', 'quality')
    .orderBy('state')
    .orderBy('rule')
    .orderBy('subject')
    .execute()
  const runs = await db
    .selectFrom('runs')
    .select(['command', 'started_at as startedAt', 'exit_code as exitCode'])
    .select(cut('outcome').as('outcome'))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('runs')
        .select(({ fn }) => fn.max('id').as('id'))
        .groupBy('command'),
    )
    .orderBy('id', 'desc')
    .execute()
  const refused = await db
    .selectFrom('host_pace')
    .select(['host', 'refused_until as until'])
    .select(cut('refused_reason').as('reason'))
    .where('refused_until', '>', since.now)
    .where('refused_until', '<=', since.now + holdHorizonMs)
    .orderBy('host')
    .execute()
  return {
    meetings: held.rows,
    failedReads: failedReads.toSorted(byDate),
    missed: missed.toSorted(byDate),
    questions: await countQuestions(db),
    topQuestions: await topQuestions(db),
    failedPages,
    alerts: alerts.map((alert) => ({
      ...alert,
      state: alert.state === 'error' ? 'error' : 'warn',
    })),
    runs,
    refused,
  }
}

/** Meetings of these dates with the pages that tell of them. */
export async function pagesOfDates(db: Executor, dates: readonly string[]): Promise<MeetingPage[]> {
  const rows = await inChunks(dates, (chunk) =>
    db
      .selectFrom('meetings as m')
      .leftJoin('meeting_sources as s', 's.meeting_id', 'm.id')
      .select(['m.id', 'm.meeting_date as date', 'm.venue', 'm.data_source as dataSource'])
      .select(['s.source', 's.url'])
      .where('m.meeting_date', 'in', chunk)
      .orderBy('m.id')
      .orderBy('s.observation_id')
      .execute(),
  )
  return rows
}

/** 1 where this source tells of the meeting. Of a merged one only its observations say who does. */
function holds(source: 'hrnz_scraper' | 'tab_api') {
  return sql<number>`case
    when m.data_source = ${sql.lit(source)} then 1
    when m.data_source = 'merged' and exists (
      select 1 from observations o where o.meeting_id = m.id and o.source = ${sql.lit(source)}
    ) then 1
    else 0 end`
}

function cut(column: string) {
  return sql<string | null>`substr(${sql.ref(column)}, 1, ${sql.lit(longest)})`
}

async function countQuestions(db: Executor): Promise<DashboardFacts['questions']> {
  const rows = await db
    .selectFrom('review_items as q')
    .leftJoin('horses as h', (join) =>
      join.onRef('h.id', '=', 'q.subject_id').on('q.kind', '=', 'horse'),
    )
    .leftJoin('meetings as m', (join) =>
      join.onRef('m.id', '=', 'q.subject_id').on('q.kind', '=', 'meeting'),
    )
    .select((eb) => [
      'q.kind',
      'q.code',
      eb.fn.countAll<number>().as('count'),
      sql<string | null>`min(coalesce(m.meeting_date, h.first_seen))`.as('oldest'),
    ])
    .groupBy(['q.kind', 'q.code'])
    .execute()
  return rows.toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}

function topQuestions(db: Executor): Promise<OpenQuestion[]> {
  return db
    .selectFrom('review_items')
    .select(['kind', 'code', 'subject_id as subjectId', 'other_id as otherId'])
    .select(sql<string>`substr(question, 1, ${sql.lit(longest)})`.as('question'))
    .orderBy('priority', 'desc')
    .orderBy('kind')
    .orderBy('subject_id')
    .orderBy('id')
    .limit(shown)
    .execute()
}

function byDate(a: { readonly date: string }, b: { readonly date: string }): number {
  return a.date < b.date ? -1 : Number(a.date > b.date)
}
