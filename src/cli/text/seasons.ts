/**
 * `2019..2024` as flags. NZ seasons are calendar years since 2022; those before ran from August to
 * July and are named by the year in which they ended. 2021 brings the five months between with it.
 */
export function rangeFlagsOf(seasons: string): string {
  const [first = '', last = first] = seasons.split('..')
  const from = Number(first) < 2022 ? `${Number(first) - 1}-08-01` : `${first}-01-01`
  const to = Number(last) < 2021 ? `${last}-07-31` : `${last}-12-31`
  return `--from ${from} --to ${to}`
}
