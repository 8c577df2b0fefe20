import { longestHoldMs } from '../../domain/scraping/host-hold.ts'

/**
 * The instant (epoch ms) that a Retry-After header names, in either of its forms: seconds, or an
 * HTTP date. Undefined for anything else. The date is the server's own clock, so it is read against
 * the answer's `Date` header where there is one: a machine whose clock is wrong, or simulated, would
 * otherwise wait for years or not at all. What lies further off is cut to the longest hold.
 */
export function retryAfterInstant(
  header: string | undefined,
  answer: { readonly receivedAt: number; readonly dateHeader?: string | undefined },
): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === '' || text.length > 64) return undefined
  const bounded = (waitMs: number): number =>
    answer.receivedAt + Math.min(longestHoldMs, Math.max(0, waitMs))
  if (/^\d+$/.test(text)) return bounded(Number(text) * 1000)
  // HTTP dates begin with the day's name; `Date.parse` alone would read `-5` or `1.5` as a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const named = Date.parse(text)
  if (Number.isNaN(named)) return undefined
  const sent = Date.parse(answer.dateHeader ?? '')
  return bounded(named - (Number.isNaN(sent) ? answer.receivedAt : sent))
}
