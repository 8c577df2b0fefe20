import { hostname } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { canonicalDump, dumpDifference } from '../support/canonical-dump.ts'
import { createTestDatabase } from '../support/database.ts'
import { WorldRun } from '../support/world-run.ts'

const range = { from: '2026-03-06', to: '2026-03-19' }
const world = makeWorld({ seed: 23, ...range, racesPerMeeting: [3, 5] })
const instant = '2026-03-23T00:00:00.000Z'
/** Shown ms; the clock runs fifty times as fast. */
const paceMs = 3000
const env = { HARNESS_MIN_DELAY_MS: String(paceMs) }
const four = [1, 2, 3, 4]
const patient = { timeout: 120_000 }
const closing: (() => Promise<void>)[] = []
let byOne: readonly string[] = []

async function startRun(): Promise<WorldRun> {
  const { target, remove } = await createTestDatabase('postgres')
  const run = await WorldRun.start(world, target, instant)
  closing.push(async () => {
    await run.close()
    await remove()
  })
  await run.ok(`discover --from ${range.from} --to ${range.to}`)
  return run
}

beforeAll(async () => {
  const run = await startRun()
  await run.ok('scrape')
  await run.ok('capture --from -13d')
  byOne = await run.read(canonicalDump)
}, patient.timeout)

afterAll(async () => {
  for (const close of closing) await close()
})

const hrnzRequests = (run: WorldRun, since: number) =>
  run.servers.requests.slice(since).filter(({ host }) => host === 'hrnz')

function askedTwice(run: WorldRun, since: number): string[] {
  const paths = hrnzRequests(run, since).map(({ path }) => path)
  return paths.filter((path, index) => paths.indexOf(path) !== index)
}

function expectUnbrokenPace(run: WorldRun, since: number): void {
  const requests = hrnzRequests(run, since)
  const gaps = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0))
  expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(1)
  // The finest that clocks tell is a real millisecond: 50 shown ones.
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(paceMs - 100)
}

/** The process whose request to a host is under way. */
const askingProcess = (run: WorldRun): Promise<number | undefined> =>
  run.read(async ({ hostPace }) => {
    const owner = (await hostPace.all()).find(({ leaseOwner }) => leaseOwner !== null)?.leaseOwner
    return owner == null ? undefined : Number(owner.split('/')[1])
  })

describe('four workers on one Postgres', patient, () => {
  it('beside a capture end in the same database as one, no page asked for twice, at the pace of one', async () => {
    const run = await startRun()
    const since = run.servers.requests.length
    const results = await Promise.all([
      ...four.map(() => run.harness('scrape --share', { env })),
      run.harness('capture --from -13d'),
    ])
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0])
    expect(askedTwice(run, since)).toEqual([])
    expectUnbrokenPace(run, since)
    expect(dumpDifference(byOne, await run.read(canonicalDump))).toEqual([])
    const { stdout } = await run.ok('horses match --all --json')
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { starters: { updated: 0 }, horses: { created: 0 } },
    })
  })

  it('do the page of one that is killed in its middle, and status shows who is left', async () => {
    const run = await startRun()
    const since = run.servers.requests.length
    run.setFaults({ host: 'hrnz', match: /rs\.htm/, kind: 'hang', everyNth: 4, times: 1 })
    const working = four.map(() => run.harness('scrape --share', { env }))
    const hanging = () => hrnzRequests(run, since).length === 4
    await expect.poll(hanging, { timeout: 20_000, interval: 20 }).toBe(true)
    const workers = () => run.read(({ runs }) => runs.workers())
    await expect.poll(async () => (await workers()).length, { timeout: 20_000 }).toBe(4)
    const victim = await askingProcess(run)
    const inHand = (await workers()).find(({ pid }) => pid === victim)?.page
    expect(inHand?.url).toMatch(/rs\.htm$/)
    const { stdout } = await run.ok('status')
    expect(stdout).toContain(
      `${inHand?.date} ${inHand?.club} (scrape, process ${victim} on ${hostname()})`,
    )
    process.kill(victim ?? 0, 'SIGKILL')
    const results = await Promise.all(working)
    expect(results.map(({ exitCode }) => exitCode).sort()).toEqual([0, 0, 0, null])
    await run.ok('capture --from -13d')
    const { path } = hrnzRequests(run, since)[3] ?? {}
    expect(askedTwice(run, since)).toEqual([path])
    expectUnbrokenPace(run, since)
    expect(dumpDifference(byOne, await run.read(canonicalDump))).toEqual([])
  })

  it('keep out a run that wants the pages for itself', async () => {
    const run = await startRun()
    run.setFaults({ host: 'hrnz', match: /rs\.htm/, kind: 'hang', times: 1 })
    const since = run.servers.requests.length
    const sharing = run.harness('scrape --share')
    const hanging = () => hrnzRequests(run, since).length > 0
    await expect.poll(hanging, { timeout: 20_000, interval: 20 }).toBe(true)
    expect(await run.harness('scrape')).toMatchObject({ exitCode: 4 })
    process.kill((await askingProcess(run)) ?? 0, 'SIGINT')
    expect(await sharing).toMatchObject({ exitCode: 130 })
    expect(await run.harness('scrape --share --auto-discover --days 3')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('harness discover') as string,
    })
  })
})
