import { dot, lineY, ruleY } from '@observablehq/plot'
import { groupBy } from '../domain/group-by.ts'
import type { Measure } from '../domain/quality/measures.ts'
import { draw } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { dateOfDay, dayOfDate } from './days.ts'
import { megabytes, share, sourceName, whole } from './figures.ts'
import { html, type Html, plain } from './html.ts'
import { ruleWords, statusMark } from './status.ts'

/** Days that an axis reaches back at least; of fewer it would show the hours. */
const fewestDays = 13
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
        const label = `${measureWords(name)} from ${days[0]!.day} to ${latest.day}, now ${figure(latest)}.`
        return html`<figure>
          <figcaption>
            ${measureWords(name)} <strong>${figure(latest)}</strong> ${statusMark(latest.status)}
          </figcaption>
          ${drawHistory(days, today, label)}
          <details>
            <summary>As a table</summary>
            ${dataTable(
              measureWords(name),
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
      <summary>All measures</summary>
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
          measureWords(name),
          statusMark(latest.status),
          figure(latest),
          figure(days[0]!),
          days[0]!.day,
        ]),
      )}
    </details>`
}

function drawHistory(days: readonly Measure[], today: string, label: string): Html {
  const last = dayOfDate(today)
  const first = dateOfDay(Math.min(dayOfDate(days[0]!.day), last - fewestDays))
  const points = days.map((measure) => ({
    at: new Date(measure.day),
    value: valueOf(measure),
    status: measure.status,
  }))
  // Each change for the worse, and where it stands; a mark on every day would hide the line.
  const troubled = points.filter(
    ({ status }, at) =>
      (status === 'warn' || status === 'error') &&
      (points[at - 1]?.status !== status || at === points.length - 1),
  )
  return draw(
    {
      width: 320,
      height: 130,
      marginLeft: 58,
      marginRight: 14,
      marginBottom: 36,
      x: {
        type: 'utc',
        domain: [new Date(first), new Date(today)],
        label: null,
        ticks: 3,
        tickSize: 0,
      },
      y: {
        label: null,
        tickSize: 0,
        zero: true,
        nice: true,
        ticks: 3,
        grid: true,
        tickFormat: ticks(days),
      },
      color: { type: 'identity' },
      marks: [
        ruleY([0], { stroke: 'var(--muted)' }),
        lineY(points, { x: 'at', y: 'value', stroke: 'var(--accent)', strokeWidth: 1.75 }),
        dot(points.slice(-1), { x: 'at', y: 'value', r: 2.5, fill: 'var(--accent)' }),
        dot(troubled, {
          x: 'at',
          y: 'value',
          symbol: 'triangle',
          r: 4,
          fill: ({ status }: Measure) => `var(--${status})`,
        }),
      ],
    },
    label,
  )
}

/** `answer-p95-ms api.tab.co.nz` as words; its figures say the unit. */
function measureWords(name: string): string {
  const [rule = '', ...subject] = name.split(' ')
  const words = ruleWords(rule.replace(/-(bytes|ms)$/, '').replace(/^p(\d\d)-/, 'p$1 '))
  return [words, ...subject.map(sourceName)].join(' ')
}

function valueOf({ numerator, denominator }: Measure): number {
  return denominator === null ? numerator : numerator / Math.max(denominator, 1)
}

function ticks(days: readonly Measure[]): (value: number) => string {
  const { measure, denominator } = days[0]!
  return (value) =>
    denominator === null ? amount(measure, value) : `${Number((100 * value).toPrecision(3))}%`
}

function figure({ measure, numerator, denominator }: Measure): string {
  return denominator === null ? amount(measure, numerator) : share(numerator, denominator)
}

/** A count, or bytes or milliseconds where the measure's name says so. */
function amount(measure: string, value: number): string {
  const [rule = ''] = measure.split(' ')
  if (rule.endsWith('-bytes')) return megabytes(value)
  if (rule.endsWith('-ms')) return `${whole(value)} ms`
  return whole(value)
}

/** What is wrong now comes first, then what moved. */
function interest(days: readonly Measure[]): number {
  const rank = { error: 3, warn: 2, info: 1, ok: 0 }[days.at(-1)!.status]
  const values = days.map(valueOf)
  const most = Math.max(...values)
  return rank + (most === 0 ? 0 : (most - Math.min(...values)) / most)
}
