import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { writeDashboard } from '../../src/app/report/report-dashboard.ts'
import type { MeetingObservation } from '../../src/domain/observation.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../support/observations.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { scratchFolder } from '../support/run-cli.ts'

const now = Date.parse('2026-03-08T00:00:00.000Z')
const since = { at: '2026-03-01T00:00:00.000Z', now }

export function dashboardContract(dialect: TestDialect): void {
  describe('the dashboard', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    async function ingest(observation: MeetingObservation): Promise<void> {
      const deps = quietDeps(database, now)
      const at = '2026-03-07T00:00:00.000Z'
      const documentId = await database.unitOfWork.run(
        async ({ archive }) =>
          (
            await archive.put(
              {
                source: observation.source,
                kind: 'results',
                url: `https://${observation.source}.invalid/${observation.key}`,
                hash: observation.key,
                contentType: null,
                etag: null,
                lastModified: null,
                httpStatus: 200,
                date: observation.date,
                label: null,
                fetchedAt: at,
              },
              Buffer.from(observation.key),
            )
          ).id,
      )
      await ingestMeeting(deps, {
        observation,
        issues: [],
        documentId,
        url: null,
        parserVersion: '1',
        confirmedAt: at,
      })
    }

    const names = ['Brinmoor Gumboot', 'Feijoa Vexppodine', 'Ippgoose Marmalade']
    const said = (source: 'tab_api' | 'hrnz_scraper', id: string, over: object = {}) =>
      aMeetingSaid(source, id, {
        venue: 'Weka Downs',
        races: [
          aRaceSaid({
            key: `${source === 'tab_api' ? 'tab:event:' : 'hrnz:race:'}${id}/R1`,
            number: 1,
            starters: startersSaid(source, `${id}/R1`, names),
          }),
        ],
        ...over,
      })

    it('knows which sources tell of the meetings of a date, and by which pages', async () => {
      await ingest(said('hrnz_scraper', '2026-03-06/1'))
      await ingest(said('tab_api', 'm1'))
      await ingest(said('tab_api', 'm2', { date: '2026-03-07', venue: 'Tui Park', races: [] }))
      await ingest(aMeetingSaid('manual', 'm3', { date: '2026-03-07', venue: 'Huia Flats' }))
      const { meetings } = await database.reports.dashboard(since)
      expect(meetings).toEqual([
        { date: '2026-03-06', hrnz: 1, tab: 1, count: 1 },
        { date: '2026-03-07', hrnz: 0, tab: 0, count: 1 },
        { date: '2026-03-07', hrnz: 0, tab: 1, count: 1 },
      ])
      expect(await database.reports.pagesOfDates([])).toEqual([])
      expect(await database.reports.pagesOfDates(['2026-03-06', '2026-01-01'])).toEqual([
        expect.objectContaining({
          date: '2026-03-06',
          venue: 'Weka Downs',
          dataSource: 'merged',
          source: 'hrnz_scraper',
          url: 'https://hrnz_scraper.invalid/hrnz:meeting:2026-03-06/1',
        }),
        expect.objectContaining({ source: 'tab_api', dataSource: 'merged' }),
      ])
    })

    it('is written from what the database holds', async () => {
      await ingest(said('hrnz_scraper', '2026-03-06/1'))
      await ingest(said('tab_api', 'm1'))
      const { reports, measures } = database
      const { clock } = quietDeps(database, now)
      const file = join(scratchFolder(), 'dashboard.html')
      const { bytes } = await writeDashboard(
        { reports, measures, clock },
        { file, database: dialect },
      )
      const page = readFileSync(file)
      expect(page.length).toBe(bytes)
      expect(page.toString()).toContain('2026-03-06: 1 meeting')
      expect(page.toString()).not.toMatch(/NaN|undefined|\[object/)
    })

    it('tells what failed, what waits for an answer and what ran last', async () => {
      const { unitOfWork, runs, hostPace, reports } = database
      await unitOfWork.run(async ({ log, pages, reviews, captureRecord }) => {
        const read = {
          source: 'hrnz_scraper' as const,
          url: null,
          recordsCreated: 0,
          recordsUpdated: 0,
          errors: null,
        }
        const createdAt = '2026-03-07T00:00:00.000Z'
        await log.add([
          { ...read, dateProcessed: '2026-03-06', status: 'failed', createdAt },
          { ...read, dateProcessed: '2026-03-06', status: 'success', createdAt },
        ])
        const page = {
          source: 'hrnz_scraper' as const,
          kind: 'results',
          date: '2026-03-06',
          club: null,
          clubNumber: null,
          venue: null,
          dueAt: null,
          reason: null,
        }
        await pages.register([
          { ...page, url: 'https://a.invalid/1' },
          { ...page, url: 'https://a.invalid/2' },
          // Named by address: nobody knows of which day it is.
          { ...page, url: 'https://a.invalid/3', date: null },
        ])
        const [first, undated] = await pages.findByUrls('hrnz_scraper', [
          'https://a.invalid/1',
          'https://a.invalid/3',
        ])
        await pages.update([
          { ...first!, state: 'failed', attempts: 2, reason: 'r'.repeat(1_000) },
          { ...undated!, state: 'failed', attempts: 1, reason: 'gone' },
        ])
        const item = {
          kind: 'horse' as const,
          subjectId: 1,
          otherId: null,
          evidence: '{}',
          other: null,
        }
        await reviews.replace(
          'horse',
          [1],
          [
            { ...item, code: 'name-only', subject: 'a', question: 'Less?', priority: 1 },
            {
              ...item,
              code: 'name-changed',
              subject: 'b',
              question: 'q'.repeat(1_000),
              priority: 9,
            },
            { ...item, code: 'name-only', subject: 'c', question: 'Least?', priority: 0 },
          ],
        )
        const window = {
          subject: 'e1',
          date: '2026-03-06',
          raceNumber: 1,
          reason: 'due',
          cause: 'asleep',
        }
        await captureRecord.addMissed([
          { ...window, dueAt: '2026-03-06T01:00:00.000Z', lookedAt: '2026-03-06T03:00:00.000Z' },
          { ...window, dueAt: '2026-03-06T02:00:00.000Z', lookedAt: '2026-02-06T03:00:00.000Z' },
        ])
      })
      const alert = {
        subject: '',
        state: 'error' as const,
        openedAt: '2026-03-06T00:00:00.000Z',
        recoveredAt: null,
        value: 'v'.repeat(1_000),
        clearLooks: 0,
        told: null,
        toldAt: null,
      }
      await database.alerts.save([
        { ...alert, rule: 'failing', subject: 'tab_api', state: 'warn', value: 'some' },
        { ...alert, rule: 'missed' },
        { ...alert, rule: 'disk', state: 'ok' },
        { ...alert, rule: 'quality', subject: 'fields-differ' },
      ])
      const run = { argv: '', version: '1', host: 'h', pid: 1 }
      for (const startedAt of ['2026-03-06T00:00:00.000Z', '2026-03-07T00:00:00.000Z'])
        await runs.start({ ...run, command: 'scrape', startedAt })
      const ended = await runs.start({
        ...run,
        command: 'capture',
        startedAt: '2026-03-07T01:00:00.000Z',
      })
      await runs.finish(ended, {
        endedAt: '2026-03-07T02:00:00.000Z',
        exitCode: 3,
        outcome: 'partly',
        counters: '{}',
      })
      await hostPace.claim('a.invalid', { owner: 'me', now, leaseMs: 1 })
      await hostPace.refuse('a.invalid', { until: now + 1000, reason: '403' })
      await hostPace.claim('b.invalid', { owner: 'me', now, leaseMs: 1 })
      await hostPace.refuse('b.invalid', { until: now - 1000, reason: '403' })
      // Written under a clock that was set ahead: nobody obeys it.
      await hostPace.refuse('c.invalid', { until: now + 100 * 86_400_000, reason: '403' })

      const facts = await reports.dashboard(since)
      expect(facts).toEqual({
        meetings: [],
        failedReads: [{ date: '2026-03-06', source: 'hrnz_scraper', count: 1 }],
        missed: [{ date: '2026-03-06', count: 1 }],
        questions: [
          { kind: 'horse', code: 'name-only', count: 2, oldest: null },
          { kind: 'horse', code: 'name-changed', count: 1, oldest: null },
        ],
        topQuestions: [
          {
            kind: 'horse',
            code: 'name-changed',
            subjectId: 1,
            otherId: null,
            question: 'q'.repeat(400),
          },
          { kind: 'horse', code: 'name-only', subjectId: 1, otherId: null, question: 'Less?' },
          { kind: 'horse', code: 'name-only', subjectId: 1, otherId: null, question: 'Least?' },
        ],
        failedPages: [
          {
            source: 'hrnz_scraper',
            kind: 'results',
            url: 'https://a.invalid/1',
            date: '2026-03-06',
            attempts: 2,
            reason: 'r'.repeat(400),
          },
          {
            source: 'hrnz_scraper',
            kind: 'results',
            url: 'https://a.invalid/3',
            date: null,
            attempts: 1,
            reason: 'gone',
          },
        ],
        alerts: [
          {
            rule: 'missed',
            subject: '',
            state: 'error',
            openedAt: '2026-03-06T00:00:00.000Z',
            value: 'v'.repeat(400),
          },
          {
            rule: 'failing',
            subject: 'tab_api',
            state: 'warn',
            openedAt: '2026-03-06T00:00:00.000Z',
            value: 'some',
          },
        ],
        runs: [
          {
            command: 'capture',
            startedAt: '2026-03-07T01:00:00.000Z',
            exitCode: 3,
            outcome: 'partly',
          },
          {
            command: 'scrape',
            startedAt: '2026-03-07T00:00:00.000Z',
            exitCode: null,
            outcome: null,
          },
        ],
        refused: [{ host: 'a.invalid', until: now + 1000, reason: '403' }],
      })
    })
  })
}
