/** Days since 1970-01-01 of a plain date. */
export function dayOfDate(date: string): number {
  return Math.round(Date.parse(date) / 86_400_000)
}

export function dateOfDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** 0 for Monday; the first of January 1970 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export function monthName(date: string): string {
  return months[Number(date.slice(5, 7)) - 1] ?? ''
}

/** Every month from one to another, `YYYY-MM`. */
export function monthsBetween(first: string, last: string): string[] {
  const found: string[] = []
  let [year = 0, month = 1] = first.split('-').map(Number)
  for (let name = first; name <= last;) {
    found.push(name)
    month += 1
    if (month > 12) [year, month] = [year + 1, 1]
    name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
  }
  return found
}
