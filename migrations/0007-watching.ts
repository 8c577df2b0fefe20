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
    // What alerts have opened, and what of it the owner was told.
    `create table alerts (
      rule text not null,
      subject text not null,
      state text not null check (state in ('ok', 'warn', 'error')),
      opened_at ${t.instant} not null,
      recovered_at ${t.instant},
      value text not null,
      clear_looks integer not null,
      told text check (told in ('ok', 'warn', 'error')),
      told_at ${t.instant},
      primary key (rule, subject)
    )${t.clustered}`,
    // The weeks (their Mondays) whose digest has arrived.
    `create table digests (
      week ${t.date} primary key,
      told_at ${t.instant} not null
    )${t.clustered}`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, ['drop table digests', 'drop table alerts', 'drop table measures'])
}
