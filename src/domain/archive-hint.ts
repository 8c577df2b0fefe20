import { addDays, racingDate } from './dates.ts'

/** Bytes from which a database is slow to copy and to back up. */
const large = 1_000_000_000
/** Days after which what TAB said is hardly ever read again. */
const days = 365

/**
 * What to do about a database that has grown large; null where it has not, or where nothing old is
 * left to move. `oldest`: when the oldest of TAB's bodies in the database was fetched.
 */
export function archiveHint(
  sizeBytes: number | null,
  oldest: string | null,
  now: number,
): { readonly message: string; readonly next: string } | null {
  if (sizeBytes === null || sizeBytes < large || oldest === null) return null
  const since = racingDate(Date.parse(oldest))
  if (since >= addDays(racingDate(now), -days)) return null
  return {
    message: `${(sizeBytes / 1_000_000_000).toFixed(1)} GB, with raw documents since ${since}`,
    next: `harness db archive --before -${days}d --dry-run`,
  }
}
