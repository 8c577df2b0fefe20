import { dot, rect, text } from '@observablehq/plot'
import type { DashboardData } from './dashboard-data.ts'
import { chart } from './chart.ts'
import { dataTable } from './data-table.ts'
import { counted, sourceName, whole } from './figures.ts'
import { html, type Html } from './html.ts'
import { dateOfDay, dayOfDate, monthName, weekdayOf } from './days.ts'

/** Weeks of the calendar, the running one included. */
const weeks = 53
/** Years that are shown one by one. */
const mostYears = 25
/** Pixels from one day to the next. */
const step = 15
const small = 10
const steps = {
  type: 'threshold' as const,
  domain: [1, 2, 3, 4],
  range: ['var(--s0)', 'var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)'],
}

interface Day {
  /** Days since 1970. */
  readonly day: number
  readonly hrnz: number
  readonly tab: number
  readonly all: number
  readonly failed: Readonly<Record<string, number>>
}

/** What is there of each racing day, source by source; further back for both together. */
export function calendarSection(data: DashboardData): Html {
  const days = daysOf(data)
  if (days.size === 0)
    return html`<p class="quiet">
      No meeting is in the database yet: <code>harness scrape --from -30d --auto-discover</code>
    </p>`
  return html`${lastYear(days, data.today)} ${allYears(days, data.today)}`
}

function lastYear(days: ReadonlyMap<number, Day>, today: string): Html {
  const last = dayOfDate(today)
  const first = last - weekdayOf(last) - 7 * (weeks - 1)
  const sources = ['hrnz', 'tab'] as const
  const cells = sources.flatMap((source, at) =>
    Array.from({ length: last - first + 1 }, (_, index) => {
      const day = first + index
      const found = days.get(day)
      const count = found?.[source] ?? 0
      const other = found?.[source === 'hrnz' ? 'tab' : 'hrnz'] ?? 0
      const failed = found?.failed[source] ?? 0
      const name = source === 'hrnz' ? 'HRNZ' : 'TAB'
      const lacks = other > count ? `, ${other - count} fewer than the other source` : ''
      const failures = failed > 0 ? `, ${counted(failed, 'failed read')}` : ''
      return {
        week: Math.floor(index / 7),
        row: at * 8.6 + weekdayOf(day),
        count,
        lacks: other > count,
        failed: failed > 0,
        words: `${dateOfDay(day)} ${name}: ${counted(count, 'meeting')}${lacks}${failures}`,
      }
    }),
  )
  const months = monthStarts(first, last)
  const width = 62 + weeks * step
  const place = { x: (cell: { week: number }) => cell.week + 0.5, y: middle }
  const label = `Meetings of each day of the last ${weeks} weeks, by source: a column for each week, a row for each weekday.`
  return chart(
    {
      width,
      height: 24 + 15.6 * step + 4,
      marginLeft: 60,
      marginRight: 2,
      marginTop: 24,
      marginBottom: 4,
      x: { domain: [0, weeks], axis: null },
      y: { domain: [0, 15.6], range: [24, 24 + 15.6 * step], axis: null },
      color: steps,
      marks: [
        rect(cells, { ...square(1.5), fill: 'count', rx: 2, title: 'words' }),
        rect(
          cells.filter(({ lacks }) => lacks),
          { ...square(2.25), fill: 'none', stroke: 'var(--warn)', strokeWidth: 1.5, rx: 2 },
        ),
        dot(
          cells.filter(({ failed }) => failed),
          { ...place, symbol: 'times', r: 3.5, stroke: 'var(--error)', strokeWidth: 1.75 },
        ),
        text(months, { x: 'week', y: 0, dy: -9, text: 'name', textAnchor: 'start' }),
        text(['Mon', 'Wed', 'Fri', 'Sun'].flatMap(weekdayNames), {
          x: 0,
          dx: -6,
          y: 'row',
          text: 'name',
          textAnchor: 'end',
          fill: 'var(--muted)',
        }),
        text(
          sources.map((source, at) => ({
            name: source === 'hrnz' ? 'HRNZ' : 'TAB',
            row: at * 8.6,
          })),
          {
            x: 0,
            dx: -58,
            y: ({ row }: { row: number }) => row + 0.5,
            text: 'name',
            textAnchor: 'start',
            fontWeight: 600,
          },
        ),
      ],
    },
    { label, begin: 'end', caption: legend(), table: monthTable(days, first, last) },
  )
}

