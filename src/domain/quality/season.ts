/**
 * The NZ season of a racing date, named by the year in which it ends: calendar years since 2022,
 * before that from August to July. The five months between the two were a season of their own.
 */
export function seasonOf(date: string): string {
  const year = Number(date.slice(0, 4))
  if (year >= 2022) return String(year)
  if (date >= '2021-08-01') return '2021 Aug-Dec'
  return String(date.slice(5, 7) >= '08' ? year + 1 : year)
}
