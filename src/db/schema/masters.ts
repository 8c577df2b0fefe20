import type { DataSource } from '../../domain/masters.ts'
import type { Gait, RaceStatus, StartType } from '../../domain/observation.ts'
import type { RulingKind } from '../../domain/rulings/ruling-patterns.ts'
import type { Generated } from 'kysely'

export interface MeetingsTable {
  id: number
  meeting_date: string
  venue: string
  club: string | null
  data_source: DataSource
  tab_meeting_id: string | null
  hrnz_url: string | null
  status: RaceStatus
  track_condition: string | null
  weather: string | null
  match_rule: string
  match_evidence: string
  matched_at: string
  last_updated: string
}

export interface RacesTable {
  id: number
  meeting_id: number
  race_number: number
  name: string | null
  class_text: string | null
  distance_m: number | null
  gait: Gait | null
  start_type: StartType | null
  is_handicap: number | null
  start_time: string | null
  status: RaceStatus
  stake_cents: number | null
  winning_time_ms: number | null
  mile_rate_ms: number | null
  tab_event_id: string | null
  hrnz_key: string | null
  manual_key: string | null
}

export interface StartersTable {
  id: number
  race_id: number
  number: number | null
  /** Written by the horse repository alone. */
  horse_id: Generated<number | null>
  horse_name: string
  barrier: string | null
  handicap_m: number | null
  driver: string | null
  trainer: string | null
  scratched: number
  finish_position: number | null
  finish_raw: string | null
  time_ms: number | null
  margin_raw: string | null
  stake_cents: number | null
  favourite_ranks: string | null
  tab_entrant_id: string | null
  hrnz_key: string | null
  manual_key: string | null
}

export interface RulingsTable {
  starter_id: number
  kind: RulingKind
  race_id: number
  from_position: number | null
  to_position: number | null
  behind: string | null
  ruled_at: string | null
  reason: string | null
  text: string
  agrees: number | null
  document_id: number | null
}

export interface HorsesTable {
  id: number
  name: string
  normalized_name: string
  sire: string | null
  dam: string | null
  dam_sire: string | null
  sex: string | null
  colour: string | null
  country: string | null
  foaled_on: string | null
  first_seen: string | null
  last_seen: string | null
  race_count: number
  tally: string | null
}

export interface HorseIdentifiersTable {
  horse_id: number
  scheme: string
  value: string
}

export interface RedirectsTable {
  kind: 'meeting' | 'horse'
  old_id: number
  id: number
  retired_at: string
  anchor: string
}