function allYears(days: ReadonlyMap<number, Day>, today: string): Html | null {
  const years = [...new Set([...days.keys()].map((day) => dateOfDay(day).slice(0, 4)))]
    .sort()
    .slice(-mostYears)
  if (years.length < 2) return null
  const rows = years.toReversed()
  const cells = rows.flatMap((year, at) => {
    const first = dayOfDate(`${year}-01-01`)
    const end = Math.min(dayOfDate(`${year}-12-31`), Math.max(dayOfDate(today), first))
    return Array.from({ length: end - first + 1 }, (_, index) => ({
      week: Math.floor((index + weekdayOf(first)) / 7),
      row: at * 7.8 + weekdayOf(first + index),
      count: days.get(first + index)?.all ?? 0,
    }))
  })
  const height = rows.length * 7.8
  const label = `Meetings of each day of ${years[0]} to ${years.at(-1)}: a block for each year, a column for each week, a row for each weekday.`
  return html`<details class="more">
    <summary>All years, ${years[0]} to ${years.at(-1)}</summary>
    ${chart(
      {
        width: 62 + 54 * small,
        height: 16 + height * small,
        marginLeft: 60,
        marginRight: 2,
        marginTop: 16,
        marginBottom: 0,
        x: { domain: [0, 54], axis: null },
        y: { domain: [0, height], range: [16, 16 + height * small], axis: null },
        color: steps,
        marks: [
          rect(cells, { ...square(0.75), fill: 'count', rx: 1 }),
          text(rows, {
            x: 0,
            dx: -58,
            y: (_: string, at: number) => at * 7.8 + 3.5,
            text: (year: string) => year,
            textAnchor: 'start',
            fontWeight: 600,
          }),
        ],
      },
      { label, begin: 'start', caption: legend(false), table: yearTable(days) },
    )}
  </details>`
}

function square(inset: number) {
  return {
    x1: 'week',
    x2: (cell: { week: number }) => cell.week + 1,
    y1: 'row',
    y2: (cell: { row: number }) => cell.row + 1,
    inset,
  }
}

function middle(cell: { row: number }): number {
  return cell.row + 0.5
}

function weekdayNames(name: string, index: number): { name: string; row: number }[] {
  return [0, 8.6].map((top) => ({ name, row: top + 2 * index + 0.5 }))
}

/** The first week of each month that has room for its name. */
function monthStarts(first: number, last: number): { week: number; name: string }[] {
  const starts: { week: number; name: string }[] = []
  for (let day = first; day <= last; day++) {
    const date = dateOfDay(day)
    if (!date.endsWith('-01')) continue
    const week = Math.ceil((day - first) / 7)
    if (week > weeks - 2) continue
    const year = date.slice(5, 7) === '01' || starts.length === 0 ? ` ${date.slice(0, 4)}` : ''
    starts.push({ week, name: `${monthName(date)}${year}` })
  }
  return starts
}

function legend(bySource = true): Html {
  const swatches = ['none', '1', '2', '3', '4 or more'].map(
    (words, at) => html`<span class="key"><i class="swatch s${at}"></i>${words}</span> `,
  )
  return html`<span class="keys"
    ><span>Meetings a day:</span> ${swatches}
    ${
      bySource
        ? html`<span class="key"><i class="swatch lacks"></i>the other source has more</span>
            <span class="key"><i class="cross">×</i>a read failed</span>`
        : null
    }</span
  >`
}

function monthTable(days: ReadonlyMap<number, Day>, first: number, last: number): Html {
  return periodTable(
    'Meetings by month',
    'Month',
    7,
    [...days.values()],
    (day) => day >= first && day <= last,
  )
}

function yearTable(days: ReadonlyMap<number, Day>): Html {
  return periodTable('Meetings by year', 'Year', 4, [...days.values()], () => true)
}

/** Sums over dates that begin with the same letters. */
function periodTable(
  caption: string,
  title: string,
  letters: number,
  days: readonly Day[],
  wanted: (day: number) => boolean,
): Html {
  const sums = new Map<
    string,
    { days: number; all: number; hrnz: number; tab: number; failed: number }
  >()
  for (const { day, all, hrnz, tab, failed } of days) {
    if (!wanted(day)) continue
    const period = dateOfDay(day).slice(0, letters)
    const sum = sums.get(period) ?? { days: 0, all: 0, hrnz: 0, tab: 0, failed: 0 }
    sum.days += all > 0 ? 1 : 0
    sum.all += all
    sum.hrnz += hrnz
    sum.tab += tab
    sum.failed += Object.values(failed).reduce((total, count) => total + count, 0)
    sums.set(period, sum)
  }
  const rows = [...sums].toSorted(([a], [b]) => (a < b ? 1 : -1))
  return dataTable(
    caption,
    [
      { title },
      ...['Race days', 'Meetings', 'HRNZ', 'TAB', 'Failed reads'].map((name) => ({
        title: name,
        figures: true,
      })),
    ],
    rows.map(([period, sum]) => [
      period,
      ...[sum.days, sum.all, sum.hrnz, sum.tab, sum.failed].map(whole),
    ]),
  )
}

function daysOf({ facts }: DashboardData): Map<number, Day> {
  const days = new Map<number, Day>()
  const at = (date: string): Day =>
    days.get(dayOfDate(date)) ?? { day: dayOfDate(date), hrnz: 0, tab: 0, all: 0, failed: {} }
  for (const { date, hrnz, tab, count } of facts.meetings) {
    const day = at(date)
    days.set(day.day, {
      ...day,
      hrnz: day.hrnz + hrnz * count,
      tab: day.tab + tab * count,
      all: day.all + count,
    })
  }
  for (const { date, source, count } of facts.failedReads) {
    const day = at(date)
    const name = sourceName(source).toLowerCase()
    days.set(day.day, { ...day, failed: { ...day.failed, [name]: count } })
  }
  return days
}
