/**
 * The NZ season of a racing date, named by the year in which it ends: calendar years since 2022;
 * the one of 2020-21 ran for seventeen months, those before it from August to July.
 */
export function seasonOf(date: string): string {
  const year = Number(date.slice(0, 4))
  if (year >= 2022) return String(year)
  if (date >= '2020-08-01') return '2021'
  return String(date.slice(5, 7) >= '08' ? year + 1 : year)
}
