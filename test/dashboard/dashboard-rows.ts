import type { DashboardData } from '../../src/dashboard/dashboard-data.ts'
import { addDays } from '../../src/domain/dates.ts'
import { qualityMetrics } from '../../src/domain/quality/quality-metrics.ts'

const today = '2026-05-03'

/** A page's data in which everything occurs; `text` makes whatever a source may have said. */
export function dashboardData(
  text: (what: string) => string,
  over: Partial<DashboardData> = {},
): DashboardData {
  const days = Array.from({ length: 40 }, (_, index) => addDays(today, -index))
  const counts = {
    'races-without-result': { found: 3, among: 90, notYet: 0 },
    'fields-differ': { found: 60, among: 100, notYet: 0 },
    'driver-missing': { found: 1, among: 100, notYet: 0 },
    'winner-missing': { found: 0, among: 80, notYet: 0 },
  }
  const tallies = ['2024-03-04', '2026-04-30'].map((date) => ({
    date,
    venue: text('venue'),
    source: 'merged',
    counts,
  }))
  return {
    database: text('database'),
    at: '2026-05-03T01:00:00.000Z',
    today,
    days: 30,
    summary: {
      meetings: {
        total: 1234,
        bySource: { merged: 1000, hrnz_scraper: 234 },
        first: '2024-03-04',
        last: today,
      },
      races: { total: 11_000, final: 10_900 },
      starters: { total: 120_000, scratched: 900, unlinked: 3 },
      horses: { total: 5000 },
      questions: 7,
    },
    metrics: qualityMetrics(tallies, ['all', 'season']),
    examples: {
      'races-without-result': [
        {
          id: 78,
          date: '2026-04-30',
          venue: text('venue of the example'),
          pages: [
            { source: 'hrnz_scraper', url: 'https://hrnz.invalid/a.htm' },
            { source: text('source'), url: `javascript:${text('url')}` },
          ],
        },
      ],
    },
    measures: days.toReversed().flatMap((day, index) => [
      {
        day,
        measure: 'races-without-result',
        numerator: 40 - index,
        denominator: 900,
        status: index < 9 ? ('warn' as const) : ('ok' as const),
      },
      {
        day,
        measure: `answer-p95-ms ${text('measured host')}`,
        numerator: 300 + index,
        denominator: null,
        status: 'ok' as const,
      },
      {
        day,
        measure: 'database-bytes',
        numerator: 4e7 + index,
        denominator: null,
        status: 'ok' as const,
      },
      {
        day,
        measure: text('measure'),
        numerator: index,
        denominator: 50,
        status: 'error' as const,
      },
    ]),
    health: {
      requests: days.slice(0, 9).flatMap((day) =>
        [200, 404, 0].map((status) => ({
          host: text('host'),
          day,
          status,
          upToMs: 300,
          requests: 20,
        })),
      ),
      issues: [{ code: text('code'), source: 'hrnz_scraper', count: 5 }],
      sources: [
        {
          source: 'hrnz_scraper',
          attempts: 100,
          failures: 4,
          lastSuccess: '2026-04-25T00:30:00.000Z',
        },
        { source: 'tab_api', attempts: 0, failures: 0, lastSuccess: null },
      ],
      sizeBytes: 18_264_064,
      growth: days.slice(0, 5).map((day) => ({ day, documents: 12, bytes: 900_000 })),
      queues: [
        { source: 'hrnz_scraper', kind: text('kind of page'), state: 'due', count: 72, due: 3 },
      ],
      missedWindows: 12,
    },
    facts: {
      meetings: [
        { date: '2024-03-04', hrnz: 1, tab: 0, count: 2 },
        { date: '2026-04-30', hrnz: 1, tab: 1, count: 3 },
        { date: '2026-04-30', hrnz: 0, tab: 1, count: 1 },
        { date: '2026-05-01', hrnz: 0, tab: 0, count: 1 },
      ],
      failedReads: [{ date: '2026-05-02', source: 'hrnz_scraper', count: 2 }],
      missed: [{ date: '2026-05-01', count: 12 }],
      questions: [
        { kind: 'horse', code: text('question’s code'), count: 6, oldest: '2025-02-03' },
        { kind: 'meeting', code: 'possible-same-meeting', count: 1, oldest: null },
      ],
      topQuestions: [
        { kind: 'horse', code: 'name-only', subjectId: 9, otherId: 9, question: text('question') },
        { kind: 'horse', code: 'possible-duplicate', subjectId: 9, otherId: 8, question: 'One?' },
        {
          kind: 'meeting',
          code: 'possible-same-meeting',
          subjectId: 7,
          otherId: 6,
          question: 'One?',
        },
      ],
      failedPages: [
        {
          source: 'hrnz_scraper',
          kind: 'results',
          url: text('page'),
          date: null,
          attempts: 3,
          reason: text('reason'),
        },
      ],
      alerts: [
        {
          rule: 'failing',
          subject: text('alert’s subject'),
          state: 'warn',
          openedAt: '2026-05-02T00:00:00.000Z',
          value: text('alert'),
        },
      ],
      runs: [
        {
          command: text('command'),
          startedAt: '2026-05-03T00:00:00.000Z',
          exitCode: 0,
          outcome: text('outcome'),
        },
        {
          command: 'capture',
          startedAt: '2026-05-03T00:00:00.000Z',
          exitCode: null,
          outcome: null,
        },
      ],
      refused: [
        { host: text('refusing host'), until: Date.parse('2026-05-04'), reason: text('refusal') },
      ],
    },
    ...over,
  }
}
