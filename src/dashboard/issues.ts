import { alertName } from '../domain/alerts/alert-notice.ts'
import type { QualityMetric } from '../domain/quality/quality-metrics.ts'
import type { DashboardData, Example } from './dashboard-data.ts'
import { moment, share, sourceName, whole } from './figures.ts'
import { html, type Html, link } from './html.ts'
import { statusMark } from './status.ts'

/** What is wrong over everything, worst first. */
export function findings(metrics: readonly QualityMetric[]): QualityMetric[] {
  const rank = { error: 0, warn: 1, info: 2, ok: 3 }
  return metrics
    .filter(({ scope, status }) => scope === 'all' && rank[status] < 2)
    .toSorted((a, b) => rank[a.status] - rank[b.status] || b.numerator - a.numerator)
}

/** What to look at first: each with the command that helps and the pages behind it. */
export function issuesSection({ metrics, examples, summary, facts }: DashboardData): Html {
  const found = findings(metrics)
  if (found.length === 0 && facts.alerts.length === 0)
    return html`<p>
      ${
        summary.meetings.total === 0
          ? 'There is nothing to measure yet.'
          : 'No alert is open, and no rule of the quality report has a warning or an error.'
      }
    </p>`
  return html`<ol class="issues">
    ${facts.alerts.map(
      ({ rule, subject, state, openedAt, value }) =>
        html`<li>
          ${statusMark(state)}
          <div>
            <bdi>${value}</bdi>
            <p><code>${rule === 'nightly' ? 'harness nightly' : 'harness status'}</code></p>
          </div>
          <div class="quiet">
            ${alertName({ rule, subject })}, since
            <span class="no-break">${moment(openedAt)}</span>
          </div>
        </li> `,
    )}
    ${found.map(
      (metric) =>
        html`<li>
          ${statusMark(metric.status)}
          <div>
            <strong class="count">${whole(metric.numerator)}</strong>
            <a href="${sectionOf(metric.id)}">${metric.text}</a>
            <span class="quiet"
              >${share(metric.numerator, metric.denominator)} of ${whole(metric.denominator)}
              ${metric.of}</span
            >
            <p><code>${metric.next}</code></p>
          </div>
          ${examplesOf(examples[metric.id] ?? [])}
        </li> `,
    )}
  </ol>`
}

function examplesOf(examples: readonly Example[]): Html | null {
  if (examples.length === 0) return null
  return html`<ul aria-label="The newest meetings concerned">
    ${examples.map(
      ({ id, date, venue, pages }) =>
        html`<li>
          <span class="no-break">${date}</span> <bdi>${venue}</bdi>${pages.map(
            ({ source, url }) => html` · ${link(url, sourceName(source))}`,
          )}
          <span class="quiet no-break">meeting ${id}</span>
        </li> `,
    )}
  </ul>`
}

/** Questions stand in the review queue, everything else among the seasons. */
function sectionOf(id: QualityMetric['id']): string {
  return id.startsWith('possible-') || id === 'name-only-links' ? '#review' : '#quality'
}
