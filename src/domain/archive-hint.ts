import { addDays, racingDate } from './dates.ts'

/** Days after which what TAB said is hardly ever read again. */
const days = 365

/**
 * What to do about a database that has grown large; null where nothing old is left to move.
 * `oldest`: when the oldest of TAB's bodies in the database was fetched.
 */
export function archiveHint(
  sizeBytes: number,
  oldest: string | null,
  now: number,
): { readonly message: string; readonly next: string } | null {
  if (oldest === null) return null
  const since = racingDate(Date.parse(oldest))
  if (since >= addDays(racingDate(now), -days)) return null
  return {
    message: `${(sizeBytes / 1_000_000_000).toFixed(1)} GB, with raw documents since ${since}`,
    next: `harness db archive --before -${days}d --dry-run`,
  }
}
