import type { AlertLevel } from '../../domain/alerts/decide-alerts.ts'
import type { Source } from '../../domain/observation.ts'
import type { QualityStatus } from '../../domain/quality/quality-rules.ts'
import type { Generated } from 'kysely'

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
