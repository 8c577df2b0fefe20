import fc from 'fast-check'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { acquireJobLock, shareJobLock } from '../../src/db/job-lock.ts'
import { LockBusyError, UsageError } from '../../src/errors.ts'
import type { Page } from '../../src/repositories/pages.ts'
import { createTestDatabase } from '../support/database.ts'
import { startWorker, type TestWorker } from '../support/shared-work.ts'

const filter = {
  source: 'hrnz_scraper' as const,
  kind: 'results',
  now: '2026-03-06T10:00:00.000Z',
}

let target: string
let remove: () => Promise<void>
let workers: TestWorker[]

beforeEach(async () => {
  const made = await createTestDatabase('postgres')
  target = made.target
  remove = made.remove
  workers = []
})
afterEach(async () => {
  for (const worker of workers) await worker.close()
  await remove()
})

async function hire(): Promise<TestWorker> {
  const worker = await startWorker(target)
  workers.push(worker)
  return worker
}

const register = ({ database }: TestWorker, count: number): Promise<number> =>
  database.unitOfWork.run(({ pages }) =>
    pages.register(
      Array.from({ length: count }, (_, i) => ({
        source: 'hrnz_scraper' as const,
        kind: 'results',
        url: `https://example.test/${i}`,
        date: '2026-03-05',
        club: 'Karaka Flats',
        clubNumber: null,
        venue: null,
        dueAt: `2026-03-06T09:${String(i % 60).padStart(2, '0')}:00.000Z`,
        reason: 'never read',
      })),
    ),
  )
const claim = ({ database, run }: TestWorker): Promise<Page | undefined> =>
  database.unitOfWork.run(({ pages }) => pages.claim(filter, run))
const finish = ({ database }: TestWorker, page: Page): Promise<void> =>
  database.unitOfWork.run(({ pages }) => pages.update([{ ...page, state: 'final', dueAt: null }]))

describe('pages that several runs share', () => {
  it('are given out one by one, the oldest first, to one run each', async () => {
    const [a, b] = [await hire(), await hire()]
    await register(a, 3)
    const first = await claim(a)
    const second = await claim(b)
    expect([first?.url, second?.url]).toEqual(['https://example.test/0', 'https://example.test/1'])
    await finish(a, first!)
    expect((await claim(a))?.url).toBe('https://example.test/2')
    expect(await claim(b)).toMatchObject({ url: 'https://example.test/1' })
    await finish(b, second!)
    expect(await claim(b)).toBeUndefined()
    expect(await b.database.unitOfWork.read(({ pages }) => pages.countDue(filter))).toBe(1)
  })

  it('are free at once when their run has died, and it cannot write any more', async () => {
    const [a, b] = [await hire(), await hire()]
    await register(a, 1)
    const page = await claim(a)
    expect(await claim(b)).toBeUndefined()
    await a.die()
    await expect.poll(() => claim(b), { timeout: 5000 }).toMatchObject({ id: page!.id })
    await expect(finish(a, page!)).rejects.toMatchObject({ code: 'lock-lost' })
  })

  it('are passed over while somebody else has their row locked', async () => {
    const a = await hire()
    await register(a, 2)
    const other = new pg.Client({ connectionString: target })
    await other.connect()
    await other.query("begin; update pages set reason = 'looked at' where url like '%/0'")
    expect((await claim(a))?.url).toBe('https://example.test/1')
    await other.query('rollback')
    await other.end()
  })

  it('are in the hand of one run at most, whoever claims, finishes or dies in between', async () => {
    const steps = fc.array(
      fc.record({
        who: fc.nat({ max: 3 }),
        does: fc.constantFrom('claim', 'claim', 'claim', 'finish', 'finish', 'die', 'all claim'),
      }),
      { minLength: 10, maxLength: 40 },
    )
    const pool = await Promise.all([hire(), hire(), hire(), hire()])
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), async (script, count) => {
        await pool[0].database.db.deleteFrom('pages').execute()
        await register(pool[0], count)
        const inHand = new Map<number, Page>()
        const finished = new Set<number>()
        const take = (who: number, page: Page | undefined): void => {
          if (page === undefined) return
          for (const [other, { id }] of inHand) expect(other !== who && id === page.id).toBe(false)
          expect(finished.has(page.id)).toBe(false)
          inHand.set(who, page)
        }
        const finishOne = async (who: number): Promise<void> => {
          const page = inHand.get(who)
          if (page === undefined) return
          await finish(pool[who]!, page)
          inHand.delete(who)
          finished.add(page.id)
        }
        for (const { who, does } of script) {
          if (does === 'claim') take(who, await claim(pool[who]!))
          else if (does === 'finish') await finishOne(who)
          else if (does === 'all claim') {
            const given = await Promise.all(pool.map(claim))
            given.forEach((page, one) => take(one, page))
          } else {
            inHand.delete(who)
            await pool[who]!.close()
            workers = workers.filter((worker) => worker !== pool[who])
            pool[who] = await hire()
          }
        }
        // A run that goes on to the end does everything that nobody has in hand.
        for (const who of [0, 1, 2, 3]) {
          await finishOne(who)
          for (let page = await claim(pool[who]!); page !== undefined;) {
            take(who, page)
            await finishOne(who)
            page = await claim(pool[who]!)
          }
        }
        expect(finished.size).toBe(count)
      }),
      { numRuns: 12 },
    )
  })

  it('shows who is at work, and at what', async () => {
    const [a, b] = [await hire(), await hire()]
    await register(a, 1)
    await claim(b)
    const page = { url: 'https://example.test/0', date: '2026-03-05', club: 'Karaka Flats' }
    expect(await a.database.runs.workers()).toMatchObject([
      { id: a.run, command: 'scrape', host: 'elsewhere', page: null },
      { id: b.run, page },
    ])
    await b.die()
    await expect
      .poll(async () => (await a.database.runs.workers()).length, { timeout: 5000 })
      .toBe(1)
  })
})

