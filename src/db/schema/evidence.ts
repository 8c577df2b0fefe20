import type { Judgement, LinkRule, StartPhase, Verdict } from '../../domain/masters.ts'
import type { Gait, Source } from '../../domain/observation.ts'
import type { Generated } from 'kysely'

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

export interface VenueAliasesTable {
  id: Generated<number>
  source: Source | 'any'
  kind: 'club' | 'venue'
  text: string
  venue: string
  valid_from: string | null
  valid_to: string | null
}
