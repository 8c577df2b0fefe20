import { groupBy } from '../group-by.ts'

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
  const least = total(sorted) * share
  let seen = 0
  for (const { upToMs, requests } of sorted) {
    seen += requests
    if (seen >= least && requests > 0) return upToMs
  }
  return null
}

/** Requests of one host: how many, how many failed, and how long whole answers took. */
export function summariseRequests(
  buckets: readonly (TimingBucket & {
    /** HTTP status; 0 where there was no whole answer. */
    readonly status: number
  })[],
) {
  const answered = buckets.filter(({ status }) => status !== 0)
  return {
    requests: total(buckets),
    failed: total(buckets.filter(({ status }) => status === 0 || status >= 400)),
    answered: total(answered),
    p50: percentile(answered, 0.5),
    p95: percentile(answered, 0.95),
    /** Requests by status, ascending. */
    statuses: [...groupBy(buckets, ({ status }) => status)]
      .toSorted(([a], [b]) => a - b)
      .map(([status, some]) => ({
        name: status === 0 ? 'no answer' : String(status),
        requests: total(some),
      })),
  }
}

function total(buckets: readonly TimingBucket[]): number {
  return buckets.reduce((sum, { requests }) => sum + requests, 0)
}
