import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

const tables = ['meetings', 'races', 'starters', 'horses'] as const

/** Rows of the public tables, and the last racing date with a meeting, in one statement. */
export async function countTables(
  db: Kysely<Schema>,
): Promise<Record<(typeof tables)[number], number> & { lastDate: string | null }> {
  const counted = await db
    .selectNoFrom((eb) => [
      ...tables.map((table) =>
        eb
          .selectFrom(table)
          .select((count) => count.fn.countAll<number>().as('count'))
          .as(table),
      ),
      eb
        .selectFrom('meetings')
        .select((latest) => latest.fn.max('meeting_date').as('last'))
        .as('lastDate'),
    ])
    .executeTakeFirstOrThrow()
  return {
    meetings: Number(counted.meetings),
    races: Number(counted.races),
    starters: Number(counted.starters),
    horses: Number(counted.horses),
    lastDate: counted.lastDate,
  }
}
