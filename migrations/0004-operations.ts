import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/** What the program keeps about its own running. */
export const operations: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    `create table data_ingestion_log (
      id ${t.generatedId},
      source text not null,
      date_processed ${t.date} not null,
      url text,
      status text not null check (status in ('success', 'failed', 'partial')),
      records_created integer not null default 0,
      records_updated integer not null default 0,
      errors text,
      created_at ${t.instant} not null
    )${t.table}`,
    'create index data_ingestion_log_date on data_ingestion_log (source, date_processed)',
    `create table runs (
      id ${t.generatedId},
      command text not null,
      argv text not null,
      version text not null,
      host text not null,
      pid integer not null,
      started_at ${t.instant} not null,
      ended_at ${t.instant},
      exit_code integer,
      outcome text,
      counters text
    )${t.table}`,
    'create index runs_command on runs (command)',
    `create table host_pace (
      host text primary key,
      next_at ${t.whole} not null default 0,
      strikes integer not null default 0,
      lease_owner text,
      lease_until ${t.whole} not null default 0,
      refused_until ${t.whole} not null default 0,
      refused_reason text,
      robots_text text,
      robots_fetched_at ${t.whole} not null default 0
    )${t.clustered}`,
    // How long answers took: counts of requests by host, day and status, each up to so many ms.
    `create table request_times (
      host text not null,
      day ${t.date} not null,
      status integer not null,
      up_to_ms integer not null,
      requests ${t.whole} not null,
      primary key (host, day, status, up_to_ms)
    )${t.clustered}`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    'drop table request_times',
    'drop table host_pace',
    'drop table runs',
    'drop table data_ingestion_log',
  ])
}
