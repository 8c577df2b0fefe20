import type { Kysely, Migration } from 'kysely'
import { columnTypes, runAll } from './column-types.ts'

/** What the sources said, what was decided on it, and by whom. */
export const evidence: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  const t = columnTypes(db)
  await runAll(db, [
    // The reference to the meeting is checked at commit: a unit may assign before it writes cards.
    `create table observations (
      id ${t.generatedId},
      source_key text not null,
      kind text not null,
      source text not null,
      racing_date ${t.date} not null,
      venue text,
      club text,
      club_number text,
      tab_meeting_id text,
      card text not null,
      meeting_id integer references meetings (id) on delete set null
        deferrable initially deferred,
      digest text not null,
      document_id ${t.whole},
      parser_version text not null,
      observed_at ${t.instant} not null,
      confirmed_at ${t.instant} not null,
      tree ${t.blob} not null,
      unique (source_key, kind)
    )${t.table}`,
    'create index observations_racing_date on observations (racing_date)',
    'create index observations_meeting_id on observations (meeting_id)',
    `create table links (
      starter_id integer primary key references starters (id) on delete cascade,
      horse_id integer not null references horses (id),
      rule text not null,
      decided_by text not null check (decided_by in ('rule', 'human')),
      race_id integer not null,
      racing_date ${t.date} not null,
      start_time ${t.instant},
      phase text not null,
      source_key text not null,
      tab_entrant_id text,
      manual_key text,
      name text not null,
      name_key text not null,
      sire text,
      dam text,
      dam_sire text,
      sex text,
      colour text,
      country text,
      foaled_on ${t.date},
      gait text,
      tab_horse_nz text,
      tab_horse_intl text,
      hrnz_guid text,
      hrnz_number text,
      harness_nz_horse_id text
    )${t.table}`,
    'create index links_horse_id on links (horse_id, racing_date)',
    `create index links_name_only on links (race_id) where rule = 'name-only'`,
    'create index links_source_key on links (source_key)',
    // Counts of what both sources tell of a meeting, and in how many values they differ: derived
    // from the observations, rewritten with the card.
    `create table source_agreement (
      meeting_id integer not null references meetings (id) on delete cascade,
      field text not null,
      told integer not null,
      differ integer not null,
      primary key (meeting_id, field)
    )${t.clustered}`,
    // Identifiers that a second horse claims as well; horse_identifiers has the one that owns it.
    `create table contested_identifiers (
      scheme text not null,
      value text not null,
      horse_id integer not null references horses (id) on delete cascade,
      primary key (scheme, value, horse_id)
    )${t.clustered}`,
    'create index contested_identifiers_horse_id on contested_identifiers (horse_id)',
    `create table horse_names (
      horse_id integer not null references horses (id) on delete cascade,
      name_key text not null,
      name text not null,
      first_seen ${t.date} not null,
      last_seen ${t.date} not null,
      primary key (horse_id, name_key)
    )${t.clustered}`,
    'create index horse_names_name_key on horse_names (name_key)',
    // What HRNZ's page of a single horse says, under each id that stands for the page.
    `create table horse_facts (
      scheme text not null,
      value text not null,
      name text not null,
      sire text,
      dam text,
      dam_sire text,
      sex text,
      colour text,
      country text,
      foaled_on ${t.date},
      hrnz_guid text,
      hrnz_number text,
      document_id ${t.whole} not null,
      primary key (scheme, value)
    )${t.clustered}`,
    `create table judgements (
      id ${t.generatedId},
      kind text not null check (kind in ('meeting', 'horse', 'correction')),
      a text not null,
      b text not null,
      verdict text not null check (verdict in ('same', 'different', 'unsure', 'set')),
      reason text,
      actor text not null,
      created_at ${t.instant} not null,
      evidence text not null,
      retracted_at ${t.instant}
    )${t.table}`,
    `create table review_items (
      id ${t.generatedId},
      kind text not null check (kind in ('meeting', 'horse')),
      code text not null,
      subject text not null,
      other text,
      subject_id integer not null,
      other_id integer,
      question text not null,
      evidence text not null,
      priority ${t.whole} not null
    )${t.table}`,
    `create unique index review_items_question
      on review_items (kind, code, subject, (coalesce(other, '')))`,
    'create index review_items_subject_id on review_items (kind, subject_id)',
    // A fact, unlike the question itself: the question may go and come back meanwhile.
    `create table snoozes (
      kind text not null check (kind in ('meeting', 'horse')),
      code text not null,
      subject text not null,
      other text not null,
      until ${t.instant} not null,
      primary key (kind, code, subject, other)
    )${t.clustered}`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    'drop table snoozes',
    'drop table review_items',
    'drop table judgements',
    'drop table horse_facts',
    'drop table horse_names',
    'drop table contested_identifiers',
    'drop table source_agreement',
    'drop table links',
    'drop table observations',
  ])
}
