import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MarketChanges } from '../../src/domain/capture/plan-market.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'

const at = '2026-03-06T05:00:00.000Z'
const later = '2026-03-06T05:01:00.000Z'

const changes = (over: Partial<MarketChanges> = {}): MarketChanges => ({
  entrants: [{ entrantId: 'a', eventId: 'e1', number: 4 }],
  odds: [
    {
      entrantId: 'a',
      fixedWin: 250,
      fixedPlace: null,
      poolWin: 240,
      poolPlace: null,
      firstSeen: at,
      lastSeen: at,
    },
  ],
  replaceDividends: [{ eventId: 'e1', status: 'final' }],
  dividends: [
    {
      eventId: 'e1',
      product: 'Pool Win',
      numbers: '4',
      status: 'final',
      pays: 340,
      pool: 171_522,
      jackpot: null,
      seenAt: at,
    },
  ],
  pools: [{ eventId: 'e1', product: 'Win', status: 'open', total: 100, isFinal: true, seenAt: at }],
  startTimes: [{ eventId: 'e1', seenAt: at, startTime: later }],
  scratchings: [
    {
      eventId: 'e1',
      entrantId: 'a',
      number: 4,
      scratchedAt: at,
      seenAt: at,
      withdrawnAt: null,
    },
  ],
  protests: [{ eventId: 'e1', seenAt: at, text: '#4 and #5 disqualified', disqualified: [4, 5] }],
  pastStarts: [
    {
      scheme: 'tab_horse:nz',
      horse: '400001',
      date: '2024-12-29',
      track: null,
      distanceM: 2060,
      finish: '6',
      fieldSize: 12,
      margin: null,
      time: null,
      driver: null,
      classText: null,
      price: null,
      stewards: null,
    },
  ],
  ...over,
})

export function marketContract(dialect: TestDialect): void {
  describe('market', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())
    const apply = (...sets: MarketChanges[]): Promise<void> =>
      database.unitOfWork.run(async ({ market }) => {
        for (const set of sets) await market.apply(set)
      })

    it('gives back what was written, of the races asked for', async () => {
      await apply(changes())
      const found = await database.unitOfWork.read(async ({ market }) => ({
        e1: await market.load(['e1'], { history: true }),
        e2: await market.load(['e2'], { history: true }),
        none: await market.load([], { history: false }),
      }))
      const { odds, dividends, pools, startTimes, scratchings, protests } = changes()
      expect(found.e1).toEqual({ odds, dividends, pools, startTimes, scratchings, protests })
      expect([found.e2, found.none].flatMap((known) => Object.values(known).flat())).toEqual([])
    })

    it('moves the end of a snapshot on, and gives the latest of each entrant', async () => {
      const [row] = changes().odds
      const moved = { ...row!, lastSeen: later }
      const next = { ...row!, fixedWin: null, firstSeen: later, lastSeen: later }
      await apply(changes(), changes({ odds: [moved] }), changes({ odds: [next] }))
      const found = await database.unitOfWork.read(async ({ market }) => ({
        all: (await market.load(['e1'], { history: true })).odds,
        latest: (await market.load(['e1'], { history: false })).odds,
      }))
      expect(found.all).toHaveLength(2)
      expect(found.all).toEqual(expect.arrayContaining([moved, next]))
      expect(found.latest).toEqual([next])
    })

    it('replaces a set of dividends whole, and keeps a past start as it was first said', async () => {
      const [dividend] = changes().dividends
      const [start] = changes().pastStarts
      await apply(
        changes(),
        changes({
          dividends: [{ ...dividend!, numbers: '5' }],
          pastStarts: [{ ...start!, finish: '1' }],
        }),
      )
      const known = await database.unitOfWork.read(({ market }) =>
        market.load(['e1'], { history: false }),
      )
      expect(known.dividends.map(({ numbers }) => numbers)).toEqual(['5'])
      const rows = await database.db.selectFrom('past_starts').select('finish').execute()
      expect(rows).toEqual([{ finish: '6' }])
    })

    it('keeps heartbeats for a while, and a missed window once', async () => {
      const cycle = {
        startedAt: at,
        endedAt: later,
        nextAt: null,
        racesRead: 3,
        changed: 1,
        failed: 0,
        errorCode: null,
        outcome: 'three races read',
      }
      const missed = {
        subject: 'e1',
        dueAt: at,
        date: '2026-03-06',
        raceNumber: 1,
        lookedAt: later,
        reason: 'about to start',
        cause: 'asleep',
      }
      await database.unitOfWork.run(async ({ captureRecord }) => {
        await captureRecord.addCycle({ ...cycle, endedAt: at })
        await captureRecord.addCycle(cycle)
        await captureRecord.forgetCycles(later)
        await captureRecord.addMissed([missed])
        await captureRecord.addMissed([{ ...missed, cause: 'another' }])
      })
      const found = await database.unitOfWork.read(async ({ captureRecord }) => ({
        last: await captureRecord.lastCycle(),
        missed: await captureRecord.missed({ since: at }),
        since: await captureRecord.missed({ since: later }),
      }))
      expect(found).toEqual({ last: cycle, missed: [missed], since: [] })
      expect(await database.db.selectFrom('capture_cycles').select('id').execute()).toHaveLength(1)
    })
  })
}
