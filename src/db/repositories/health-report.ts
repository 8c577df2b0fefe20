import { sql } from 'kysely'
import type { HealthFacts } from '../../repositories/reports.ts'
import { isPostgres } from '../row-writer.ts'
import type { Executor } from '../row-writer.ts'

/** How the sources answered, what could not be read, what is due, and how large it all is. */
export async function readHealth(
  db: Executor,
  since: { readonly day: string; readonly at: string; readonly now: string },
): Promise<HealthFacts> {
  const requests = await db
    .selectFrom('request_times')
    .select(['host', 'day', 'status', 'up_to_ms as upToMs', 'requests'])
    .where('day', '>=', since.day)
    .orderBy('host')
    .orderBy('day')
    .orderBy('status')
    .orderBy('up_to_ms')
    .execute()
  const issues = await db
    .selectFrom('parse_issues')
    .select((eb) => ['code', 'source', eb.fn.countAll<number>().as('count')])
    .where('created_at', '>=', since.at)
    .groupBy(['code', 'source'])
    .execute()
  const attempts = await db
    .selectFrom('data_ingestion_log')
    .select((eb) => [
      'source',
      sql<number>`count(case when created_at >= ${since.at} then 1 end)`.as('attempts'),
      sql<number>`count(case when created_at >= ${since.at} and status = 'failed' then 1 end)`.as(
        'failures',
      ),
      eb.fn
        .max<string | null>(sql`case when status <> 'failed' then created_at end`)
        .as('lastSuccess'),
    ])
    .groupBy('source')
    .orderBy('source')
    .execute()
  const growth = await db
    .selectFrom('documents')
    .select((eb) => [
      fetchDay(db).as('day'),
      eb.fn.countAll<number>().as('documents'),
      eb.fn.sum<number>('size').as('bytes'),
    ])
    .where('fetched_at', '>=', since.at)
    .groupBy(fetchDay(db))
    .execute()
  const queues = await db
    .selectFrom('pages')
    .select((eb) => [
      'source',
      'kind',
      'state',
      eb.fn.countAll<number>().as('count'),
      sql<number>`count(case when state in ('due', 'failed') and due_at <= ${since.now} then 1 end)`.as(
        'due',
      ),
    ])
    .groupBy(['source', 'kind', 'state'])
    .orderBy('source')
    .orderBy('kind')
    .orderBy('state')
    .execute()
  const missed = await db
    .selectFrom('missed_windows')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('looked_at', '>=', since.at)
    .executeTakeFirstOrThrow()
  const size = isPostgres(db)
    ? sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`
    : sql<{ bytes: number }>`
        select page_count * page_size as bytes from pragma_page_count, pragma_page_size`
  return {
    requests,
    issues: issues.toSorted((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    sources: attempts,
    sizeBytes: Number((await size.execute(db)).rows[0]?.bytes ?? 0),
    growth: growth.toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    queues,
    missedWindows: missed.count,
  }
}

/** The UTC day on which a document came. */
function fetchDay(db: Executor) {
  return isPostgres(db)
    ? sql<string>`(fetched_at at time zone 'UTC')::date`
    : sql<string>`substr(fetched_at, 1, 10)`
}
