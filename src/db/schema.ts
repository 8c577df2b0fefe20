import type { Generated } from 'kysely'
import type { AlertLevel } from '../domain/alerts/decide-alerts.ts'
import type { DataSource, Judgement, LinkRule, StartPhase, Verdict } from '../domain/masters.ts'
import type { Gait, RaceStatus, Source, StartType } from '../domain/observation.ts'
import type { QualityStatus } from '../domain/quality/quality-rules.ts'
import type { RulingKind } from '../domain/rulings/ruling-patterns.ts'
import type { MarketTables } from './market-schema.ts'
import type { PageState } from '../repositories/repositories.ts'

/**
 * The tables as both databases hand them out: dates and instants are text, flags are 0 or 1, 64-bit
 * counts are numbers. `Generated` columns may be left out of an insert.
 */
export interface Schema extends MarketTables {
  meetings: MeetingsTable
  races: RacesTable
  starters: StartersTable
  rulings: RulingsTable
  horses: HorsesTable
  horse_identifiers: HorseIdentifiersTable
  contested_identifiers: HorseIdentifiersTable
  redirects: RedirectsTable
  id_counters: { kind: string; next: number }
  observations: ObservationsTable
  links: LinksTable
  source_agreement: SourceAgreementTable
  horse_names: HorseNamesTable
  horse_facts: HorseFactsTable
  judgements: JudgementsTable
  review_items: ReviewItemsTable
  snoozes: SnoozesTable
  archives: ArchivesTable
  documents: DocumentsTable
  pages: PagesTable
  venue_aliases: VenueAliasesTable
  parse_issues: ParseIssuesTable
  field_baselines: FieldBaselinesTable
  data_ingestion_log: IngestionLogTable
  runs: RunsTable
  host_pace: HostPaceTable
  request_times: RequestTimesTable
  measures: MeasuresTable
  alerts: AlertsTable
  digests: { week: string; told_at: string }
  starts: StartsView
  meeting_sources: MeetingSourcesView
}

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

export interface ObservationsTable {
  id: Generated<number>
  source_key: string
  kind: string
  source: Source
  racing_date: string
  venue: string | null
  club: string | null
  club_number: string | null
  tab_meeting_id: string | null
  card: string
  meeting_id: Generated<number | null>
  digest: string
  document_id: number | null
  parser_version: string
  observed_at: string
  confirmed_at: string
  /** Raw deflate of the tree's JSON. */
  tree: Uint8Array
}

export interface LinksTable {
  starter_id: number
  horse_id: number
  rule: LinkRule
  decided_by: 'rule' | 'human'
  race_id: number
  racing_date: string
  start_time: string | null
  phase: StartPhase
  source_key: string
  tab_entrant_id: string | null
  manual_key: string | null
  name: string
  name_key: string
  sire: string | null
  dam: string | null
  dam_sire: string | null
  sex: string | null
  colour: string | null
  country: string | null
  foaled_on: string | null
  gait: Gait | null
  tab_horse_nz: string | null
  tab_horse_intl: string | null
  hrnz_guid: string | null
  hrnz_number: string | null
  harness_nz_horse_id: string | null
}

export interface SourceAgreementTable {
  meeting_id: number
  field: string
  told: number
  differ: number
}

export interface HorseNamesTable {
  horse_id: number
  name_key: string
  name: string
  first_seen: string
  last_seen: string
}

export interface HorseFactsTable {
  scheme: string
  value: string
  name: string
  sire: string | null
  dam: string | null
  dam_sire: string | null
  sex: string | null
  colour: string | null
  country: string | null
  foaled_on: string | null
  hrnz_guid: string | null
  hrnz_number: string | null
  document_id: number
}

export interface JudgementsTable {
  id: Generated<number>
  kind: Judgement['kind']
  a: string
  b: string
  verdict: Verdict
  reason: string | null
  actor: string
  created_at: string
  evidence: string
  retracted_at: Generated<string | null>
}

export interface SnoozesTable {
  kind: 'meeting' | 'horse'
  code: string
  subject: string
  /** Empty where the question is about one master alone. */
  other: string
  until: string
}

export interface ReviewItemsTable {
  id: Generated<number>
  kind: 'meeting' | 'horse'
  code: string
  subject: string
  other: string | null
  subject_id: number
  other_id: number | null
  question: string
  evidence: string
  priority: number
}

export interface DocumentsTable {
  id: Generated<number>
  source: Source
  kind: string
  url: string
  hash: string
  content_type: string | null
  etag: string | null
  last_modified: string | null
  http_status: number | null
  racing_date: string | null
  label: string | null
  size: number
  fetched_at: string
  last_seen_at: string
  /**
   * Raw deflate of the bytes as sent; packed against another document where there is a base. Null
   * where an archive has it.
   */
  body: Uint8Array | null
  base_id: number | null
  archive_id: number | null
}

/** Files to which bodies and prices were moved. */
export interface ArchivesTable {
  id: Generated<number>
  /** Where it was when it was last named. */
  file: string
  /** What the file knows itself by, wherever it is moved. */
  key: string
  has_prices: number
  made_at: string
}

export interface PagesTable {
  id: Generated<number>
  source: Source
  kind: string
  url: string
  racing_date: string | null
  club: string | null
  club_number: string | null
  venue: string | null
  state: PageState
  due_at: string | null
  attempts: number
  reason: string | null
  error_code: string | null
  last_fetched_at: string | null
  etag: string | null
  last_modified: string | null
  document_id: number | null
  /** The run that has it in hand, where several share the work; void once that run has ended. */
  claimed_by: Generated<number | null>
}

export interface VenueAliasesTable {
  id: Generated<number>
  source: Source | 'any'
  kind: 'club' | 'venue'
  text: string
  venue: string
  valid_from: string | null
  valid_to: string | null
}

export interface FieldBaselinesTable {
  source: Source
  kind: string
  parser_version: string
  field: string
  share: number
  pages: number
}

export interface ParseIssuesTable {
  id: Generated<number>
  document_id: number
  source: Source
  racing_date: string | null
  code: string
  subject: string
  message: string
  excerpt: string | null
  created_at: string
}

export interface IngestionLogTable {
  id: Generated<number>
  source: Source
  date_processed: string
  url: string | null
  status: 'success' | 'failed' | 'partial'
  records_created: number
  records_updated: number
  errors: string | null
  created_at: string
}

export interface RunsTable {
  id: Generated<number>
  command: string
  argv: string
  version: string
  host: string
  pid: number
  started_at: string
  ended_at: string | null
  exit_code: number | null
  outcome: string | null
  counters: string | null
}

export interface HostPaceTable {
  host: string
  next_at: Generated<number>
  strikes: Generated<number>
  lease_owner: string | null
  lease_until: Generated<number>
  refused_until: Generated<number>
  refused_reason: string | null
  robots_text: string | null
  robots_fetched_at: Generated<number>
}

export interface RequestTimesTable {
  host: string
  day: string
  status: number
  up_to_ms: number
  requests: number
}

export interface MeasuresTable {
  day: string
  measure: string
  numerator: number
  denominator: number | null
  status: QualityStatus
}

export interface AlertsTable {
  rule: string
  subject: string
  state: AlertLevel
  opened_at: string
  recovered_at: string | null
  value: string
  clear_looks: number
  told: AlertLevel | null
  told_at: string | null
}

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
