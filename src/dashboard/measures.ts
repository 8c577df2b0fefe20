import { dot, lineY, ruleY } from '@observablehq/plot'
import { groupBy } from '../domain/group-by.ts'
import type { Measure } from '../domain/quality/measures.ts'
import { draw } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { share, whole } from './figures.ts'
import { html, type Html, plain } from './html.ts'
import { statusMark, words } from './quality.ts'

/** Measures that get a drawing; the table has them all. */
const drawn = 9

/** How the measures moved from day to day. */
export function measuresSection({ measures, today }: DashboardData): Html {
  const histories = [...groupBy(measures, ({ measure }) => measure)].map(([name, days]) => ({
    name: plain(name, 60),
    days,
    latest: days.at(-1)!,
  }))
  if (histories.length === 0)
    return html`<p class="quiet">
      Nothing is on record yet: <code>harness nightly</code> keeps the measures of each day.
    </p>`
  const worth = histories
    .filter(({ days }) => days.some(({ numerator }) => numerator > 0))
    .toSorted((a, b) => interest(b.days) - interest(a.days))
  return html`<div class="small">
      ${worth.slice(0, drawn).map(({ name, days, latest }) => {
        const label = `${words(name)} from ${days[0]!.day} to ${latest.day}, now ${figure(latest)}.`
        return html`<figure>
          <figcaption>
            ${words(name)} <strong>${figure(latest)}</strong> ${statusMark(latest.status)}
          </figcaption>
          ${drawHistory(days, today, label)}
          <details>
            <summary>As a table</summary>
            ${dataTable(
              words(name),
              [{ title: 'Day' }, { title: 'Found', figures: true }, { title: 'Of', figures: true }],
              days
                .toReversed()
                .map(({ day, numerator, denominator }) => [
                  day,
                  whole(numerator),
                  denominator === null ? '' : whole(denominator),
                ]),
            )}
          </details>
        </figure> `
      })}
    </div>
    <details class="more">
      <summary>All ${whole(histories.length)} measures of the last days</summary>
      ${dataTable(
        'Measures, latest and first on record',
        [
          { title: 'Measure' },
          { title: 'Status' },
          { title: 'Latest', figures: true },
          { title: 'First', figures: true },
          { title: 'Since' },
        ],
        histories.map(({ name, days, latest }) => [
          words(name),
          statusMark(latest.status),
          figure(latest),
          figure(days[0]!),
          days[0]!.day,
        ]),
      )}
    </details>`
}

function drawHistory(days: readonly Measure[], today: string, label: string): Html {
  const points = days.map((measure) => ({
    at: new Date(measure.day),
    value: valueOf(measure),
    status: measure.status,
  }))
  const troubled = points.filter(({ status }) => status === 'warn' || status === 'error')
  return draw(
    {
      width: 320,
      height: 110,
      marginLeft: 44,
      marginRight: 8,
      marginBottom: 24,
      x: { type: 'utc', domain: [new Date(days[0]!.day), new Date(today)], label: null, ticks: 3 },
      y: { label: null, zero: true, nice: true, ticks: 3, grid: true, tickFormat: ticks(days) },
      color: { type: 'identity' },
      marks: [
        ruleY([0], { stroke: 'var(--muted)' }),
        lineY(points, { x: 'at', y: 'value', stroke: 'var(--accent)', strokeWidth: 1.75 }),
        dot(points.slice(-1), { x: 'at', y: 'value', r: 2.5, fill: 'var(--accent)' }),
        dot(troubled, {
          x: 'at',
          y: 'value',
          symbol: 'triangle',
          r: 2.5,
          fill: ({ status }: Measure) => `var(--${status})`,
        }),
      ],
    },
    label,
  )
}

function valueOf({ numerator, denominator }: Measure): number {
  return denominator === null ? numerator : numerator / Math.max(denominator, 1)
}

function ticks(days: readonly Measure[]): (value: number) => string {
  const isShare = days.some(({ denominator }) => denominator !== null)
  return (value) => (isShare ? `${Number((100 * value).toPrecision(3))}%` : short(value))
}

/** `3.4 M`: an axis has no room for more. */
function short(value: number): string {
  const unit = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ].find(([size]) => Math.abs(value) >= Number(size))
  return unit === undefined
    ? String(Number(value.toPrecision(3)))
    : `${Number((value / Number(unit[0])).toPrecision(3))}${unit[1]}`
}

function figure({ numerator, denominator }: Measure): string {
  return denominator === null ? whole(numerator) : share(numerator, denominator)
}

/** What is wrong now comes first, then what moved. */
function interest(days: readonly Measure[]): number {
  const rank = { error: 3, warn: 2, info: 1, ok: 0 }[days.at(-1)!.status]
  const values = days.map(valueOf)
  const most = Math.max(...values)
  return rank + (most === 0 ? 0 : (most - Math.min(...values)) / most)
}
