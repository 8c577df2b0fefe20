import { addDays, type DateRange } from '../dates.ts'

const names = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** The month (1 to 12) that a text names, in full or by its first three letters. */
export function monthNamed(text: string): number | undefined {
  const match = /(?:^|[^a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.exec(
    text.slice(0, 300),
  )
  return match === null ? undefined : names.indexOf((match[1] ?? '').toLowerCase()) + 1
}

/** Days back for which a name without a year still means this year's page. */
const reachDays = 365

/**
 * What of a range the static pages can hold: a month page bears no year, so each holds the latest
 * month of its name. `beyond` is the part before that.
 */
export function withinStaticPages(
  range: DateRange,
  today: string,
): { readonly reachable: DateRange | null; readonly beyond: DateRange | null } {
  const first = addDays(today, -reachDays)
  if (range.from >= first) return { reachable: range, beyond: null }
  if (range.to < first) return { reachable: null, beyond: range }
  return {
    reachable: { from: first, to: range.to },
    beyond: { from: range.from, to: addDays(first, -1) },
  }
}

/** Months (1 to 12) in a range. */
export function monthsIn(range: DateRange): ReadonlySet<number> {
  const months = new Set<number>()
  let year = Number(range.from.slice(0, 4))
  let month = Number(range.from.slice(5, 7))
  const last = range.to.slice(0, 7)
  while (months.size < 12 && `${year}-${String(month).padStart(2, '0')}` <= last) {
    months.add(month)
    month = (month % 12) + 1
    if (month === 1) year++
  }
  return months
}
