/** Bounds grow by a quarter: a percentile read from them is right to that. In ms, ten to two minutes. */
const bounds: readonly number[] = Array.from({ length: 43 }, (_, step) =>
  Math.round(10 * 1.25 ** step),
)

/** The least bound that the time does not go beyond; the last one takes what is longer. */
export function timingBound(ms: number): number {
  return bounds.find((bound) => ms <= bound) ?? bounds.at(-1)!
}

/** Requests that took up to so many ms. */
export interface TimingBucket {
  readonly upToMs: number
  readonly requests: number
}

/** The time that this share of the requests stayed within; null where there was none. */
export function percentile(buckets: readonly TimingBucket[], share: number): number | null {
  const sorted = buckets.toSorted((a, b) => a.upToMs - b.upToMs)
  const total = sorted.reduce((sum, { requests }) => sum + requests, 0)
  let seen = 0
  for (const { upToMs, requests } of sorted) {
    seen += requests
    if (seen >= total * share && requests > 0) return upToMs
  }
  return null
}
