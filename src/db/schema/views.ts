import type { LinkRule } from '../../domain/masters.ts'
import type { RaceStatus, Source } from '../../domain/observation.ts'
import type { LinksTable } from './evidence.ts'
import type { HorsesTable, MeetingsTable, RacesTable, StartersTable } from './masters.ts'

/** View: one flat row per start with its meeting, race and horse, and where each came from. */
export interface StartsView
  extends
    Omit<StartersTable, 'id' | 'horse_id' | 'hrnz_key' | 'manual_key'>,
    Pick<
      MeetingsTable,
      | 'meeting_date'
      | 'venue'
      | 'club'
      | 'track_condition'
      | 'weather'
      | 'data_source'
      | 'match_rule'
      | 'tab_meeting_id'
      | 'hrnz_url'
      | 'last_updated'
    >,
    Pick<
      RacesTable,
      | 'meeting_id'
      | 'race_number'
      | 'class_text'
      | 'distance_m'
      | 'gait'
      | 'start_type'
      | 'is_handicap'
      | 'start_time'
      | 'winning_time_ms'
      | 'mile_rate_ms'
      | 'tab_event_id'
    >,
    Pick<
      LinksTable,
      'tab_horse_nz' | 'tab_horse_intl' | 'hrnz_guid' | 'hrnz_number' | 'harness_nz_horse_id'
    >,
    Pick<HorsesTable, 'sire' | 'dam' | 'dam_sire' | 'sex' | 'colour' | 'country' | 'foaled_on'> {
  starter_id: number
  horse_id: number | null
  meeting_status: RaceStatus
  race_name: string | null
  race_status: RaceStatus
  race_stake_cents: number | null
  master_name: string | null
  normalized_name: string | null
  hrnz_race_key: string | null
  manual_race_key: string | null
  hrnz_starter_key: string | null
  manual_starter_key: string | null
  link_rule: LinkRule | null
  link_decided_by: 'rule' | 'human' | null
  link_source_key: string | null
}

/** View: what each source said of a meeting. */
export interface MeetingSourcesView {
  meeting_id: number | null
  meeting_date: string
  source: Source
  kind: string
  source_key: string
  url: string | null
  venue: string | null
  club: string | null
  club_number: string | null
  tab_meeting_id: string | null
  observed_at: string
  confirmed_at: string
  document_id: number | null
  document_hash: string | null
  archived_in: string | null
  parser_version: string
  observation_id: number
}
