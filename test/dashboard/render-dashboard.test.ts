import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { qualityMetrics } from '../../src/domain/quality/quality-metrics.ts'
import { qualityRules } from '../../src/domain/quality/quality-rules.ts'
import { renderDashboard } from '../../src/dashboard/render-dashboard.ts'
import { dashboardData } from './dashboard-rows.ts'

const open = (text: string) => parseHTML(text).document
const harmless = (what: string): string => what

/** The page without its texts: which elements stand where, with which attributes. */
function shapeOf(text: string): string {
  const elements = [...open(text).querySelectorAll('*')]
  return elements
    .map(
      ({ tagName, attributes }) =>
        `${tagName} ${[...attributes].map(({ name }) => name).join(' ')}`,
    )
    .join('\n')
}

describe('the dashboard', () => {
  const page = renderDashboard(dashboardData(harmless))
  const document = open(page)

  it('is the same for the same data', () => {
    expect(renderDashboard(dashboardData(harmless))).toBe(page)
  })

  it('loads nothing, runs nothing and forbids both', () => {
    expect(document.querySelectorAll('script, iframe, object, embed, form, base, img').length).toBe(
      0,
    )
    expect(page).not.toMatch(/@import|url\((?!#)/)
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')
    expect(policy?.getAttribute('content')).toContain("default-src 'none'")
    for (const element of document.querySelectorAll('*'))
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on|^style$/)
    for (const { rel, href } of document.querySelectorAll('link'))
      expect([rel, href]).toEqual(['icon', 'data:,'])
  })

  it('has a language, a title, headings in order and links that lead somewhere', () => {
    expect(document.documentElement.getAttribute('lang')).toBe('en')
    expect(document.title).toBe('Harness racing, 2026-05-03')
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) =>
      Number(tagName[1]),
    )
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    levels.forEach((level, index) =>
      expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1),
    )
    for (const link of document.querySelectorAll('a')) {
      const href = link.getAttribute('href') ?? ''
      expect(href).toMatch(/^(#|https?:)/)
      if (href.startsWith('#')) expect(document.querySelector(href)).not.toBeNull()
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('names every drawing and says it again as a table', () => {
    const drawings = [...document.querySelectorAll('svg:not([aria-hidden])')]
    expect(drawings.length).toBeGreaterThan(8)
    for (const drawing of drawings) {
      expect(drawing.getAttribute('role')).toBe('img')
      expect(drawing.getAttribute('aria-label')).toMatch(/\w.*\.$/)
      expect(drawing.closest('figure')?.querySelector('details table')).toBeTruthy()
    }
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent?.trim()).not.toBe('')
      expect(table.querySelectorAll('thead th[scope="col"]').length).toBeGreaterThan(1)
    }
  })

  it('says what to look at first: worst first, with the command and the pages', () => {
    const issues = [...document.querySelectorAll('ol.issues > li')].map(({ textContent }) =>
      textContent?.replaceAll(/\s+/g, ' ').trim(),
    )
    const [differ, resultless] = ['fields-differ', 'races-without-result'].map((wanted) =>
      qualityRules.find(({ id }) => id === wanted)!,
    )
    expect(issues).toEqual([
      '▲ warn alert harness status failing pages: alert’s subject, since 2026-05-02 00:00 UTC',
      `✕ error 120 ${differ!.text} 60% of 200 ${differ!.of} ${differ!.next}`,
      `▲ warn 6 ${resultless!.text} 3.3% of 180 ${resultless!.of} ${resultless!.next} 2026-04-30 venue of the example · HRNZ · source meeting 78`,
    ])
    const links = [...document.querySelectorAll('ol.issues ul a')].map((link) =>
      link.getAttribute('href'),
    )
    expect(links).toEqual(['https://hrnz.invalid/a.htm'])
    const verdict = document.querySelector('.verdict')?.textContent?.replaceAll(/\s+/g, ' ')
    expect(verdict).toContain(
      'Needs a look: 1 error, 2 warnings, 1 host that refused us, pages that failed',
    )
    expect(verdict).toContain('a source that was not read for five days')
  })

  it('tells each meeting’s sources by month, and days that one source lacks', () => {
    const titles = [...document.querySelectorAll('svg title')].map(({ textContent }) => textContent)
    expect(titles).toContain('2026-04-30: 3 meetings, 1 fewer than the other source')
    expect(titles).toContain('2026-04-30: 4 meetings')
    expect(titles).toContain('2026-05-02: 0 meetings, 2 failed reads')
    expect(titles).toContain('2026-04, both sources: 3')
    expect(titles).toContain('2026-04, TAB alone: 1')
    expect(titles).toContain('2026-05, imported alone: 1')
  })

  it('keeps its axes when a source is off by centuries', () => {
    const { facts } = dashboardData(harmless)
    const meetings = [
      { date: '0001-01-01', hrnz: 1, tab: 0, count: 1 },
      ...facts.meetings,
      { date: '9999-12-31', hrnz: 1, tab: 0, count: 1 },
    ]
    const odd = open(renderDashboard(dashboardData(harmless, { facts: { ...facts, meetings } })))
    const titles = [...odd.querySelectorAll('svg title')].map(({ textContent }) => textContent)
    expect(titles).toContain('2026-04, both sources: 3')
    expect(titles).not.toContain('9999-12, HRNZ alone: 1')
  })

  it('has room for the first day of growth, which began in UTC before the racing date', () => {
    const data = dashboardData(harmless)
    const growth = ['2026-04-02', '2026-05-02'].map((day) => ({ day, documents: 1, bytes: 1e6 }))
    const drawn = open(renderDashboard({ ...data, health: { ...data.health, growth } }))
    const bars = drawn.querySelectorAll('[aria-label^="Bytes of documents"] rect')
    expect(bars.length).toBe(2)
    for (const bar of bars) expect(Number(bar.getAttribute('x'))).toBeGreaterThanOrEqual(14)
  })

  it('answers each question with a command', () => {
    const questions = [...document.querySelectorAll('ol.questions li')].map(
      ({ textContent }) => textContent,
    )
    expect(questions[0]).toContain('harness horses review')
    expect(questions[1]).toContain('harness horses merge 9 8')
    expect(questions[2]).toContain('harness reconcile same 7 6')
    expect(questions[2]).toContain('harness reconcile different 7 6')
  })

  it('says that nothing is wrong when nothing is', () => {
    const { health, facts } = dashboardData(harmless)
    const data = dashboardData(harmless, {
      metrics: [],
      facts: { ...facts, refused: [], failedPages: [], alerts: [] },
      health: {
        ...health,
        sources: [
          { source: 'tab_api', attempts: 1, failures: 0, lastSuccess: '2026-05-03T00:00:00.000Z' },
        ],
      },
    })
    expect(open(renderDashboard(data)).querySelector('.verdict')?.textContent).toContain(
      'All is well',
    )
  })

  it('of an empty database says what to do next', () => {
    const none = {
      meetings: [],
      failedReads: [],
      missed: [],
      questions: [],
      topQuestions: [],
      failedPages: [],
      alerts: [],
      runs: [],
      refused: [],
    }
    const empty = open(
      renderDashboard(
        dashboardData(harmless, {
          summary: {
            meetings: { total: 0, bySource: {}, first: null, last: null },
            races: { total: 0, final: 0 },
            starters: { total: 0, scratched: 0, unlinked: 0 },
            horses: { total: 0 },
            questions: 0,
          },
          metrics: qualityMetrics([], ['all', 'season']),
          examples: {},
          measures: [],
          facts: none,
          health: {
            requests: [],
            issues: [],
            sources: [],
            sizeBytes: 4096,
            growth: [],
            queues: [],
            missedWindows: 0,
          },
        }),
      ),
    )
    expect(empty.querySelector('.verdict')?.textContent).toContain('harness scrape --from -30d')
    expect(empty.body.textContent).toContain('harness nightly')
    expect(empty.body.textContent).not.toMatch(/NaN|undefined|Infinity|null/)
    expect(empty.querySelectorAll('svg:not([aria-hidden])').length).toBe(0)
  })

  it('has the same elements whatever a source says', () => {
    const shape = shapeOf(page)
    const bits = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '</figure>',
      '<script>',
      '<!--',
      '&lt;',
      '\0',
      '\u202e',
      '\ud800',
      'ā',
    ]
    const nasty = fc.array(fc.constantFrom(...bits), { maxLength: 30 }).map((some) => some.join(''))
    fc.assert(
      fc.property(nasty, (bad) => {
        const text = renderDashboard(dashboardData((what) => `${bad}${what}${bad}`))
        expect(shapeOf(text)).toBe(shape)
        expect(text).not.toMatch(/[\u0000\u202e\u2066]|\p{Cs}/u)
      }),
      { numRuns: 10 },
    )
  })

  it('stays small when every text has a megabyte', () => {
    const text = renderDashboard(dashboardData((what) => what + 'x'.repeat(1_000_000)))
    expect(text.length).toBeLessThan(page.length + 40_000)
  })
})
