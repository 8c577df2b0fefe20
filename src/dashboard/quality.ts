import { axisX, axisY, cell, text } from '@observablehq/plot'
import { type QualityMetric } from '../domain/quality/quality-metrics.ts'
import type { QualityStatus } from '../domain/quality/quality-rules.ts'
import { chart } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { share, whole } from './figures.ts'
import { html, type Html } from './html.ts'
import { measuresSection } from './measures.ts'

/** Seasons that are shown, the newest ones. */
const mostSeasons = 25

export const statusMarks: Readonly<Record<QualityStatus, string>> = {
  ok: '✓',
  info: '·',
  warn: '▲',
  error: '✕',
}

export function statusMark(status: QualityStatus): Html {
  return html`<span class="status ${status}"
    ><span aria-hidden="true">${statusMarks[status]}</span> ${status}</span
  >`
}

/** Shares of what was found: by season, and by day as far as they were kept. */
export function qualitySection(data: DashboardData): Html {
  const { metrics } = data
  return html`<h3>By season</h3>
    ${bySeason(metrics)}
    <h3>By day</h3>
    ${measuresSection(data)}`
}

function bySeason(metrics: readonly QualityMetric[]): Html {
  const ofSeasons = metrics.filter(({ scope }) => scope.startsWith('season '))
  if (ofSeasons.length === 0) return html`<p class="quiet">There is nothing to measure yet.</p>`
  const seasons = [...new Set(ofSeasons.map(({ scope }) => scope.slice(7)))]
    .sort()
    .slice(-mostSeasons)
  const shown = ofSeasons
    .map((metric) => ({ ...metric, season: metric.scope.slice(7) }))
    .filter(({ season }) => seasons.includes(season))
  const found = new Set(shown.filter(({ numerator }) => numerator > 0).map(({ id }) => id))
  const clean = [...new Set(shown.map(({ id }) => id))].filter((id) => !found.has(id))
  const cells = shown
    .filter(({ id }) => found.has(id))
    .map((metric) => ({
      ...metric,
      rule: words(metric.id),
      figure: metric.denominator === 0 ? '' : figure(metric),
      title: `${metric.season}: ${whole(metric.numerator)} ${metric.text}, of ${whole(metric.denominator)} ${metric.of} (${metric.status})`,
    }))
  const rules = [...new Set(cells.map(({ rule }) => rule))]
  if (rules.length === 0) return html`<p>Nothing was found by any rule in any season.</p>`
  const width = 190 + Math.max(seasons.length * 66, 132)
  const drawing = chart(
    {
      width: 190 + seasons.length * 66,
      height: 26 + rules.length * 26,
      marginLeft: 190,
      marginTop: 26,
      marginRight: 0,
      marginBottom: 0,
      x: { domain: seasons, type: 'band', padding: 0.04, label: null },
      y: { domain: rules, type: 'band', padding: 0.08, label: null },
      color: { type: 'identity' },
      marks: [
        axisX({ anchor: 'top', tickSize: 0, label: null }),
        axisY({ anchor: 'left', tickSize: 0, label: null, tickPadding: 8 }),
        cell(cells, {
          x: 'season',
          y: 'rule',
          fill: ({ status }: QualityMetric) => `var(--${status}-fill)`,
          title: 'title',
          rx: 3,
        }),
        text(cells, { x: 'season', y: 'rule', text: 'figure', fill: 'var(--ink)' }),
      ],
    },
    {
      label: `Share of what each quality rule found in each season, ${seasons[0]} to ${seasons.at(-1)}.`,
      begin: width > 900 ? 'end' : 'start',
      caption: html`Share of what a rule looks at in which it found something. ▲ is a warning, ✕ an
        error by the bounds of <code>harness report quality</code>.${
          clean.length === 0 ? null : html` Nothing was found for: ${clean.map(words).join(', ')}.`
        }`,
      table: dataTable(
        'Quality by season',
        [
          { title: 'Rule' },
          { title: 'Season' },
          { title: 'Found', figures: true },
          { title: 'Of', figures: true },
          { title: 'Share', figures: true },
          { title: 'Status' },
        ],
        cells.map((metric) => [
          metric.text,
          metric.season,
          whole(metric.numerator),
          whole(metric.denominator),
          metric.denominator === 0 ? '' : share(metric.numerator, metric.denominator),
          statusMark(metric.status),
        ]),
      ),
    },
  )
  return drawing
}

function figure({ numerator, denominator, status }: QualityMetric): string {
  const mark = status === 'warn' || status === 'error' ? ` ${statusMarks[status]}` : ''
  return `${numerator === 0 ? '–' : share(numerator, denominator)}${mark}`
}

/** `races-without-result`, as words. */
export function words(id: string): string {
  return id.replaceAll('-', ' ')
}
