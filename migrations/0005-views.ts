import type { Kysely, Migration } from 'kysely'
import { runAll } from './column-types.ts'

/** One flat row per start, and what each source said of a meeting. */
export const views: Migration = { up, down }

async function up(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create view starts as
      select
        s.id as starter_id, s.race_id, r.meeting_id, s.horse_id,
        m.meeting_date, m.venue, m.club, m.status as meeting_status,
        m.track_condition, m.weather,
        r.race_number, r.name as race_name, r.class_text, r.distance_m, r.gait, r.start_type,
        r.is_handicap, r.start_time, r.status as race_status, r.stake_cents as race_stake_cents,
        r.winning_time_ms, r.mile_rate_ms,
        s.number, s.horse_name, s.barrier, s.handicap_m, s.driver, s.trainer, s.scratched,
        s.finish_position, s.finish_raw, s.time_ms, s.margin_raw, s.stake_cents,
        s.favourite_ranks,
        h.name as master_name, h.normalized_name, h.sire, h.dam, h.dam_sire, h.sex, h.colour,
        h.country, h.foaled_on,
        m.data_source, m.match_rule, m.tab_meeting_id, m.hrnz_url,
        r.tab_event_id, r.hrnz_key as hrnz_race_key, r.manual_key as manual_race_key,
        s.tab_entrant_id, s.hrnz_key as hrnz_starter_key, s.manual_key as manual_starter_key,
        l.rule as link_rule, l.decided_by as link_decided_by, l.source_key as link_source_key,
        l.tab_horse_nz, l.tab_horse_intl, l.hrnz_guid, l.hrnz_number, l.harness_nz_horse_id,
        m.last_updated
      from starters s
      join races r on r.id = s.race_id
      join meetings m on m.id = r.meeting_id
      left join horses h on h.id = s.horse_id
      left join links l on l.starter_id = s.id`,
    `create view meeting_sources as
      select
        o.meeting_id, o.racing_date as meeting_date, o.source, o.kind, o.source_key, d.url,
        o.venue, o.club, o.club_number, o.tab_meeting_id, o.observed_at, o.confirmed_at,
        o.document_id, d.hash as document_hash, a.file as archived_in, o.parser_version,
        o.id as observation_id
      from observations o
      left join documents d on d.id = o.document_id
      left join archives a on a.id = d.archive_id`,
  ])
}

async function down(db: Kysely<unknown>): Promise<void> {
  await runAll(db, ['drop view meeting_sources', 'drop view starts'])
}
