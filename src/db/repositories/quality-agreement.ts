import { sql } from 'kysely'
import type { QualityTally } from '../../domain/quality/quality-metrics.ts'
import type { DifferenceKind } from '../../domain/reconcile/compare-sources.ts'
import type { Executor } from '../row-writer.ts'

/** Which rows of `source_agreement` count what. */
const of: Readonly<Record<DifferenceKind, string>> = {
  races: `field = 'races'`,
  starters: `field = 'starters'`,
  values: `field not in ('races', 'starters')`,
}

/** How far the sources say the same, by meeting; and the fields in which they do not. */
export async function countAgreement(db: Executor): Promise<{
  readonly counts: ReadonlyMap<number, QualityTally['counts']>
  readonly fields: Readonly<Record<string, number>>
}> {
  const sum = (kind: DifferenceKind, column: string) =>
    sql<number>`coalesce(sum(case when ${sql.raw(of[kind])} then ${sql.ref(column)} end), 0)`
  const meetings = await db
    .selectFrom('source_agreement')
    .select([
      'meeting_id',
      sum('races', 'differ').as('races'),
      sum('starters', 'told').as('starters'),
      sum('starters', 'differ').as('single'),
      sum('values', 'told').as('told'),
      sum('values', 'differ').as('differ'),
    ])
    .groupBy('meeting_id')
    .execute()
  const fields = await db
    .selectFrom('source_agreement')
    .select(['field', sql<number>`sum(differ)`.as('differ')])
    .where('differ', '>', 0)
    .where(sql<boolean>`${sql.raw(of.values)}`)
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

/** Meetings on which the sources differ in this way, newest first. */
export async function listDiffering(
  db: Executor,
  kind: DifferenceKind,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('source_agreement')
    .innerJoin('meetings', 'meetings.id', 'source_agreement.meeting_id')
    .select(['meetings.id', 'meetings.meeting_date'])
    .distinct()
    .where('differ', '>', 0)
    .where(sql<boolean>`${sql.raw(of[kind])}`)
    .orderBy('meetings.meeting_date', 'desc')
    .orderBy('meetings.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Postgres hands out a sum of whole numbers as text where it may be a large one. */
function count(found: number, among: number) {
  return { found: Number(found), among: Number(among), notYet: 0 }
}
