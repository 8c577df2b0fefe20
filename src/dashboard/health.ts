import { rectY, ruleY } from '@observablehq/plot'
import { groupBy } from '../domain/group-by.ts'
import { chart } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { dateOfDay, dayOfDate } from './days.ts'
import { counted, megabytes, moment, share, sourceName, whole } from './figures.ts'
import { html, type Html, link, plain } from './html.ts'
import { requestsSection } from './requests.ts'

/** How the work went: what the sources answered, what failed, what waits, how large it all is. */
export function healthSection(data: DashboardData): Html {
  return html`${requestsSection(data)}
    <h3>Sources</h3>
    ${sources(data)} ${failures(data)}
    <h3>Queues</h3>
    ${queues(data)}
    <h3>Missed windows</h3>
    ${missed(data)}
    <h3>Size and growth</h3>
    ${growth(data)}
    <h3>Last runs</h3>
    ${runs(data)}`
}

function sources({ health, facts, days }: DashboardData): Html {
  const refused = facts.refused.map(
    ({ host, until, reason }) =>
      html`<p>
        <span class="status error">✕ refused</span> <bdi>${host}</bdi> is left alone until
        ${moment(new Date(until).toISOString())}: <bdi>${reason ?? 'no reason given'}</bdi>
      </p>`,
  )
  if (health.sources.length === 0)
    return html`${refused}
      <p class="quiet">Nothing was read yet: <code>harness status</code> says what to do first.</p>`
  return html`${refused}
  ${dataTable(
    `Reads of the last ${days} days`,
    [
      { title: 'Source' },
      { title: 'Reads', figures: true },
      { title: 'Failed', figures: true },
      { title: 'Share', figures: true },
      { title: 'Last success' },
    ],
    health.sources.map(({ source, attempts, failures: failed, lastSuccess }) => [
      sourceName(source),
      whole(attempts),
      whole(failed),
      attempts === 0 ? '' : share(failed, attempts),
      lastSuccess === null ? 'never' : html`<span class="no-break">${moment(lastSuccess)}</span>`,
    ]),
  )}`
}

function failures({ facts, health, days }: DashboardData): Html {
  const pages =
    facts.failedPages.length === 0
      ? null
      : html`<h3>Pages that failed</h3>
          ${dataTable(
            'They are due again; the newest first',
            [
              { title: 'Page' },
              { title: 'Source' },
              { title: 'Racing date' },
              { title: 'Tries', figures: true },
              { title: 'Reason' },
            ],
            facts.failedPages.map(({ source, kind, url, date, attempts, reason }) => [
              link(url, kind),
              sourceName(source),
              html`<span class="no-break">${date}</span>`,
              whole(attempts),
              html`<bdi>${reason}</bdi>`,
            ]),
          )}
          <p class="quiet"><code>harness scrape</code> tries them again.</p>`
  const issues =
    health.issues.length === 0
      ? null
      : html`<h3>What could not be read</h3>
          ${dataTable(
            `Parser’s findings of the last ${days} days`,
            [{ title: 'Code' }, { title: 'Source' }, { title: 'Count', figures: true }],
            health.issues
              .slice(0, 15)
              .map(({ code, source, count }) => [
                html`<bdi>${plain(code, 80)}</bdi>`,
                sourceName(source),
                whole(count),
              ]),
          )}`
  return html`${pages} ${issues}`
}

function queues({ health }: DashboardData): Html {
  if (health.queues.length === 0)
    return html`<p class="quiet">No page is registered: <code>harness discover --days 7</code></p>`
  const states = ['due', 'failed', 'final', 'closed']
  const kinds = [
    ...groupBy(health.queues, ({ source, kind }) => JSON.stringify([source, kind])).values(),
  ]
  return dataTable(
    'Pages by what becomes of them',
    [
      { title: 'Kind' },
      { title: 'Source' },
      ...[...states, 'due now'].map((title) => ({ title, figures: true })),
    ],
    kinds.map((rows) => [
      plain(rows[0]!.kind, 60),
      sourceName(rows[0]!.source),
      ...[
        ...states.map((name) => rows.find(({ state }) => state === name)?.count ?? 0),
        rows.reduce((sum, { due }) => sum + due, 0),
      ].map((count) => (count === 0 ? '' : whole(count))),
    ]),
  )
}

function missed({ health, facts, days }: DashboardData): Html {
  if (health.missedWindows === 0)
    return html`<p>None in the last ${days} days: every race was looked at in time.</p>`
  return html`<p>
      ${counted(health.missedWindows, 'look')} at TAB’s races came too late in the last ${days}
      days. <code>harness capture --watch</code> follows each race.
    </p>
    <details>
      <summary>By racing date</summary>
      ${dataTable(
        'Looks that came too late',
        [{ title: 'Racing date' }, { title: 'Looks', figures: true }],
        facts.missed.toReversed().map(({ date, count }) => [date, whole(count)]),
      )}
    </details>`
}

function growth({ health, days, today }: DashboardData): Html {
  const size = html`<p>
    The database has ${megabytes(health.sizeBytes)}.
    ${health.growth.length === 0 ? `No document came in the last ${days} days.` : null}
  </p>`
  if (health.growth.length === 0) return size
  const end = dayOfDate(today) + 1
  // Documents are counted by days in UTC, and those begin half a day after ours: one more is reached.
  const first = Math.min(end - days, dayOfDate(health.growth[0]!.day))
  const bars = health.growth.map(({ day, bytes }) => ({
    at: new Date(day),
    bytes,
    title: `${day}: ${megabytes(bytes)}`,
  }))
  return html`${size}
  ${chart(
    {
      width: 1000,
      height: 150,
      marginLeft: 14,
      marginRight: 50,
      marginBottom: 36,
      x: {
        type: 'utc',
        domain: [new Date(dateOfDay(first)), new Date(Date.parse(dateOfDay(end)) - 1)],
        label: null,
        tickSize: 0,
      },
      y: {
        axis: 'right',
        label: null,
        grid: true,
        ticks: 4,
        tickSize: 0,
        tickFormat: (bytes: number) => `${bytes / 1e6} MB`,
      },
      marks: [
        rectY(bars, {
          x: 'at',
          y: 'bytes',
          interval: 'day',
          fill: 'var(--s3)',
          title: 'title',
          inset: 1,
        }),
        ruleY([0], { stroke: 'var(--muted)' }),
      ],
    },
    {
      label: `Bytes of documents that came in by day, last ${days} days.`,
      caption: html`Documents that came in, as sent; they are kept compressed.`,
      table: dataTable(
        'Documents by day (UTC)',
        [
          { title: 'Day' },
          { title: 'Documents', figures: true },
          { title: 'As sent', figures: true },
        ],
        health.growth
          .toReversed()
          .map(({ day, documents, bytes }) => [day, whole(documents), megabytes(bytes)]),
      ),
    },
  )}`
}

function runs({ facts }: DashboardData): Html {
  if (facts.runs.length === 0) return html`<p class="quiet">No command was run yet.</p>`
  return dataTable(
    'The latest run of each command',
    [
      { title: 'Command' },
      { title: 'Started' },
      { title: 'Exit', figures: true },
      { title: 'Outcome' },
    ],
    facts.runs.map(({ command, startedAt, exitCode, outcome }) => [
      html`<span class="no-break">${plain(command, 60)}</span>`,
      html`<span class="no-break">${moment(startedAt)}</span>`,
      exitCode === null ? 'open' : exitCode,
      html`<bdi>${outcome}</bdi>`,
    ]),
  )
}
