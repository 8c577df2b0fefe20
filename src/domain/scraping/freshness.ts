import { addDays, nzInstant } from '../dates.ts'

/**
 * When a results page is worth reading again. It follows the meeting, not the page: the results of
 * the evening, the corrections of the next morning, then the judicial decisions that come weeks and
 * months later. Never past 330 days: file names are used again after a year.
 */
interface Window {
  readonly days: number
  /** NZ clock time at which it opens. */
  readonly time: string
  readonly why: string
}
const windows: readonly Window[] = [
  { days: 0, time: '22:30:00', why: 'results of the evening' },
  { days: 1, time: '08:00:00', why: 'corrections of the next morning' },
  ...[3, 7, 28, 60, 120, 240, 330].map((days) => ({
    days,
    time: '08:00:00',
    why: `decisions within ${days} days`,
  })),
]

export interface Due {
  /** Epoch ms. */
  readonly at: number
  readonly why: string
}

/**
 * The first window after the last read; null when all have been used and the page is final. A window
 * that nobody was there for is made up for by the next read, whenever that is: one read serves all
 * windows before it.
 */
export function nextRead(meetingDate: string, lastReadAt: number): Due | null {
  for (const { days, time, why } of windows) {
    const at = nzInstant(addDays(meetingDate, days), time)
    if (at > lastReadAt) return { at, why }
  }
  return null
}

/**
 * The same for each kind of page. Fields change until the races begin, and are nothing to come back
 * for afterwards; a stewards' report is corrected within days, if at all.
 */
export function nextReadOf(
  kind: 'results' | 'fields' | 'stewards',
  meetingDate: string,
  lastReadAt: number,
): Due | null {
  if (kind === 'results') return nextRead(meetingDate, lastReadAt)
  const opens =
    kind === 'fields'
      ? [-3, -2, -1, 0].map((days) => nzInstant(addDays(meetingDate, days), '08:00:00'))
      : [1, 3, 10].map((days) => nzInstant(addDays(meetingDate, days), '08:00:00'))
  const at = opens.find((open) => open > lastReadAt)
  const why = kind === 'fields' ? 'the card of the morning' : "corrections of the stewards' report"
  return at === undefined ? null : { at, why }
}

/** True once the name of the page may stand for next year's meeting. */
export function isPastReuse(meetingDate: string, now: number): boolean {
  return now > nzInstant(addDays(meetingDate, 331), '00:00:00')
}

const hourMs = 3_600_000

/** When a page that failed is tried again: after an hour, then ever later, at most a day. */
export function retryAfterFailure(attempts: number, now: number): number {
  return now + Math.min(24, 2 ** Math.min(Math.max(attempts, 1) - 1, 5)) * hourMs
}
