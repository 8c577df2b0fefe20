import { sql } from 'kysely'
import type { QualityTally } from '../../domain/quality/quality-metrics.ts'
import type { Executor } from '../row-writer.ts'

/** How far the sources say the same, by meeting; and the fields in which they do not. */
export async function countAgreement(db: Executor): Promise<{
  readonly counts: ReadonlyMap<number, QualityTally['counts']>
  readonly fields: Readonly<Record<string, number>>
}> {
  const sum = (of: string, column: string) =>
    sql<number>`coalesce(sum(case when ${sql.raw(of)} then ${sql.ref(column)} end), 0)`
  const values = `field not in ('races', 'starters')`
  const meetings = await db
    .selectFrom('source_agreement')
    .select([
      'meeting_id',
      sum(`field = 'races'`, 'differ').as('races'),
      sum(`field = 'starters'`, 'told').as('starters'),
      sum(`field = 'starters'`, 'differ').as('single'),
      sum(values, 'told').as('told'),
      sum(values, 'differ').as('differ'),
    ])
    .groupBy('meeting_id')
    .execute()
  const fields = await db
    .selectFrom('source_agreement')
    .select(['field', sql<number>`sum(differ)`.as('differ')])
    .where('differ', '>', 0)
    .where('field', 'not in', ['races', 'starters'])
    .groupBy('field')
    .orderBy('field')
    .execute()
  return {
    counts: new Map(
      meetings.map((row) => [
        row.meeting_id,
        {
          'race-count-differs': { found: Number(Number(row.races) > 0), among: 1, notYet: 0 },
          'starters-in-one-source': count(row.single, row.starters),
          'fields-differ': count(row.differ, row.told),
        },
      ]),
    ),
    fields: Object.fromEntries(fields.map(({ field, differ }) => [field, Number(differ)])),
  }
}

/** Postgres hands out a sum of whole numbers as text where it may be a large one. */
function count(found: number, among: number) {
  return { found: Number(found), among: Number(among), notYet: 0 }
}
