import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverMeetings } from '../../../src/app/discover/discover-meetings.ts'
import { scrapeMeetings } from '../../../src/app/scrape/scrape-meetings.ts'
import { isoInstant } from '../../../src/domain/dates.ts'
import { createTestDatabase } from '../../support/database.ts'
import { startWorker, type TestWorker } from '../../support/shared-work.ts'
import { ScrapeBench } from './scrape-support.ts'

const range = { from: '2026-02-02', to: '2026-02-15' }
const world = makeWorld({
  seed: 'shared',
  ...range,
  meetingsPerWeek: 3,
  racesPerMeeting: [2, 3],
  startersPerRace: [5, 6],
})

let bench: ScrapeBench
let remove: () => Promise<void>
let worker: TestWorker
let other: TestWorker

beforeEach(async () => {
  bench = await ScrapeBench.open(world, '2026-03-02T00:00:00Z')
  const made = await createTestDatabase('postgres')
  remove = made.remove
  worker = await startWorker(made.target)
  other = await startWorker(made.target)
  await discoverMeetings(depsOf(worker), { range, dryRun: false, paceMs: 2000 })
})
afterEach(async () => {
  await worker.close()
  await other.close()
  await bench.close()
  await remove()
})

const depsOf = ({ database }: TestWorker, signal?: AbortSignal) => ({
  ...bench.deps(signal),
  unitOfWork: database.unitOfWork,
})
const due = () => ({
  source: 'hrnz_scraper' as const,
  kind: 'results',
  now: isoInstant(bench.clock.now()),
})
const claimOne = ({ database, run }: TestWorker) =>
  database.unitOfWork.run(({ pages }) => pages.claim(due(), run))
const countDue = () => worker.database.unitOfWork.read(({ pages }) => pages.countDue(due()))

describe('a run that shares its work', () => {
  it('waits for the pages in other hands, and does those of a run that has died', async () => {
    const page = await claimOne(other)
    const all = await countDue()
    let waits = 0
    const clock = {
      now: () => bench.clock.now(),
      sleepUntil: async (at: number, signal?: AbortSignal) => {
        // When nothing but the other's page is left.
        if ((await countDue()) === 1 && ++waits === 20) await other.die()
        await bench.clock.sleepUntil(at, signal)
      },
    }
    const result = await scrapeMeetings({ ...depsOf(worker), clock }, { worker: worker.run })
    expect(waits).toBeGreaterThanOrEqual(20)
    expect(result).toMatchObject({ partial: false })
    expect(result.counts.meetings.created).toBe(all)
    expect(bench.servers.requests.filter(({ path }) => page!.url.endsWith(path))).toHaveLength(1)
  })

  it('does not wait for ever, and says in whose hands the rest is', async () => {
    await claimOne(other)
    const all = await countDue()
    const result = await scrapeMeetings(depsOf(worker), { worker: worker.run })
    expect(result).toMatchObject({ partial: true })
    expect(result.outcome).toMatch(/beside other runs; 1 still in the hands of other runs/)
    expect(result.counts.meetings.created).toBe(all - 1)
    expect(await countDue()).toBe(1)
  })

  it('ends its wait at a signal and at its caps', async () => {
    await claimOne(other)
    const minutes = await scrapeMeetings(depsOf(worker), { worker: worker.run, maxMinutes: 3 })
    expect(minutes.outcome).toContain('ended by --max-minutes 3')
    const stopping = new AbortController()
    const ending = scrapeMeetings(depsOf(worker, stopping.signal), { worker: worker.run })
    stopping.abort()
    expect((await ending).stopped).toMatchObject({ exitCode: 130 })
  })

  it('takes the pages that others have failed only when they are due again', async () => {
    bench.servers.setFaults([{ host: 'hrnz', match: /rs\.htm/, kind: 'layout' }])
    const failed = await scrapeMeetings(depsOf(other), { worker: other.run })
    expect(failed.counts.meetings.failed).toBeGreaterThan(0)
    bench.servers.setFaults([])
    const sent = bench.servers.requests.length
    const nothing = await scrapeMeetings(depsOf(worker), { worker: worker.run })
    expect(nothing.outcome).toContain('nothing to do')
    expect(bench.servers.requests).toHaveLength(sent)
    bench.clock.set('2026-03-02T12:00:00Z')
    const later = await scrapeMeetings(depsOf(worker), { worker: worker.run })
    expect(later.counts.meetings.created).toBe(failed.counts.meetings.failed)
  })
})
