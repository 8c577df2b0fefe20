import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aMeeting, cardChanges } from './rows.ts'

export function operationsContract(dialect: TestDialect): void {
  describe('operations', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    it('keeps the latest run of each command', async () => {
      const { runs } = database
      await runs.start(aRun('scrape'))
      const second = await runs.start(aRun('scrape'))
      const capture = await runs.start(aRun('capture'))
      await runs.finish(second, {
        endedAt: '2026-03-06T10:05:00.000Z',
        exitCode: 3,
        outcome: 'one page failed',
        counters: '{}',
      })
      expect(await runs.latest()).toEqual([
        {
          ...aRun('capture'),
          id: capture,
          endedAt: null,
          exitCode: null,
          outcome: null,
          counters: null,
        },
        {
          ...aRun('scrape'),
          id: second,
          endedAt: '2026-03-06T10:05:00.000Z',
          exitCode: 3,
          outcome: 'one page failed',
          counters: '{}',
        },
      ])
    })

    it('tells of each command how it last ended, and when it last went well', async () => {
      const { runs } = database
      const end = (hour: number, exitCode: number) => ({
        endedAt: `2026-03-06T1${hour}:00:00.000Z`,
        exitCode,
        outcome: '',
        counters: '{}',
      })
      expect(await runs.history()).toEqual([])
      await runs.finish(await runs.start(aRun('scrape')), end(1, 0))
      const second = await runs.start(aRun('scrape'))
      await runs.finish(second, end(2, 5))
      await runs.start(aRun('scrape'))
      await runs.finish(await runs.start(aRun('capture')), end(3, 1))
      const [capture, scrape] = await runs.history()
      expect(capture).toMatchObject({ command: 'capture', lastSuccess: null })
      expect(scrape).toMatchObject({
        command: 'scrape',
        lastSuccess: '2026-03-06T11:00:00.000Z',
        lastEnded: { id: second, exitCode: 5, endedAt: '2026-03-06T12:00:00.000Z' },
      })
    })

    it('lets one request at a time through to a host', async () => {
      const { hostPace } = database
      const claim = (owner: string, now: number) =>
        hostPace.claim('h', { owner, now, leaseMs: 60_000 })
      expect(await claim('a', 1_000)).toEqual({ go: true })
      expect(await claim('b', 1_000)).toEqual({ go: false, retryAt: 1_500 })
      await hostPace.release('h', { owner: 'a', nextAt: 3_000, strikes: 0 })
      expect(await claim('b', 1_600)).toEqual({ go: false, retryAt: 3_000 })
      expect(await claim('b', 3_000)).toEqual({ go: true })
      expect(await hostPace.claim('other', { owner: 'a', now: 0, leaseMs: 1 })).toEqual({
        go: true,
      })
    })

    it('takes over a claim that has lapsed, and ignores a release that comes too late', async () => {
      const { hostPace } = database
      await hostPace.claim('h', { owner: 'dead', now: 0, leaseMs: 100 })
      expect(await hostPace.claim('h', { owner: 'b', now: 100, leaseMs: 100 })).toEqual({
        go: true,
      })
      await hostPace.release('h', { owner: 'dead', nextAt: 0, strikes: 9 })
      expect(await hostPace.get('h')).toMatchObject({
        leaseOwner: 'b',
        leaseUntil: 200,
        strikes: 0,
      })
    })

    it('leaves a host alone that refused us', async () => {
      const { hostPace } = database
      const until = 3_600_000
      await hostPace.refuse('h', { until, reason: 'HTTP 403' })
      expect(await hostPace.claim('h', { owner: 'a', now: 1, leaseMs: 1 })).toEqual({
        go: false,
        retryAt: until,
      })
      await hostPace.saveRobots('h', { text: 'User-agent: *', fetchedAt: 5 })
      expect(await hostPace.all()).toEqual([
        {
          host: 'h',
          nextAt: 0,
          strikes: 0,
          leaseOwner: null,
          leaseUntil: 0,
          refusedUntil: until,
          refusedReason: 'HTTP 403',
          robotsText: 'User-agent: *',
          robotsFetchedAt: 5,
        },
      ])
      expect(await hostPace.get('none')).toBeUndefined()
    })

    it('is not held by what was written under a clock set ahead', async () => {
      const { hostPace } = database
      const ahead = 90 * 86_400_000
      await hostPace.claim('h', { owner: 'elsewhere', now: ahead, leaseMs: 100 })
      expect(await hostPace.claim('h', { owner: 'a', now: 1, leaseMs: 100 })).toEqual({ go: true })
      await hostPace.release('h', { owner: 'a', nextAt: ahead, strikes: 0 })
      await hostPace.refuse('h', { until: ahead, reason: 'HTTP 403' })
      expect(await hostPace.claim('h', { owner: 'a', now: 1, leaseMs: 100 })).toEqual({ go: true })
    })

    it('gives a claim to one of many who ask at once', async () => {
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          database.hostPace.claim('h', { owner: `o${i}`, now: 1, leaseMs: 1_000 }),
        ),
      )
      expect(claims.filter(({ go }) => go)).toHaveLength(1)
    })

    it('answers the three dashboard queries', async () => {
      await database.unitOfWork.run(async ({ cards, log }) => {
        await cards.apply(
          cardChanges({
            meetings: [
              aMeeting(),
              aMeeting({ id: 2, dataSource: 'tab_api', meetingDate: '2026-03-01' }),
            ],
          }),
        )
        const today = new Date().toISOString()
        await log.add(
          (['success', 'failed'] as const).map((status, i) => ({
            source: 'tab_api',
            dateProcessed: today.slice(0, 10),
            url: null,
            status,
            recordsCreated: 3,
            recordsUpdated: i,
            errors: null,
            createdAt: today,
          })),
        )
      })
      const since =
        dialect === 'postgres' ? "CURRENT_DATE - INTERVAL '7 days'" : "date('now', '-7 days')"
      const [activity, distribution, merged] = await Promise.all(
        dashboardQueries(since).map(
          async (text) => (await sql.raw(text).execute(database.db)).rows,
        ),
      )
      expect(activity).toEqual([
        {
          source: 'tab_api',
          date_processed: new Date().toISOString().slice(0, 10),
          attempts: 2,
          created: 6,
          updated: 1,
          failures: 1,
        },
      ])
      expect(distribution).toHaveLength(2)
      expect(distribution).toContainEqual({
        data_source: 'merged',
        meetings: 1,
        earliest: '2026-03-06',
        latest: '2026-03-06',
      })
      expect(merged).toEqual([
        {
          id: 1,
          venue: 'Karaka Flats',
          meeting_date: '2026-03-06',
          tab_meeting_id: aMeeting().tabMeetingId,
          hrnz_url: aMeeting().hrnzUrl,
        },
      ])
    })
  })
}

const aRun = (command: string) => ({
  command,
  argv: '["--days","2"]',
  version: '0.1.0',
  host: 'home',
  pid: 42,
  startedAt: '2026-03-06T10:00:00.000Z',
})

/** As people keep them in their dashboards; only the date arithmetic differs on SQLite. */
const dashboardQueries = (since: string): string[] => [
  `SELECT
    source,
    date_processed,
    COUNT(*) as attempts,
    SUM(records_created) as created,
    SUM(records_updated) as updated,
    COUNT(*) FILTER (WHERE status = 'failed') as failures
  FROM data_ingestion_log
  WHERE date_processed >= ${since}
  GROUP BY source, date_processed
  ORDER BY date_processed DESC;`,
  `SELECT
    data_source,
    COUNT(*) as meetings,
    MIN(meeting_date) as earliest,
    MAX(meeting_date) as latest
  FROM meetings
  GROUP BY data_source;`,
  `SELECT
    id,
    venue,
    meeting_date,
    tab_meeting_id,
    hrnz_url
  FROM meetings
  WHERE data_source = 'merged'
  ORDER BY meeting_date DESC
  LIMIT 100;`,
]
