import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/**
 * What TAB says of a race besides its card, and how well it was followed. Known by TAB's own ids:
 * masters come and go with every decision, a price stays what it was.
 */
export const market: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    // A number in place of the 36 letters of an id, of which there would be millions.
    `create table tab_entrants (
      id ${t.generatedId},
      tab_entrant_id text not null unique,
      tab_event_id text not null,
      number integer
    )${t.table}`,
    'create index tab_entrants_event on tab_entrants (tab_event_id)',
    `create table odds_snapshots (
      entrant ${t.whole} not null references tab_entrants (id) on delete cascade,
      first_seen ${t.instant} not null,
      last_seen ${t.instant} not null,
      fixed_win_cents ${t.whole},
      fixed_place_cents ${t.whole},
      pool_win_cents ${t.whole},
      pool_place_cents ${t.whole},
      primary key (entrant, first_seen)
    )${t.clustered}`,
    `create table dividends (
      tab_event_id text not null,
      status text not null check (status in ('interim', 'final')),
      product text not null,
      numbers text not null,
      pays_cents ${t.whole} not null,
      pool_cents ${t.whole},
      jackpot_cents ${t.whole},
      seen_at ${t.instant} not null,
      primary key (tab_event_id, status, product, numbers)
    )${t.clustered}`,
    `create table pools (
      tab_event_id text not null,
      product text not null,
      status text,
      total_cents ${t.whole},
      is_final integer not null,
      seen_at ${t.instant} not null,
      primary key (tab_event_id, product)
    )${t.clustered}`,
    `create table start_time_changes (
      tab_event_id text not null,
      seen_at ${t.instant} not null,
      start_time ${t.instant} not null,
      primary key (tab_event_id, seen_at)
    )${t.clustered}`,
    `create table scratchings (
      tab_entrant_id text primary key,
      tab_event_id text not null,
      number integer,
      scratched_at ${t.instant},
      seen_at ${t.instant} not null,
      withdrawn_at ${t.instant}
    )${t.clustered}`,
    'create index scratchings_event on scratchings (tab_event_id)',
    `create table protests (
      tab_event_id text not null,
      seen_at ${t.instant} not null,
      text text not null,
      disqualified text not null,
      primary key (tab_event_id, seen_at)
    )${t.clustered}`,
    `create table past_starts (
      horse_scheme text not null,
      horse_number text not null,
      racing_date ${t.date} not null,
      track text,
      distance_m integer,
      finish text,
      field_size integer,
      margin text,
      time_text text,
      driver text,
      class_text text,
      price text,
      stewards text,
      primary key (horse_scheme, horse_number, racing_date)
    )${t.clustered}`,
    `create table missed_windows (
      subject text not null,
      due_at ${t.instant} not null,
      racing_date ${t.date} not null,
      race_number integer,
      looked_at ${t.instant} not null,
      reason text not null,
      cause text not null,
      primary key (subject, due_at)
    )${t.clustered}`,
    `create table capture_cycles (
      id ${t.generatedId},
      started_at ${t.instant} not null,
      ended_at ${t.instant} not null,
      next_at ${t.instant},
      races_read integer not null,
      changed integer not null,
      failed integer not null,
      error_code text,
      outcome text not null
    )${t.table}`,
    'create index capture_cycles_ended_at on capture_cycles (ended_at)',
    `create index starters_tab_entrant_id on starters (tab_entrant_id)
      where tab_entrant_id is not null`,
    `create index races_tab_event_id on races (tab_event_id)
      where tab_event_id is not null`,
    `create view odds as
      select
        s.id as starter_id, s.race_id, s.horse_id, s.horse_name, e.number,
        e.tab_event_id, e.tab_entrant_id, o.first_seen, o.last_seen,
        o.fixed_win_cents / 100.0 as fixed_win, o.fixed_place_cents / 100.0 as fixed_place,
        o.pool_win_cents / 100.0 as pool_win, o.pool_place_cents / 100.0 as pool_place
      from odds_snapshots o
      join tab_entrants e on e.id = o.entrant
      left join starters s on s.tab_entrant_id = e.tab_entrant_id`,
    `create view race_dividends as
      select
        r.id as race_id, r.meeting_id, r.race_number, d.tab_event_id, d.status, d.product,
        d.numbers, d.pays_cents / 100.0 as pays, d.pool_cents / 100.0 as pool,
        d.jackpot_cents / 100.0 as jackpot, d.seen_at
      from dividends d
      left join races r on r.tab_event_id = d.tab_event_id`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    'drop view race_dividends',
    'drop view odds',
    'drop index races_tab_event_id',
    'drop index starters_tab_entrant_id',
    ...tables.map((table) => `drop table ${table}`),
  ])
}

const tables = [
  'capture_cycles',
  'missed_windows',
  'past_starts',
  'protests',
  'scratchings',
  'start_time_changes',
  'pools',
  'dividends',
  'odds_snapshots',
  'tab_entrants',
]
