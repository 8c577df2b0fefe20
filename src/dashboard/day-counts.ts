import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { dateOfDay, dayOfDate } from './days.ts'
import { sourceName, whole } from './figures.ts'
import type { Html } from './html.ts'

/** Meetings of one racing date: those that a source tells of, and all of them. */
export interface Day {
  /** Days since 1970. */
  readonly day: number
  readonly hrnz: number
  readonly tab: number
  readonly all: number
  /** Failed reads by the source's name. */
  readonly failed: Readonly<Record<string, number>>
}

export function daysOf({ facts }: DashboardData): Map<number, Day> {
  const days = new Map<number, Day>()
  const on = (date: string): Day => {
    const day = dayOfDate(date)
    return days.get(day) ?? { day, hrnz: 0, tab: 0, all: 0, failed: {} }
  }
  for (const { date, hrnz, tab, count } of facts.meetings) {
    const day = on(date)
    days.set(day.day, {
      ...day,
      hrnz: day.hrnz + hrnz * count,
      tab: day.tab + tab * count,
      all: day.all + count,
    })
  }
  for (const { date, source, count } of facts.failedReads) {
    const day = on(date)
    days.set(day.day, { ...day, failed: { ...day.failed, [sourceName(source)]: count } })
  }
  return days
}

/** Sums over the dates that begin with the same letters, the latest first. */
export function periodTable(
  caption: string,
  title: string,
  letters: number,
  days: readonly Day[],
): Html {
  const none = { days: 0, all: 0, hrnz: 0, tab: 0, failed: 0 }
  const sums = new Map<string, typeof none>()
  for (const { day, all, hrnz, tab, failed } of days) {
    const period = dateOfDay(day).slice(0, letters)
    const sum = sums.get(period) ?? none
    sums.set(period, {
      days: sum.days + (all > 0 ? 1 : 0),
      all: sum.all + all,
      hrnz: sum.hrnz + hrnz,
      tab: sum.tab + tab,
      failed: Object.values(failed).reduce((total, count) => total + count, sum.failed),
    })
  }
  return dataTable(
    caption,
    [
      { title },
      ...['Race days', 'Meetings', 'HRNZ', 'TAB', 'Failed reads'].map((name) => ({
        title: name,
        figures: true,
      })),
    ],
    [...sums]
      .toSorted(([a], [b]) => (a < b ? 1 : -1))
      .map(([period, sum]) => [
        period,
        ...[sum.days, sum.all, sum.hrnz, sum.tab, sum.failed].map(whole),
      ]),
  )
}
