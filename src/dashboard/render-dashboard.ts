import { calendarSection } from './calendar.ts'
import type { DashboardData } from './dashboard-data.ts'
import { moment } from './figures.ts'
import { headline, verdict } from './headline.ts'
import { healthSection } from './health.ts'
import { html, Html } from './html.ts'
import { issuesSection } from './issues.ts'
import { pageMark } from './page-mark.ts'
import { qualitySection } from './quality.ts'
import { reviewSection } from './review.ts'
import { sourcesSection } from './sources-chart.ts'
import { style } from './style.ts'

/** Nothing is loaded, nothing runs, nothing is sent: whatever text a source may have got in. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`

const sections = [
  {
    id: 'issues',
    title: 'What to look at first',
    lead: null,
    content: issuesSection,
  },
  {
    id: 'calendar',
    title: 'Calendar',
    lead: 'Which racing days are in the database, as each source tells them.',
    content: calendarSection,
  },
  {
    id: 'sources',
    title: 'Sources over time',
    lead: 'Meetings of each month, by who holds them.',
    content: sourcesSection,
  },
  {
    id: 'quality',
    title: 'Quality',
    lead: 'What is missing, impossible or in doubt, season by season and day by day.',
    content: qualitySection,
  },
  {
    id: 'review',
    title: 'Review queue',
    lead: 'What the evidence does not settle: it asks instead of guessing.',
    content: reviewSection,
  },
  {
    id: 'health',
    title: 'Health',
    lead: 'How the sources answered, what failed and what waits.',
    content: healthSection,
  },
] as const

/** The whole page. The same data gives the same bytes. */
export function renderDashboard(data: DashboardData): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      ${new Html(pageMark)}
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <meta name="robots" content="noindex" />
      <title>Harness racing, ${data.today}</title>
      <link rel="icon" href="data:," />
      <style>
        ${new Html(style)}
      </style>
    </head>
    <body>
      ${patterns}
      <header>
        <h1>Harness racing in New Zealand</h1>
        <p>
          <bdi>${data.database}</bdi>, as of
          <time class="no-break" datetime="${data.at.slice(0, 16)}Z">${moment(data.at)}</time>
        </p>
        <nav aria-label="Sections">
          <ul>
            ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li> `)}
          </ul>
        </nav>
      </header>
      <main>
        ${verdict(data)} ${headline(data)}
        ${sections.map(
          ({ id, title, lead, content }) =>
            html`<section id="${id}" aria-labelledby="${id}-title">
              <h2 id="${id}-title">${title}</h2>
              ${lead === null ? null : html`<p class="lead">${lead}</p>`} ${content(data)}
            </section> `,
        )}
      </main>
      <footer>
        Written by <code>harness report dashboard</code>. For personal use: the data belongs to HRNZ
        and TAB.
      </footer>
    </body>
  </html>`
  return `<!doctype html>\n${page.toString()}\n`
}

/** Hatches tell two fills apart for those who see no colours, and on grey paper. */
const patterns = html`<svg class="defs" aria-hidden="true" focusable="false">
  <defs>
    <pattern
      id="hatch-hrnz"
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" fill="var(--hrnz)" />
      <line x1="0" y1="0" x2="0" y2="5" stroke="var(--bg)" stroke-width="1.6" />
    </pattern>
    <pattern id="hatch-tab" width="5" height="5" patternUnits="userSpaceOnUse">
      <rect width="5" height="5" fill="var(--tab)" />
      <line x1="0" y1="0" x2="5" y2="0" stroke="var(--bg)" stroke-width="2" />
    </pattern>
    <pattern
      id="hatch-failed"
      width="4"
      height="4"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(-45)"
    >
      <rect width="4" height="4" fill="var(--error)" />
      <line x1="0" y1="0" x2="0" y2="4" stroke="var(--bg)" stroke-width="1.6" />
    </pattern>
  </defs>
</svg>`
