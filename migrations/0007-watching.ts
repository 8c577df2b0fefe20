import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/** What the program keeps so that it can tell its owner what has changed. */
export const watching: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    `create table measures (
      day ${t.date} not null,
      measure text not null,
      numerator ${t.whole} not null,
      denominator ${t.whole},
      status text not null check (status in ('ok', 'info', 'warn', 'error')),
      primary key (day, measure)
    )${t.clustered}`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, ['drop table measures'])
}
