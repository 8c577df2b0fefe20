import { Temporal } from 'temporal-polyfill'

/** Racing dates are New Zealand's own, whatever the clock of the machine says. */
export const racingZone = 'Pacific/Auckland'

/** Inclusive on both ends, `YYYY-MM-DD`. */
export interface DateRange {
  readonly from: string
  readonly to: string
}

/** The NZ calendar date of an instant (epoch milliseconds). */
export function racingDate(epochMs: number): string {
  return nzDate.format(epochMs)
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** Whole days from `a` to `b`; negative when `b` is earlier. */
export function daysBetween(a: string, b: string): number {
  return Math.round((Date.parse(b) - Date.parse(a)) / 86_400_000)
}

export function datesIn(range: DateRange): string[] {
  const dates: string[] = []
  for (let date = range.from; date <= range.to; date = addDays(date, 1)) dates.push(date)
  return dates
}

/** The instant (epoch milliseconds) at which a clock in New Zealand shows this date and time. */
export function nzInstant(date: string, time: string): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(racingZone)
    .epochMilliseconds
}

export function isoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/**
 * True for a real calendar date written `YYYY-MM-DD` that somebody raced or was foaled on. Postgres
 * knows no year 0, and a week after the end of 9999 is no date of four digits.
 */
export function isPlainDate(text: string): boolean {
  if (!/^(?:1[89]|2[01])\d{2}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

const nzDate = new Intl.DateTimeFormat('en-CA', {
  timeZone: racingZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})
