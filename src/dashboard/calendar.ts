import { dot, rect, text } from '@observablehq/plot'
import { figure, scrolling } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { type Day, daysOf, periodTable } from './day-counts.ts'
import { dateOfDay, dayOfDate, monthName, weekdayOf } from './days.ts'
import { counted } from './figures.ts'
import { html, type Html } from './html.ts'

/** Weeks of the calendar, the running one included. */
const weeks = 53
/** Years that are shown one by one. */
const mostYears = 25
/** Pixels from one day to the next, of the running year and of the others. */
const step = 18
const small = 14
/** Pixels on the right for the names of weekdays and years. */
const margin = 40

/** What is there of each racing day, source by source; further back for both together. */
export function calendarSection(data: DashboardData): Html {
  const days = daysOf(data)
  if (data.facts.meetings.length === 0)
    return html`<p class="quiet">
      No meeting is in the database yet: <code>harness scrape --from -30d --auto-discover</code>
    </p>`
  return html`${lastYear(days, data.today)} ${allYears(days, data.today)}`
}

function lastYear(days: ReadonlyMap<number, Day>, today: string): Html {
  const last = dayOfDate(today)
  const first = last - weekdayOf(last) - 7 * (weeks - 1)
  return figure(
    html`${sourceYear(days, 'hrnz', first, last)} ${sourceYear(days, 'tab', first, last)}`,
    {
      caption: legend(true),
      table: periodTable(
        'Meetings by month',
        'Month',
        7,
        [...days.values()].filter(({ day }) => day >= first && day <= last),
      ),
    },
  )
}

/** One source's year: a column for each week, Monday on top. */
function sourceYear(
  days: ReadonlyMap<number, Day>,
  source: 'hrnz' | 'tab',
  first: number,
  last: number,
): Html {
  const name = source === 'hrnz' ? 'HRNZ' : 'TAB'
  const cells = Array.from({ length: last - first + 1 }, (_, index) => {
    const found = days.get(first + index)
    const count = found?.[source] ?? 0
    const lacks = Math.max(0, (found?.[source === 'hrnz' ? 'tab' : 'hrnz'] ?? 0) - count)
    const failed = found?.failed[name] ?? 0
    const words = [
      `${dateOfDay(first + index)}: ${counted(count, 'meeting')}`,
      ...(lacks > 0 ? [`${lacks} fewer than the other source`] : []),
      ...(failed > 0 ? [counted(failed, 'failed read')] : []),
    ]
    return {
      week: Math.floor(index / 7),
      row: weekdayOf(first + index),
      count,
      lacks,
      failed,
      words: words.join(', '),
    }
  })
  const label = `Meetings that ${name} tells of, each day of the last ${weeks} weeks: a column for each week, a row for each weekday.`
  return html`<p class="name">${name}</p>
    ${scrolling(
      {
        width: weeks * step + margin,
        height: 18 + 7 * step,
        marginLeft: 0,
        marginRight: margin,
        marginTop: 18,
        marginBottom: 0,
        x: { domain: [0, weeks], axis: null },
        y: { domain: [0, 7], range: [18, 18 + 7 * step], axis: null },
        color: shades,
        marks: [
          rect(cells, { ...square(1.75), fill: 'count', rx: 2, title: 'words' }),
          rect(
            cells.filter(({ lacks }) => lacks > 0),
            { ...square(2.5), fill: 'none', stroke: 'var(--warn)', strokeWidth: 1.5, rx: 2 },
          ),
          dot(
            cells.filter(({ failed }) => failed > 0),
            {
              x: (cell: Cell) => cell.week + 0.5,
              y: (cell: Cell) => cell.row + 0.5,
              symbol: 'times',
              r: 4,
              stroke: 'var(--error)',
              strokeWidth: 2,
            },
          ),
          text(monthStarts(first, last), {
            x: 'week',
            y: 0,
            dy: -9,
            dx: 2,
            text: 'name',
            textAnchor: 'start',
            fill: 'var(--muted)',
          }),
          text(['Mon', 'Wed', 'Fri', 'Sun'], {
            x: weeks,
            dx: 6,
            y: (_: string, index: number) => 2 * index + 0.5,
            text: (weekday: string) => weekday,
            textAnchor: 'start',
            fill: 'var(--muted)',
          }),
        ],
      },
      label,
    )}`
}

function allYears(days: ReadonlyMap<number, Day>, today: string): Html | null {
  const years = [...new Set([...days.keys()].map((day) => dateOfDay(day).slice(0, 4)))]
    .filter((year) => year <= today.slice(0, 4))
    .sort()
    .slice(-mostYears)
  if (years.length < 2) return null
  const blocks = years.toReversed()
  /** Rows from one year to the next. */
  const block = 7.8
  const cells = blocks.flatMap((year, at) => {
    const first = dayOfDate(`${year}-01-01`)
    const last = Math.min(dayOfDate(`${year}-12-31`), Math.max(dayOfDate(today), first))
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      week: Math.floor((index + weekdayOf(first)) / 7),
      row: at * block + weekdayOf(first + index),
      count: days.get(first + index)?.all ?? 0,
    }))
  })
  const rows = blocks.length * block
  const label = `Meetings of each day from ${years[0]} to ${years.at(-1)}: a block for each year, a column for each week, a row for each weekday.`
  return html`<details class="more">
    <summary>All years, ${years[0]} to ${years.at(-1)}</summary>
    ${figure(
      scrolling(
        {
          width: 54 * small + margin,
          height: rows * small,
          marginLeft: 0,
          marginRight: margin,
          marginTop: 0,
          marginBottom: 0,
          x: { domain: [0, 54], axis: null },
          y: { domain: [0, rows], range: [0, rows * small], axis: null },
          color: shades,
          marks: [
            rect(cells, { ...square(1), fill: 'count', rx: 1.5 }),
            text(blocks, {
              x: 54,
              dx: 6,
              y: (_: string, at: number) => at * block + 3.5,
              text: (year: string) => year,
              textAnchor: 'start',
            }),
          ],
        },
        label,
      ),
      {
        caption: legend(false),
        table: periodTable('Meetings by year', 'Year', 4, [...days.values()]),
      },
    )}
  </details>`
}

const shades = {
  type: 'threshold' as const,
  domain: [1, 2, 3, 4],
  range: ['var(--s0)', 'var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)'],
}

interface Cell {
  readonly week: number
  readonly row: number
}

function square(inset: number) {
  return {
    x1: 'week',
    x2: ({ week }: Cell) => week + 1,
    y1: 'row',
    y2: ({ row }: Cell) => row + 1,
    inset,
  }
}

/** The week in which each month begins, as far as its name has room. */
function monthStarts(first: number, last: number): { week: number; name: string }[] {
  const starts: { week: number; name: string }[] = []
  for (let day = first; day <= last; day++) {
    const date = dateOfDay(day)
    const week = Math.ceil((day - first) / 7)
    if (!date.endsWith('-01') || week > weeks - 2) continue
    const year = date.slice(5, 7) === '01' || starts.length === 0 ? ` ${date.slice(0, 4)}` : ''
    starts.push({ week, name: `${monthName(date)}${year}` })
  }
  return starts
}

function legend(bySource: boolean): Html {
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
