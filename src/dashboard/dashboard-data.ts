import type { Measure } from '../domain/quality/measures.ts'
import type { QualityMetric } from '../domain/quality/quality-metrics.ts'
import type { DashboardFacts } from '../repositories/dashboard.ts'
import type { HealthFacts, Summary } from '../repositories/reports.ts'

/** A meeting in which a rule found something. */
export interface Example {
  readonly id: number
  readonly date: string
  readonly venue: string
  readonly pages: readonly { readonly source: string; readonly url: string }[]
}

/** All that the page is made of: the same data is the same page. */
export interface DashboardData {
  /** The file or URL, fit to be shown. */
  readonly database: string
  /** Instant of the look, and its NZ racing date. */
  readonly at: string
  readonly today: string
  /** Days, today included, that `health` and the missed windows of `facts` are of. */
  readonly days: number
  readonly summary: Summary
  /** Over everything, and by season. */
  readonly metrics: readonly QualityMetric[]
  /** The newest meetings concerned, by rule. */
  readonly examples: Readonly<Record<string, readonly Example[]>>
  readonly measures: readonly Measure[]
  readonly health: HealthFacts
  readonly facts: DashboardFacts
}
