import type { QualityMetric } from '../domain/quality/quality-metrics.ts'
import type { DashboardData } from './dashboard-data.ts'
import { share, whole } from './figures.ts'
import { html, type Html } from './html.ts'
import { measuresSection } from './measures.ts'
import { ruleWords, statusMarks } from './status.ts'

/** Seasons that are shown, the newest ones. */
const mostSeasons = 25

/** Shares of what was found: by season, and by day as far as they were kept. */
export function qualitySection(data: DashboardData): Html {
  return html`<h3>By season</h3>
    ${bySeason(data.metrics)}
    <h3>By day</h3>
    ${measuresSection(data)}`
}

/** A table that is its own picture: a row for each rule that found something, coloured by status. */
function bySeason(metrics: readonly QualityMetric[]): Html {
  const ofSeasons = metrics.flatMap((metric) =>
    metric.scope.startsWith('season ') ? [{ ...metric, season: metric.scope.slice(7) }] : [],
  )
  if (ofSeasons.length === 0) return html`<p class="quiet">There is nothing to measure yet.</p>`
  const seasons = [...new Set(ofSeasons.map(({ season }) => season))].sort().slice(-mostSeasons)
  const rules = [...new Set(ofSeasons.map(({ id }) => id))].map((id) => {
    const cells = seasons.map((season) =>
      ofSeasons.find((metric) => metric.id === id && metric.season === season),
    )
    return { id, cells, found: cells.some((cell) => (cell?.numerator ?? 0) > 0) }
  })
  const clean = rules.filter(({ found }) => !found).map(({ id }) => ruleWords(id))
  const caption = 'Share of what each rule looks at in which it found something, by season'
  return html`<div class="scroll from-end" role="region" aria-label="${caption}" tabindex="0">
      <table class="heat">
        <caption class="unseen">
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            ${seasons.map((season) => html`<th scope="col" class="n">${season}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rules
            .filter(({ found }) => found)
            .map(
              ({ id, cells }) =>
                html`<tr>
                  <th scope="row">${ruleWords(id)}</th>
                  ${cells.map(heatCell)}
                </tr> `,
            )}
        </tbody>
      </table>
    </div>
    <p class="quiet caption">
      Share of what a rule looks at in which it found something; ${statusMarks.warn} is a warning,
      ${statusMarks.error} an error by the bounds of <code>harness report quality</code>.
      ${
        clean.length === 0
          ? null
          : html`Nothing was found for:
            ${clean.map((words, at) => html`${at === 0 ? '' : ', '}${words}`)}.`
      }
    </p>`
}

function heatCell(metric: QualityMetric | undefined): Html {
  if (metric === undefined || metric.denominator === 0) return html`<td></td>`
  const { numerator, denominator, status, text, of } = metric
  const mark = status === 'warn' || status === 'error' ? `${statusMarks[status]} ` : ''
  const title = `${whole(numerator)} ${text}, of ${whole(denominator)} ${of} (${status})`
  return html`<td class="n ${status}" title="${title}">${mark}${share(numerator, denominator)}</td>`
}
