import { dot, link as segment, rectY, ruleY } from '@observablehq/plot'
import { groupBy } from '../domain/group-by.ts'
import { summariseRequests } from '../domain/quality/request-timing.ts'
import type { HealthFacts } from '../repositories/reports.ts'
import { draw, wholeTicks } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { dateOfDay, dayOfDate } from './days.ts'
import { counted, whole } from './figures.ts'
import { html, type Html, plain } from './html.ts'

/** Hosts that get a drawing: those that were asked most. */
const drawn = 4

type Requests = HealthFacts['requests']

/** How each host answered: times, and what came. */
export function requestsSection({ health, days, today }: DashboardData): Html {
  const hosts = [...groupBy(health.requests, ({ host }) => host)]
    .map(([host, requests]) => ({ host: plain(host, 60), requests }))
    .toSorted(
      (a, b) => summariseRequests(b.requests).requests - summariseRequests(a.requests).requests,
    )
  if (hosts.length === 0)
    return html`<p class="quiet">No source was asked for anything in the last ${days} days.</p>`
  const first = dayOfDate(today) - days + 1
  const rest = hosts.slice(drawn)
  return html`${hosts
    .slice(0, drawn)
    .map(({ host, requests }) => oneHost(host, requests, first, dayOfDate(today)))}
  ${
    rest.length === 0
      ? null
      : html`<p class="quiet">
          And ${counted(rest.length, 'more host')}:
          <code>harness report health --days ${days}</code>
        </p>`
  }`
}

function oneHost(host: string, requests: Requests, first: number, last: number): Html {
  const byDay = [...groupBy(requests, ({ day }) => day)].map(([day, some]) => ({
    day,
    ...summariseRequests(some),
  }))
  const timed = byDay.flatMap(({ day, p50, p95 }) =>
    p50 === null || p95 === null ? [] : [{ at: new Date(day), p50, p95 }],
  )
  const x = {
    type: 'utc' as const,
    domain: [new Date(dateOfDay(first)), new Date(Date.parse(dateOfDay(last + 1)) - 1)],
    label: null,
    ticks: 5,
    tickSize: 0,
  }
  const frame = { width: 480, height: 170, marginLeft: 54, marginRight: 6, marginBottom: 36, x }
  const middle = (point: { at: Date }) => new Date(point.at.getTime() + 43_200_000)
  const bars = byDay.flatMap(({ day, requests: all, failed }) => [
    { at: new Date(day), count: all - failed, fill: 'var(--s2)', title: `${day}: ${all - failed}` },
    {
      at: new Date(day),
      count: failed,
      fill: 'url(#hatch-failed)',
      title: `${day}: ${failed} failed`,
    },
  ])
  return html`<h3><bdi>${host}</bdi></h3>
    <figure>
      <div class="pair">
        <div>
          ${draw(
            {
              ...frame,
              y: {
                zero: true,
                nice: true,
                label: null,
                grid: true,
                ticks: 4,
                tickSize: 0,
                tickFormat: milliseconds,
              },
              marks: [
                segment(timed, {
                  x: middle,
                  y1: 'p50',
                  y2: 'p95',
                  stroke: 'var(--s3)',
                  strokeWidth: 3,
                  strokeLinecap: 'round',
                  strokeOpacity: 0.55,
                }),
                dot(timed, { x: middle, y: 'p50', r: 3, fill: 'var(--s4)' }),
                dot(timed, { x: middle, y: 'p95', r: 3, stroke: 'var(--s4)', fill: 'var(--bg)' }),
              ],
            },
            `Response times of ${host} by day, half and 95 percent of the answers.`,
          )}
          <p class="quiet keys">
            <span>● half of the answers within</span> <span>○ 95% within</span>
          </p>
        </div>
        <div>
          ${draw(
            {
              ...frame,
              y: {
                label: null,
                grid: true,
                ticks: wholeTicks(Math.max(...byDay.map((some) => some.requests))),
                tickSize: 0,
                tickFormat: whole,
              },
              color: { type: 'identity' },
              marks: [
                rectY(bars, {
                  x: 'at',
                  y: 'count',
                  interval: 'day',
                  fill: 'fill',
                  title: 'title',
                  inset: 0.75,
                }),
                ruleY([0], { stroke: 'var(--muted)' }),
              ],
            },
            `Answers of ${host} by day, failures on top.`,
          )}
          <p class="quiet keys">
            <span class="key"><i class="swatch good"></i>answered</span>
            <span class="key"
              ><i class="swatch bad"></i>failed, on top (status 400 and up, or no answer)</span
            >
          </p>
        </div>
      </div>
      <details>
        <summary>As a table</summary>
        ${dataTable(
          `Answers of ${host}`,
          [
            { title: 'Day' },
            { title: 'Requests', figures: true },
            { title: 'Failed', figures: true },
            { title: 'p50, ms', figures: true },
            { title: 'p95, ms', figures: true },
            { title: 'Status: answers' },
          ],
          byDay
            .toReversed()
            .map(({ day, requests: all, failed, p50, p95, statuses }) => [
              day,
              whole(all),
              whole(failed),
              p50 === null ? '' : whole(p50),
              p95 === null ? '' : whole(p95),
              statuses.map((one) => `${one.name}: ${whole(one.requests)}`).join(', '),
            ]),
        )}
      </details>
    </figure> `
}

function milliseconds(value: number): string {
  return value < 1000 ? `${value} ms` : `${value / 1000} s`
}
