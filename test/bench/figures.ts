/** What a measured process says: milliseconds and counts by name. */
export type Figures = Readonly<Record<string, number>>

/** One run of one process; `rss` is its peak memory in megabytes. */
export interface Run {
  readonly figures: Figures
  readonly rss: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** The median of one figure over several runs; figures that are left out count as 0. */
export function medianOf(runs: readonly Run[], name: string): number {
  return median(runs.map(({ figures }) => figures[name] ?? 0))
}

export function medianRss(runs: readonly Run[]): number {
  return median(runs.map(({ rss }) => rss))
}
