import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../src/domain/alerts/decide-alerts.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'

export function watchingContract(dialect: TestDialect): void {
  describe('measures', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    const gaps = { measure: 'placing-gap', numerator: 3, denominator: 40, status: 'warn' } as const
    const size = {
      measure: 'database-bytes',
      numerator: 9_000_000_000,
      denominator: null,
      status: 'ok',
    } as const

    it('are kept day by day and read since a day, in order', async () => {
      const { measures } = database
      expect(await measures.since('0001-01-01')).toEqual([])
      await measures.saveDay('2026-03-07', [size, gaps])
      await measures.saveDay('2026-03-06', [gaps])
      expect(await measures.since('2026-03-06')).toEqual([
        { day: '2026-03-06', ...gaps },
        { day: '2026-03-07', ...size },
        { day: '2026-03-07', ...gaps },
      ])
      expect(await measures.since('2026-03-08')).toEqual([])
    })

    it('of a day are those of the last look at it', async () => {
      const { measures } = database
      await measures.saveDay('2026-03-06', [gaps, size])
      const mended = { ...gaps, numerator: 0, status: 'ok' } as const
      await measures.saveDay('2026-03-06', [mended])
      expect(await measures.since('2026-03-06')).toEqual([{ day: '2026-03-06', ...mended }])
      await measures.saveDay('2026-03-06', [])
      expect(await measures.since('2026-03-06')).toEqual([])
    })
  })

  describe('alerts', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    const open: Alert = {
      rule: 'refused',
      subject: 'api',
      state: 'error',
      openedAt: '2026-03-06T10:00:00.000Z',
      recoveredAt: null,
      value: 'api refuses us',
      clearLooks: 1,
      told: null,
      toldAt: null,
    }

    it('are one of each thing, as it stood last', async () => {
      const { alerts } = database
      const other: Alert = { ...open, rule: 'backup', subject: '', told: 'error' }
      await alerts.save([open, other])
      expect(await alerts.all()).toEqual([other, open])
      const over: Alert = {
        ...open,
        state: 'ok',
        recoveredAt: '2026-03-07T10:00:00.000Z',
        clearLooks: 0,
        told: 'ok',
        toldAt: '2026-03-07T10:00:01.000Z',
      }
      await alerts.save([over])
      expect(await alerts.all()).toEqual([other, over])
    })

    it('watch failed layouts, pages long due and the last watcher', async () => {
      const at = { since: '2026-03-06T00:00:00.000Z', overdue: '2026-03-04T00:00:00.000Z' }
      expect(await database.alerts.facts(at)).toEqual({
        layoutChanged: [],
        overduePages: 0,
        missedWindows: 0,
        watcher: null,
      })
      const page = { date: null, club: null, clubNumber: null, venue: null, reason: null }
      const hrnz = { ...page, source: 'hrnz_scraper', kind: 'results' } as const
      await database.unitOfWork.run(async ({ pages, log, captureRecord }) => {
        await pages.register(
          ['2026-03-03', '2026-03-05'].map((day) => ({
            ...hrnz,
            url: `http://h/${day}`,
            dueAt: `${day}T10:00:00.000Z`,
          })),
        )
        // Of a kind that nobody reads unless they are asked to.
        await pages.register([
          { ...hrnz, kind: 'horse', url: 'http://h/1', dueAt: '2026-03-03T10:00:00.000Z' },
        ])
        const [late] = await pages.findByUrls('hrnz_scraper', ['http://h/2026-03-03'])
        await pages.update([{ ...late!, state: 'failed', errorCode: 'layout-changed' }])
        await log.add(
          ['2026-03-06', '2026-03-01'].map((day) => ({
            source: 'tab_api' as const,
            dateProcessed: day,
            url: 'http://t/list',
            status: 'failed' as const,
            recordsCreated: 0,
            recordsUpdated: 0,
            errors: 'invalid-payload: no list',
            createdAt: `${day}T10:00:00.000Z`,
          })),
        )
        await captureRecord.addMissed(
          ['no watcher ran from 1 to 2', 'asleep or stopped', 'nobody looked in between'].map(
            (cause, index) => ({
              subject: `${index}`,
              dueAt: '2026-03-06T09:00:00.000Z',
              date: '2026-03-06',
              raceNumber: 1,
              lookedAt: '2026-03-06T10:00:00.000Z',
              reason: 'due',
              cause,
            }),
          ),
        )
        await captureRecord.addCycle({
          startedAt: '2026-03-06T10:00:00.000Z',
          endedAt: '2026-03-06T10:01:00.000Z',
          nextAt: null,
          racesRead: 0,
          changed: 0,
          failed: 0,
          errorCode: null,
          outcome: '',
        })
      })
      const run = { version: '1', host: 'h', pid: 1, command: 'capture' }
      await database.runs.start({ ...run, argv: '--watch', startedAt: '2026-03-06T09:00:00.000Z' })
      await database.runs.start({ ...run, argv: '', startedAt: '2026-03-06T11:00:00.000Z' })
      expect(await database.alerts.facts(at)).toEqual({
        layoutChanged: [
          { source: 'hrnz_scraper', pages: 1 },
          { source: 'tab_api', pages: 1 },
        ],
        overduePages: 1,
        missedWindows: 1,
        watcher: {
          startedAt: '2026-03-06T09:00:00.000Z',
          endedAt: null,
          exitCode: null,
          lastRoundAt: '2026-03-06T10:01:00.000Z',
          nextAt: null,
        },
      })
    })

    it('and the weeks whose digest has arrived', async () => {
      const { digests } = database
      expect(await digests.isTold('2026-03-02')).toBe(false)
      await digests.told('2026-03-02', '2026-03-09T00:00:00.000Z')
      await digests.told('2026-03-02', '2026-03-10T00:00:00.000Z')
      expect(await digests.isTold('2026-03-02')).toBe(true)
    })
  })
}
