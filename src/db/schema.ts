import type {
  ArchivesTable,
  DocumentsTable,
  FieldBaselinesTable,
  PagesTable,
  ParseIssuesTable,
} from './schema/archive.ts'
import type {
  HorseFactsTable,
  HorseNamesTable,
  JudgementsTable,
  LinksTable,
  ObservationsTable,
  ReviewItemsTable,
  SnoozesTable,
  SourceAgreementTable,
  VenueAliasesTable,
} from './schema/evidence.ts'
import type { MarketTables } from './schema/market.ts'
import type {
  HorseIdentifiersTable,
  HorsesTable,
  MeetingsTable,
  RacesTable,
  RedirectsTable,
  RulingsTable,
  StartersTable,
} from './schema/masters.ts'
import type {
  AlertsTable,
  HostPaceTable,
  IngestionLogTable,
  MeasuresTable,
  RequestTimesTable,
  RunsTable,
} from './schema/operations.ts'
import type { MeetingSourcesView, StartsView } from './schema/views.ts'

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
