import { watchQuality } from '../../domain/alerts/alert-rules.ts'
import { watchHealth } from '../../domain/alerts/watch-health.ts'
import { racingDate } from '../../domain/dates.ts'
import type { Measure } from '../../domain/quality/measures.ts'
import type { QualityMetric } from '../../domain/quality/quality-metrics.ts'
import type { MeasureRepository } from '../../repositories/watching.ts'
import { healthSigns, type HealthSignsDeps } from './health-signs.ts'

/** Puts the day's measures on record, in place of those of an earlier look at the same day. */
export async function keepMeasures(
  deps: HealthSignsDeps & { readonly measures: MeasureRepository },
  metrics: readonly QualityMetric[],
): Promise<void> {
  const watched = [...watchQuality(metrics), ...watchHealth(await healthSigns(deps))]
  const { questions } = await deps.reports.summary()
  const open: Omit<Measure, 'day'> = {
    measure: 'questions-open',
    numerator: questions,
    denominator: null,
    status: 'ok',
  }
  await deps.measures.saveDay(racingDate(deps.clock.now()), [
    ...watched.flatMap(({ figure }) => figure ?? []),
    open,
  ])
}
