import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reportHealth } from '../../src/app/report-health.ts'
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
