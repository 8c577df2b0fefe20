import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportHealth } from '../../src/app/report/report-health.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aCard, aMeeting, cardChanges } from './rows.ts'

export function reportsContract(dialect: TestDialect): void {
  describe('reports', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    it('lists meetings by date, venue, source and state, newest first', async () => {
      await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(aCard(3).card)
        await cards.apply(
          cardChanges({
            meetings: [
              aMeeting({ id: 2, meetingDate: '2026-03-08', venue: '50% Downs', status: 'open' }),
              aMeeting({ id: 3, meetingDate: '2026-03-07', dataSource: 'tab_api', club: null }),
            ],
          }),
        )
      })
      const ids = async (filter: object) =>
        (await database.reports.meetings({ limit: 10, ...filter })).map(({ id }) => id)
      expect(await ids({})).toEqual([2, 3, 1])
      expect(await ids({ limit: 2 })).toEqual([2, 3])
      expect(await ids({ range: { from: '2026-03-06', to: '2026-03-07' } })).toEqual([3, 1])
      expect(await ids({ venue: '0% d' })).toEqual([2])
      expect(await ids({ venue: '_' })).toEqual([])
      expect(await ids({ source: 'tab_api' })).toEqual([3])
      expect(await ids({ status: 'open' })).toEqual([2])
      const [only] = await database.reports.meetings({
        limit: 1,
        range: { from: '2026-03-06', to: '2026-03-06' },
      })
      expect(only).toMatchObject({ id: 1, races: 1, starters: 3 })
    })

    it('tells response times and status codes by host and day', async () => {
      const { hostPace } = database
      const ask = async (host: string, day: string, status: number, ms: number) => {
        await hostPace.claim(host, { owner: 'a', now: 1, leaseMs: 1 })
        await hostPace.release(host, {
          owner: 'a',
          nextAt: 0,
          strikes: 0,
          request: { day, status, ms },
        })
      }
      for (let i = 0; i < 18; i++) await ask('one', '2026-03-06', 200, 100)
      await ask('one', '2026-03-06', 404, 900)
      await ask('one', '2026-03-06', 0, 60_000)
      await ask('one', '2026-03-05', 200, 50)
      await ask('one', '2026-02-01', 200, 50)
      const clock = {
        now: () => Date.parse('2026-03-06T02:00:00.000Z'),
        sleepUntil: async () => {},
      }
      const rows = await reportHealth({ ...database, clock }, 7)
      const asked = rows.filter(({ topic }) => topic === 'requests')
      expect(asked.map(({ day, count, failed }) => ({ day, count, failed }))).toEqual([
        { day: '2026-03-05', count: 1, failed: 0 },
        { day: '2026-03-06', count: 20, failed: 2 },
      ])
      const [, busy] = asked
      expect(busy?.note).toBe('no answer: 1, 200: 18, 404: 1')
      expect(busy?.p50_ms).toBeGreaterThanOrEqual(100)
      expect(busy?.p50_ms).toBeLessThanOrEqual(125)
      expect(busy?.p95_ms).toBeGreaterThanOrEqual(900)
      expect(busy?.p95_ms).toBeLessThanOrEqual(1125)
    })

    it('tells what came in and what was decided within a week', async () => {
      const entry = (source: 'tab_api' | 'hrnz_scraper', day: string, failed = false) => ({
        source,
        dateProcessed: day,
        url: null,
        status: failed ? ('failed' as const) : ('success' as const),
        recordsCreated: 3,
        recordsUpdated: 1,
        errors: null,
        createdAt: `${day}T00:00:00.000Z`,
      })
      const judgement = (kind: 'horse' | 'correction', day: string) => ({
        kind,
        a: 'x',
        b: 'y',
        verdict: kind === 'correction' ? ('set' as const) : ('same' as const),
        reason: null,
        actor: 'owner',
        createdAt: `${day}T00:00:00.000Z`,
        evidence: '{}',
      })
      await database.unitOfWork.run(async ({ log, judgements }) => {
        await log.add([
          entry('tab_api', '2026-03-02'),
          entry('tab_api', '2026-03-08', true),
          entry('hrnz_scraper', '2026-03-05'),
          entry('hrnz_scraper', '2026-03-09'),
          entry('tab_api', '2026-03-01'),
        ])
        await judgements.add(judgement('horse', '2026-03-03'))
        await judgements.add(judgement('horse', '2026-03-09'))
        await judgements.add(judgement('correction', '2026-03-03'))
        const taken = await judgements.add(judgement('correction', '2026-03-04'))
        await judgements.retract([taken], '2026-03-04T01:00:00.000Z')
      })
      const week = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-09T00:00:00.000Z' }
      expect(await database.reports.week(week)).toEqual({
        sources: [
          { source: 'hrnz_scraper', read: 1, failed: 0, created: 3, updated: 1 },
          { source: 'tab_api', read: 1, failed: 1, created: 6, updated: 2 },
        ],
        corrections: 1,
        answers: 1,
      })
    })

    it('tells failures and the last success of each source, and the size of the database', async () => {
      const at = (hour: number) => `2026-03-06T0${hour}:00:00.000Z`
      await database.unitOfWork.run(({ log }) =>
        log.add(
          (['success', 'success', 'failed'] as const).map((status, hour) => ({
            source: 'tab_api',
            dateProcessed: '2026-03-06',
            url: null,
            status,
            recordsCreated: 0,
            recordsUpdated: 0,
            errors: null,
            createdAt: at(hour),
          })),
        ),
      )
      const clock = { now: () => Date.parse(at(5)), sleepUntil: async () => {} }
      const rows = await reportHealth({ ...database, clock }, 1)
      expect(rows.find(({ topic }) => topic === 'source')).toMatchObject({
        subject: 'tab_api',
        count: 3,
        failed: 1,
        note: `33.3% failed; last success ${at(1)}`,
      })
      expect(rows.find(({ topic }) => topic === 'database')?.bytes).toBeGreaterThan(1000)
      expect(rows.find(({ topic }) => topic === 'missed')?.count).toBe(0)
    })
  })
}
