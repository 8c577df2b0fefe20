import { watchQuality } from '../../domain/alerts/alert-rules.ts'
import type { AlertLook } from '../../domain/alerts/decide-alerts.ts'
import { watchRun } from '../../domain/alerts/watch-run.ts'
import type { QualityMetric } from '../../domain/quality/quality-metrics.ts'
import type { NightlyReport, NightlyResult } from './nightly.ts'

/** The steps that somebody should look at. */
export function troubled({ steps }: Pick<NightlyResult, 'steps'>): NightlyReport[] {
  return steps.filter(({ exitCode }) => exitCode !== 0)
}

/** One sentence about a night. */
export function nightInWords(result: NightlyResult): string {
  const poor = troubled(result)
  if (poor.length === 0) return `all ${result.steps.length} steps done`
  const what = poor.map(({ name, state, outcome }) => `${name} ${state}: ${outcome}`)
  return `${poor.length} of ${result.steps.length} steps need a look: ${what.join('; ')}`
}

/**
 * What a night knows besides what is in the database: how it went, and the quality, unless it was
 * not looked at.
 */
export function nightlyLook(
  ended: { readonly exitCode: number; readonly outcome: string },
  metrics: readonly QualityMetric[],
): AlertLook {
  return {
    rules: new Set(metrics.length === 0 ? ['nightly'] : ['nightly', 'quality']),
    sightings: [watchRun('nightly', ended), ...watchQuality(metrics)],
  }
}
