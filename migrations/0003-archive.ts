import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/** What was fetched, what is to be fetched, and how the sources write. */
export const archive: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    // Files that hold what the database was relieved of; known again by the key within.
    `create table archives (
      id ${t.generatedId},
      file text not null,
      key text not null unique,
      has_prices integer not null,
      made_at ${t.instant} not null
    )${t.table}`,
    `create table documents (
      id ${t.generatedId},
      source text not null,
      kind text not null,
      url text not null,
      hash text not null,
      content_type text,
      etag text,
      last_modified text,
      http_status integer,
      racing_date ${t.date},
      label text,
      size ${t.whole} not null,
      fetched_at ${t.instant} not null,
      last_seen_at ${t.instant} not null,
      body ${t.blob},
      base_id ${t.whole},
      archive_id ${t.whole} references archives (id),
      unique (url, hash),
      check ((body is null) = (archive_id is not null))
    )${t.table}`,
    'create index documents_fetched_at on documents (source, kind, fetched_at)',
    'create index documents_base_id on documents (base_id) where base_id is not null',
    'create index documents_in_place on documents (source, kind, fetched_at) where archive_id is null',
    `create table pages (
      id ${t.generatedId},
      source text not null,
      kind text not null,
      url text not null,
      racing_date ${t.date},
      club text,
      club_number text,
      venue text,
      state text not null check (state in ('due', 'failed', 'final', 'closed')),
      due_at ${t.instant},
      attempts integer not null,
      reason text,
      error_code text,
      last_fetched_at ${t.instant},
      etag text,
      last_modified text,
      document_id ${t.whole},
      claimed_by ${t.whole},
      unique (source, url)
    )${t.table}`,
    'create index pages_due on pages (source, kind, state, due_at)',
    // What share of a page's rows has carried each field of late, per mille.
    `create table field_baselines (
      source text not null,
      kind text not null,
      parser_version text not null,
      field text not null,
      share integer not null,
      pages integer not null,
      primary key (source, kind, parser_version, field)
    )${t.clustered}`,
    `create table venue_aliases (
      id ${t.generatedId},
      source text not null,
      kind text not null check (kind in ('club', 'venue')),
      text text not null,
      venue text not null,
      valid_from ${t.date},
      valid_to ${t.date}
    )${t.table}`,
    'create index venue_aliases_text on venue_aliases (source, kind, text)',
    `create table parse_issues (
      id ${t.generatedId},
      document_id ${t.whole} not null references documents (id) on delete cascade,
      source text not null,
      racing_date ${t.date},
      code text not null,
      subject text not null,
      message text not null,
      excerpt text,
      created_at ${t.instant} not null
    )${t.table}`,
    'create index parse_issues_document_id on parse_issues (document_id)',
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    'drop table parse_issues',
    'drop table venue_aliases',
    'drop table field_baselines',
    'drop table pages',
    'drop table documents',
    'drop table archives',
  ])
}
