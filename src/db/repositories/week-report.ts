import { sql } from 'kysely'
import type { WeekFacts } from '../../domain/digest/week-digest.ts'
import { instant } from '../instants.ts'
import type { Executor } from '../row-writer.ts'

/** What came in and what was decided between two instants, the second one excluded. */
export async function readWeek(
  db: Executor,
  span: { readonly from: string; readonly to: string },
): Promise<WeekFacts> {
  const [from, to] = [instant(span.from), instant(span.to)]
  const sources = await db
    .selectFrom('data_ingestion_log')
    .select(({ fn }) => [
      'source',
      sql<number>`count(case when status <> 'failed' then 1 end)`.as('read'),
      sql<number>`count(case when status = 'failed' then 1 end)`.as('failed'),
      fn.sum<number>('records_created').as('created'),
      fn.sum<number>('records_updated').as('updated'),
    ])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .groupBy('source')
    .orderBy('source')
    .execute()
  const decided = await db
    .selectFrom('judgements')
    .select([
      sql<number>`count(case when kind = 'correction' then 1 end)`.as('corrections'),
      sql<number>`count(case when kind <> 'correction' then 1 end)`.as('answers'),
    ])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .where('retracted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { sources, ...decided }
}
