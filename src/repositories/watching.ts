import type { Alert } from '../domain/alerts/decide-alerts.ts'
import type { HealthSigns } from '../domain/alerts/watch-health.ts'
import type { Measure } from '../domain/quality/measures.ts'

/** The quality and health measures, day by day. */
export interface MeasureRepository {
  /** Replaces what is on record of the day: the last look at it is the one that counts. */
  saveDay(day: string, measures: readonly Omit<Measure, 'day'>[]): Promise<void>
  /** From this NZ racing date on, by day and measure. */
  since(day: string): Promise<Measure[]>
}

/** What alerts have opened, and what of it the owner was told. */
export interface AlertRepository {
  /** By rule and subject; those that have recovered too. */
  all(): Promise<Alert[]>
  save(alerts: readonly Alert[]): Promise<void>
  /** `since`: when the last day began; `overdue`: pages due before it count. ISO 8601. */
  facts(at: { readonly since: string; readonly overdue: string }): Promise<WatchFacts>
}

/** Which weeks the owner has had the digest of. A week is known by its Monday. */
export interface DigestRepository {
  isTold(week: string): Promise<boolean>
  told(week: string, at: string): Promise<void>
}

/** What stands in the database of the things that alerts watch, besides the health report. */
export type WatchFacts = Pick<
  HealthSigns,
  'layoutChanged' | 'overduePages' | 'missedWindows' | 'watcher'
>
