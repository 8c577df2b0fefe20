import { silentDays } from '../domain/alerts/watch-health.ts'
import type { DashboardData } from './dashboard-data.ts'
import { counted, moment, share, sourceName, whole } from './figures.ts'
import { html, type Html } from './html.ts'
import { findings } from './issues.ts'

/** One sentence: whether somebody has to do something, and where. */
export function verdict(data: DashboardData): Html {
  const { summary, facts, health } = data
  if (summary.meetings.total === 0)
    return html`<p class="verdict info">
      The database is empty. Begin with
      <code>harness scrape --from -30d --auto-discover</code> and
      <code>harness capture --from -13d</code>; <code>harness status</code> says what comes next.
    </p>`
  const found = findings(data.metrics)
  const errors = [
    ...facts.alerts.map(({ state }) => state),
    ...found.map(({ status }) => status),
  ].filter((status) => status === 'error').length
  const warnings = found.length + facts.alerts.length - errors
  const parts = [
    ...(errors > 0 ? [html`<a href="#issues">${counted(errors, 'error')}</a>`] : []),
    ...(warnings > 0 ? [html`<a href="#issues">${counted(warnings, 'warning')}</a>`] : []),
    ...(facts.refused.length > 0
      ? [html`<a href="#health">${counted(facts.refused.length, 'host')} that refused us</a>`]
      : []),
    ...(facts.failedPages.length > 0 ? [html`<a href="#health">pages that failed</a>`] : []),
    ...(health.sources.some(
      ({ source, lastSuccess }) => source !== 'manual' && isOld(lastSuccess, data.at),
    )
      ? [html`<a href="#health">a source that was not read for five days</a>`]
      : []),
  ]
  const [first, ...rest] = parts
  if (first === undefined)
    return html`<p class="verdict ok">
      <strong>✓ All is well.</strong> No warning, no error, nothing refused.
    </p>`
  const level = errors > 0 || facts.refused.length > 0 ? 'error' : 'warn'
  return html`<p class="verdict ${level}">
    <strong>${level === 'error' ? '✕ Needs a look:' : '▲ Worth a look:'}</strong>
    ${first}${rest.map((part) => html`, ${part}`)}.
  </p>`
}

/** The figures that one looks for first. */
export function headline({ summary, health, at }: DashboardData): Html {
  const { meetings, races, starters, horses, questions } = summary
  const both = meetings.bySource['merged'] ?? 0
  const span =
    meetings.total === 0
      ? null
      : html`<span class="no-break">${meetings.first}</span> to
          <span class="no-break">${meetings.last}</span>`
  const lastReads = ['hrnz_scraper', 'tab_api'].map((source) => {
    const last = health.sources.find((row) => row.source === source)?.lastSuccess ?? null
    return figure(
      `${sourceName(source)} last read`,
      last === null ? 'never' : last.slice(0, 10),
      last === null
        ? null
        : `${moment(last).slice(11)}${isOld(last, at) ? ', ▲ five days ago or more' : ''}`,
    )
  })
  return html`<dl class="figures">
    ${figure('Meetings', whole(meetings.total), span)}
    ${figure('Races', whole(races.total), `${whole(races.final)} final`)}
    ${figure('Starters', whole(starters.total), `${whole(starters.unlinked)} without a horse`)}
    ${figure('Horses', whole(horses.total), null)}
    ${figure(
      'Held by both sources',
      whole(both),
      meetings.total === 0 ? null : `${share(both, meetings.total)} of the meetings`,
    )}
    ${figure('Open questions', whole(questions), null)} ${lastReads}
  </dl>`
}

function figure(name: string, value: string, more: Html | string | null): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value">${value}</dd>
    ${more === null ? null : html`<dd class="more">${more}</dd>`}
  </div> `
}

function isOld(lastSuccess: string | null, at: string): boolean {
  return (
    lastSuccess === null || Date.parse(at) - Date.parse(lastSuccess) > silentDays.warn * 86_400_000
  )
}
