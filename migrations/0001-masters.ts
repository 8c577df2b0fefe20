import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/** The resolved tables: what users query. Names are the contract's. */
export const masters: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    `create table meetings (
      id integer primary key,
      meeting_date ${t.date} not null,
      venue text not null,
      club text,
      data_source text not null
        check (data_source in ('tab_api', 'hrnz_scraper', 'manual', 'merged')),
      tab_meeting_id text,
      hrnz_url text,
      status text not null check (${statuses}),
      track_condition text,
      weather text,
      match_rule text not null,
      match_evidence text not null,
      matched_at ${t.instant} not null,
      last_updated ${t.instant} not null
    )${t.table}`,
    'create index meetings_meeting_date on meetings (meeting_date)',
    `create table races (
      id integer primary key,
      meeting_id integer not null references meetings (id) on delete cascade,
      race_number integer not null,
      name text,
      class_text text,
      distance_m ${t.whole},
      gait text check (gait in ('pace', 'trot')),
      start_type text check (start_type in ('mobile', 'standing')),
      is_handicap integer check (is_handicap in (0, 1)),
      start_time ${t.instant},
      status text not null check (${statuses}),
      stake_cents ${t.whole},
      winning_time_ms ${t.whole},
      mile_rate_ms ${t.whole},
      tab_event_id text,
      hrnz_key text,
      manual_key text
    )${t.table}`,
    'create index races_meeting_id on races (meeting_id)',
    `create table horses (
      id integer primary key,
      name text not null,
      normalized_name text not null,
      sire text,
      dam text,
      dam_sire text,
      sex text,
      colour text,
      country text,
      foaled_on ${t.date},
      first_seen ${t.date},
      last_seen ${t.date},
      race_count integer not null,
      tally text
    )${t.table}`,
    'create index horses_normalized_name on horses (normalized_name)',
    `create table starters (
      id integer primary key,
      race_id integer not null references races (id) on delete cascade,
      number ${t.whole},
      horse_id integer references horses (id),
      horse_name text not null,
      barrier text,
      handicap_m ${t.whole},
      driver text,
      trainer text,
      scratched integer not null check (scratched in (0, 1)),
      finish_position ${t.whole},
      finish_raw text,
      time_ms ${t.whole},
      margin_raw text,
      stake_cents ${t.whole},
      favourite_ranks text,
      tab_entrant_id text,
      hrnz_key text,
      manual_key text
    )${t.table}`,
    // With all that the quality report asks of every starter, so that it reads no row.
    `create index starters_race_id
      on starters (race_id, finish_position, scratched, stake_cents)`,
    `create index starters_without_driver on starters (race_id)
      where driver is null and scratched = 0`,
    `create index starters_handicap on starters (race_id, finish_position, handicap_m)
      where handicap_m > 0`,
    'create index starters_horse_id on starters (horse_id)',
    `create table rulings (
      starter_id integer not null references starters (id) on delete cascade,
      kind text not null check (kind in ('scratched', 'relegated', 'disqualified')),
      race_id integer not null,
      from_position ${t.whole},
      to_position ${t.whole},
      behind text,
      ruled_at ${t.instant},
      reason text,
      text text not null,
      agrees integer check (agrees in (0, 1)),
      document_id ${t.whole},
      primary key (starter_id, kind)
    )${t.clustered}`,
    'create index rulings_race_id on rulings (race_id)',
    `create table horse_identifiers (
      horse_id integer not null references horses (id) on delete cascade,
      scheme text not null,
      value text not null,
      primary key (scheme, value)
    )${t.clustered}`,
    'create index horse_identifiers_horse_id on horse_identifiers (horse_id)',
    `create table redirects (
      kind text not null check (kind in ('meeting', 'horse')),
      old_id integer not null,
      id integer not null,
      retired_at ${t.instant} not null,
      anchor text not null,
      primary key (kind, old_id)
    )${t.clustered}`,
    'create index redirects_id on redirects (kind, id)',
    `create table id_counters (
      kind text primary key,
      next integer not null
    )${t.clustered}`,
    "insert into id_counters values ('meeting', 1), ('race', 1), ('starter', 1), ('horse', 1)",
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    'drop table id_counters',
    'drop table redirects',
    'drop table horse_identifiers',
    'drop table rulings',
    'drop table starters',
    'drop table horses',
    'drop table races',
    'drop table meetings',
  ])
}

const statuses =
  "status in ('scheduled', 'open', 'closed', 'interim', 'final', 'abandoned', 'postponed')"
