import { axisX, rectY, ruleY } from '@observablehq/plot'
import { addDays } from '../domain/dates.ts'
import { chart, wholeTicks } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { monthsBetween } from './days.ts'
import { share, whole } from './figures.ts'
import { html, type Html } from './html.ts'

/** Months that are always shown, and that are shown at most. */
const fewest = 12
const most = 300
/** Days ahead of today that meetings are announced at most. */
const furthestDays = 400

/** Who holds a meeting, from the foot of a bar to its top. */
const holders = [
  { key: 'both', name: 'both sources', fill: 'var(--both)' },
  { key: 'hrnz', name: 'HRNZ alone', fill: 'url(#hatch-hrnz)' },
  { key: 'tab', name: 'TAB alone', fill: 'url(#hatch-tab)' },
  { key: 'manual', name: 'imported alone', fill: 'var(--manual)' },
] as const
type Holder = (typeof holders)[number]['key']
type Counts = Record<Holder, number>

/** Meetings of each month by who holds them. */
export function sourcesSection({ facts, today }: DashboardData): Html {
  const months = new Map<string, Counts>()
  for (const { date, hrnz, tab, count } of facts.meetings) {
    const month = date.slice(0, 7)
    const counts = months.get(month) ?? { both: 0, hrnz: 0, tab: 0, manual: 0 }
    counts[hrnz && tab ? 'both' : hrnz ? 'hrnz' : tab ? 'tab' : 'manual'] += count
    months.set(month, counts)
  }
  // A date of a far year is a slip of a source's: it must not push ten years off the axis.
  const limit = addDays(today, furthestDays).slice(0, 7)
  const known = [...months.keys()].filter((month) => month <= limit).sort()
  if (known.length === 0) return html`<p class="quiet">No meeting yet.</p>`
  const last = [known.at(-1)!, today.slice(0, 7)].toSorted().at(-1)!
  const shown = monthsBetween(known[0]!, last).slice(-most)
  const bars = shown.flatMap((month) =>
    holders.flatMap(({ key, name, fill }) => {
      const count = months.get(month)?.[key] ?? 0
      const words = `${month}, ${name}: ${whole(count)}`
      return count === 0 ? [] : [{ at: new Date(`${month}-01`), count, fill, words }]
    }),
  )
  const end = endOf(last)
  const start = new Date(`${shown[0]}-01`)
  const least = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1 - fewest, 1))
  const used = holders.filter(({ key }) => shown.some((month) => months.get(month)?.[key]))
  return chart(
    {
      width: 1000,
      height: 240,
      marginLeft: 14,
      marginRight: 30,
      marginBottom: 36,
      x: { type: 'utc', domain: [start < least ? start : least, end], label: null },
      y: {
        label: null,
        axis: 'right',
        grid: true,
        tickSize: 0,
        ticks: wholeTicks(Math.max(...shown.map((month) => total(months.get(month))))),
        tickFormat: whole,
        nice: true,
      },
      marks: [
        rectY(bars, {
          x: 'at',
          y: 'count',
          interval: 'month',
          fill: 'fill',
          title: 'words',
          insetLeft: shown.length > 60 ? 0.5 : 2,
          insetRight: shown.length > 60 ? 0.5 : 2,
          order: null,
        }),
        axisX({ label: null, tickSize: 0 }),
        ruleY([0], { stroke: 'var(--muted)' }),
      ],
      color: { type: 'identity' },
    },
    {
      label: `Meetings of each month, ${shown[0]} to ${shown.at(-1)}, by who holds them.`,
      caption: html`<span class="keys"
        ><span>From the foot up:</span> ${used.map(
          ({ key, name }) => html`<span class="key"><i class="swatch ${key}"></i>${name}</span> `,
        )}</span
      >`,
      table: table(months, shown, used),
    },
  )
}

function table(
  months: ReadonlyMap<string, Counts>,
  shown: readonly string[],
  used: readonly (typeof holders)[number][],
): Html {
  const rows = shown.toReversed().map((month) => {
    const counts = months.get(month)
    const all = total(counts)
    return [
      month,
      ...used.map(({ key }) => whole(counts?.[key] ?? 0)),
      whole(all),
      counts === undefined ? '' : share(counts.both, all),
    ]
  })
  return dataTable(
    'Meetings by month and source',
    [
      { title: 'Month' },
      ...used.map(({ name }) => ({ title: name, figures: true })),
      { title: 'All', figures: true },
      { title: 'In both', figures: true },
    ],
    rows,
  )
}

function total(counts: Counts | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0)
}

/** The last moment of a month: a tick of the next one has no room. */
function endOf(month: string): Date {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1) - 1)
}
