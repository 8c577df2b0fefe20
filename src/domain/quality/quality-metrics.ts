import { type QualityRuleId, qualityRules, type QualityStatus, statusOf } from './quality-rules.ts'
import { seasonOf } from './season.ts'

/** What was counted for one rule: found among so many; and what is not to be expected yet. */
export interface QualityCount {
  readonly found: number
  readonly among: number
  readonly notYet: number
}

/** Counts of one meeting, or of the horses last seen on a date (no venue, no source). */
export interface QualityTally {
  readonly date: string | null
  readonly venue: string | null
  readonly source: string | null
  readonly counts: Readonly<Partial<Record<QualityRuleId, QualityCount>>>
}

export const qualityScopes = ['all', 'season', 'venue', 'source'] as const
export type QualityScope = (typeof qualityScopes)[number]

/** One line of the report. `scope`: `all`, `season 2025`, `venue Addington`, `source merged`. */
export interface QualityMetric {
  readonly id: QualityRuleId
  readonly numerator: number
  readonly denominator: number
  readonly scope: string
  readonly status: QualityStatus
  /** Not there, and too early to miss it. */
  readonly notYet: number
  readonly text: string
  readonly of: string
  readonly next: string
  /** Why, where that is known: how many for each reason. */
  readonly reasons?: Readonly<Record<string, number>>
}

/** Sums the tallies over everything, and over each season, venue and source. */
export function qualityMetrics(
  tallies: readonly QualityTally[],
  scopes: readonly QualityScope[],
  reasons: Readonly<Partial<Record<QualityRuleId, Readonly<Record<string, number>>>>> = {},
): QualityMetric[] {
  const sums = new Map<string, Map<QualityRuleId, QualityCount>>()
  if (scopes.includes('all')) sums.set('all', new Map())
  for (const tally of tallies)
    for (const scope of scopesOf(tally, scopes)) {
      const sum = sums.get(scope) ?? new Map<QualityRuleId, QualityCount>()
      sums.set(scope, sum)
      for (const { id } of qualityRules) {
        const count = tally.counts[id]
        if (count !== undefined) sum.set(id, added(sum.get(id), count))
      }
    }
  return [...sums].toSorted(byScope).flatMap(([scope, counts]) =>
    qualityRules.flatMap((rule) => {
      const count = counts.get(rule.id)
      if (count === undefined && scope !== 'all') return []
      const { found, among, notYet } = count ?? none
      const why = scope === 'all' ? reasons[rule.id] : undefined
      const metric: QualityMetric = {
        id: rule.id,
        numerator: found,
        denominator: among,
        scope,
        status: statusOf(rule, found, among),
        notYet,
        text: rule.text,
        of: rule.of,
        next: rule.next,
        ...(why === undefined ? {} : { reasons: why }),
      }
      return [metric]
    }),
  )
}

/** The worst status among the metrics. */
export function worstStatus(metrics: readonly QualityMetric[]): QualityStatus {
  const order: readonly QualityStatus[] = ['error', 'warn', 'info']
  return order.find((status) => metrics.some((metric) => metric.status === status)) ?? 'ok'
}

const none: QualityCount = { found: 0, among: 0, notYet: 0 }

function added(sum: QualityCount = none, count: QualityCount): QualityCount {
  return {
    found: sum.found + count.found,
    among: sum.among + count.among,
    notYet: sum.notYet + count.notYet,
  }
}

function scopesOf(tally: QualityTally, asked: readonly QualityScope[]): string[] {
  return asked.flatMap((scope) => {
    if (scope === 'all') return ['all']
    const value =
      scope === 'season' ? (tally.date === null ? null : seasonOf(tally.date)) : tally[scope]
    return value === null ? [] : [`${scope} ${value}`]
  })
}

/** Everything first; then seasons, venues and sources, each by name. */
function byScope([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const rank = (scope: string) => qualityScopes.findIndex((kind) => scope.startsWith(kind))
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}
