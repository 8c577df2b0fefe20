import type { Measure } from '../quality/measures.ts'
import type { QualityMetric } from '../quality/quality-metrics.ts'
import type { AlertLevel, Sighting } from './decide-alerts.ts'

/** One thing as a look found it, with the figure that is kept of it day by day. */
export interface Watched extends Sighting {
  readonly rule: AlertRule
  readonly figure: Omit<Measure, 'day'> | null
}

/** What each rule is called where it is shown. */
export const alertRules = {
  nightly: 'the last night',
  scrape: 'scrape',
  discover: 'discover',
  capture: 'capture',
  quality: 'quality',
  silent: 'a source that gives nothing',
  failing: 'failing pages',
  slow: 'slow answers',
  layout: 'pages of another layout',
  refused: 'a host that refuses us',
  missed: 'missed windows',
  overdue: 'pages long due',
  size: 'size of the database',
  disk: 'space on the disk',
  backup: 'the last backup',
  heartbeat: 'capture --watch',
} as const
export type AlertRule = keyof typeof alertRules

/** What to do about each, where the sighting does not say so itself. */
export const nextSteps: Readonly<Partial<Record<AlertRule, string>>> = {
  nightly: 'what failed is done the next night; `harness doctor` looks for the cause',
  scrape: 'run `harness scrape` by hand and see what it says',
  discover: 'run `harness discover` by hand and see what it says',
  capture: 'run `harness capture` by hand and see what it says',
  silent: '`harness report health` tells what came in its place',
  failing: '`harness report health` tells why',
  slow: 'nothing to do unless it lasts',
  refused: 'nothing to do: it is asked again then',
  missed: '`harness report health` tells when and why',
  overdue: 'run `harness scrape`',
  size: '`harness db archive --before -365d` makes it smaller',
  disk: 'free some space, or see what `harness db prune --dry-run` would remove',
  backup: 'run `harness db backup FILE`',
  heartbeat: 'start it again; `harness status` tells how it ended',
}

/** What each command knows of itself; quality, which reads every race, is the night's to look at. */
const known: readonly AlertRule[] = ['nightly', 'scrape', 'discover', 'capture', 'quality']

/** Rules that a look at the database's own records answers. */
export const healthRules: ReadonlySet<AlertRule> = new Set(
  (Object.keys(alertRules) as AlertRule[]).filter((rule) => !known.includes(rule)),
)

/** The rules of the quality report, over everything. */
export function watchQuality(metrics: readonly QualityMetric[]): Watched[] {
  return metrics
    .filter(({ scope }) => scope === 'all')
    .map(({ id, status, numerator, denominator, text, of, next }) => {
      const level: AlertLevel = status === 'info' ? 'ok' : status
      return {
        rule: 'quality',
        subject: id,
        level,
        isClear: level === 'ok',
        value: `${numerator} ${text}, of ${denominator} ${of} (${next})`,
        figure: { measure: id, numerator, denominator, status },
      }
    })
}