describe('a job that is shared', () => {
  it('lets in others that share it, and keeps out whoever wants it alone', async () => {
    const [a, b] = [await shareJobLock(target, 'hrnz'), await shareJobLock(target, 'hrnz')]
    await expect(acquireJobLock(target, 'hrnz')).rejects.toThrow(LockBusyError)
    await a.release()
    await expect(acquireJobLock(target, 'hrnz')).rejects.toThrow(LockBusyError)
    await b.release()
    const alone = await acquireJobLock(target, 'hrnz')
    await expect(shareJobLock(target, 'hrnz')).rejects.toThrow(LockBusyError)
    await alone.release()
  })

  it('needs a server', async () => {
    for (const file of ['harness.db', ':memory:'])
      await expect(shareJobLock(file, 'hrnz')).rejects.toThrow(UsageError)
  })
})

describe('machines whose clocks differ', () => {
  it('keep one pace, by the clock of the server', async () => {
    const right = await openDatabase(target, { machineNow: () => Date.now() })
    const fast = await openDatabase(target, { machineNow: () => Date.now() + 600_000 })
    const now = Date.now()
    await right.hostPace.claim('h', { owner: 'right', now, leaseMs: 60_000 })
    const inFlight = await fast.hostPace.claim('h', {
      owner: 'fast',
      now: now + 600_000,
      leaseMs: 60_000,
    })
    expect(inFlight.go).toBe(false)
    await right.hostPace.release('h', { owner: 'right', nextAt: now + 30_000, strikes: 0 })
    const tooEarly = await fast.hostPace.claim('h', {
      owner: 'fast',
      now: now + 600_000,
      leaseMs: 60_000,
    })
    // A measured clock is as good as a round trip is short.
    expect(tooEarly).toEqual({ go: false, retryAt: expect.closeTo(now + 630_000, -4) as number })
    expect((await fast.hostPace.get('h'))?.nextAt).toBeCloseTo(now + 630_000, -4)
    await right.close()
    await fast.close()
  })
})

describe('a server with another isolation as its default', () => {
  it('shows a unit what the one before it has written', async () => {
    const url = new URL(target)
    url.searchParams.set('options', '-c default_transaction_isolation=serializable')
    const [a, b] = [await openDatabase(url.href), await openDatabase(url.href)]
    const given = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? a : b).unitOfWork.run(({ ids }) => ids.allocate({ horse: 3 })),
      ),
    )
    expect(new Set(given.map(({ horse }) => horse)).size).toBe(20)
    await a.close()
    await b.close()
  })
})
