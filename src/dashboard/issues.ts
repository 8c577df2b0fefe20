import type { QualityMetric } from '../domain/quality/quality-metrics.ts'
import type { DashboardData, Example } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { share, sourceName, whole } from './figures.ts'
import { html, type Html, link } from './html.ts'
import { statusMark } from './quality.ts'

/** What is wrong over everything, worst first. */
export function findings(metrics: readonly QualityMetric[]): QualityMetric[] {
  const rank = { error: 0, warn: 1, info: 2, ok: 3 }
  return metrics
    .filter(({ scope, status }) => scope === 'all' && rank[status] < 2)
    .toSorted((a, b) => rank[a.status] - rank[b.status] || b.numerator - a.numerator)
}

/** What to look at first: each with the command that helps and the pages behind it. */
export function issuesSection({ metrics, examples, summary }: DashboardData): Html {
  const found = findings(metrics)
  if (found.length === 0)
    return html`<p>
      ${
        summary.meetings.total === 0
          ? 'There is nothing to measure yet.'
          : 'No rule of the quality report has a warning or an error.'
      }
    </p>`
  return dataTable(
    'Warnings and errors of the quality report',
    [
      { title: 'Status' },
      { title: 'What' },
      { title: 'Found', figures: true },
      { title: 'Share', figures: true },
      { title: 'Newest meetings, and their pages' },
    ],
    found.map((metric) => [
      statusMark(metric.status),
      html`<a href="${sectionOf(metric.id)}">${metric.text}</a><br /><code>${metric.next}</code>`,
      whole(metric.numerator),
      share(metric.numerator, metric.denominator),
      examplesOf(examples[metric.id] ?? []),
    ]),
  )
}

function examplesOf(examples: readonly Example[]): Html {
  return html`${examples.map(
    ({ id, date, venue, pages }) =>
      html`<div>
        <span class="no-break">${date}</span> <bdi>${venue}</bdi> (${id})${pages.map(
          ({ source, url }) => html` ${link(url, sourceName(source))}`,
        )}
      </div> `,
  )}`
}

/** Questions stand in the review queue, everything else among the seasons. */
function sectionOf(id: QualityMetric['id']): string {
  return id.startsWith('possible-') || id === 'name-only-links' ? '#review' : '#quality'
}
