import { isoInstant, racingDate } from '../../domain/dates.ts'
import {
  type QualityMetric,
  qualityMetrics,
  type QualityScope,
} from '../../domain/quality/quality-metrics.ts'
import { settledAfterHours } from '../../domain/quality/quality-rules.ts'
import type { QualityCounts, QualityMoment, ReportRepository } from '../../repositories/reports.ts'
import type { AppDeps } from '../ports.ts'

export type QualityDeps = Pick<AppDeps, 'clock'> & { readonly reports: ReportRepository }

/** All rules over all meetings and horses, summed for each scope asked for. */
export async function reportQuality(
  deps: QualityDeps,
  scopes: readonly QualityScope[],
): Promise<QualityMetric[]> {
  const { tallies, reasons } = await tallyQuality(deps)
  return qualityMetrics(tallies, scopes, reasons)
}

/** What the rules count in each meeting, and among the horses. */
export function tallyQuality({ reports, clock }: QualityDeps): Promise<QualityCounts> {
  return reports.quality(qualityMoment(clock))
}

export function qualityMoment(clock: AppDeps['clock']): QualityMoment {
  const settledAt = clock.now() - settledAfterHours * 3_600_000
  return { settledAt: isoInstant(settledAt), settledDate: racingDate(settledAt) }
}
