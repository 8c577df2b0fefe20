import type { ChildProcess } from 'node:child_process'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultRule } from '../../fixtures/world/faults.ts'
import { Random } from '../../fixtures/world/random.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { canonicalDump, dumpDifference } from '../support/canonical-dump.ts'
import { createTestDatabase, type TestDialect, testDialects } from '../support/database.ts'
import { WorldRun } from '../support/world-run.ts'

const range = { from: '2026-03-06', to: '2026-03-13' }
const world = makeWorld({ seed: 11, ...range, racesPerMeeting: [3, 5] })
const instant = '2026-03-17T00:00:00.000Z'
/** Many processes are started one after the other: on a busy machine that takes its time. */
const patient = { timeout: 120_000 }
const closing: (() => Promise<void>)[] = []
let undisturbed: readonly string[] = []

async function startRun(dialect: TestDialect): Promise<WorldRun> {
  const { target, remove } = await createTestDatabase(dialect)
  const run = await WorldRun.start(world, target, instant)
  closing.push(async () => {
    await run.close()
    await remove()
  })
  await run.ok(`discover --from ${range.from} --to ${range.to}`)
  return run
}

beforeAll(async () => {
  const run = await startRun('sqlite')
  await run.ok('scrape')
  await run.ok('capture --from -13d')
  undisturbed = await run.read(canonicalDump)
}, patient.timeout)

afterAll(async () => {
  for (const close of closing) await close()
})

/** Kills the command again and again, later each time, until it gets to its end. */
async function killedUntilDone(
  run: WorldRun,
  command: string,
  delays: Iterator<number>,
  struck: (requests: number) => boolean,
): Promise<number> {
  let kills = 0
  for (; ; kills++) {
    const asked = run.servers.requests.length
    const killing = (child: ChildProcess): void => {
      const wait = delays.next().value as number
      const look = setInterval(() => {
        if (!struck(run.servers.requests.length - asked)) return
        clearInterval(look)
        setTimeout(() => child.kill('SIGKILL'), wait)
      }, 5)
      child.once('exit', () => clearInterval(look))
    }
    const { exitCode, stderr } = await run.harness(command, { started: killing })
    if (exitCode === 0) return kills
    if (exitCode !== null) throw new Error(`harness ${command} left with ${exitCode}: ${stderr}`)
    if (kills > 60) throw new Error(`harness ${command} never came to its end`)
  }
}

function* seededDelays(seed: string, most: number): Generator<number, never> {
  const random = new Random(seed)
  for (;;) yield Math.floor(random.next() * most)
}

function checkFile(file: string): void {
  const db = new BetterSqlite3(file, { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.pragma('foreign_key_check')).toEqual([])
  db.close()
}

describe('kill -9 at any moment, and the same command again', patient, () => {
  const faults: FaultRule[] = [
    { host: 'hrnz', match: /results\/\d/, kind: 'unavailable', everyNth: 3, times: 3 },
    { host: 'tab', match: /events/, kind: 'truncate', everyNth: 5, times: 3 },
    { host: 'tab', match: /events/, kind: 'retry-after', everyNth: 7, times: 3 },
  ]

  it.each([
    ['between whole answers', []],
    ['in the middle of faults', faults],
  ])('ends in the same database, %s', async (name, rules) => {
    const run = await startRun('sqlite')
    run.setFaults(...rules)
    const delays = seededDelays(name, 60)
    // The kill comes while pages are read, not while the program still loads.
    const kills = [
      await killedUntilDone(run, 'scrape', delays, (asked) => asked > 1),
      await killedUntilDone(run, 'capture --from -13d', delays, (asked) => asked > 9),
    ]
    for (const count of kills) expect(count).toBeGreaterThan(1)
    expect(dumpDifference(undisturbed, await run.read(canonicalDump))).toEqual([])
    checkFile(run.target)
    const { stdout } = await run.ok('status --json')
    const { holdings } = JSON.parse(stdout) as { holdings: { runs: { state: string }[] } }
    expect(holdings.runs.filter(({ state }) => state === 'running')).toEqual([])
  })

  it('ends in the same database when a request that hangs is killed', async () => {
    const run = await startRun('sqlite')
    run.setFaults({ host: 'hrnz', match: /results\/\d/, kind: 'hang', everyNth: 2, times: 2 })
    await killedUntilDone(run, 'scrape', seededDelays('hang', 40), (asked) => asked > 1)
    await run.ok('capture --from -13d')
    expect(dumpDifference(undisturbed, await run.read(canonicalDump))).toEqual([])
  })
})

describe.each(testDialects)('two processes at once on %s', patient, (dialect) => {
  it('scrape beside capture without making anything twice', async () => {
    const run = await startRun(dialect)
    await Promise.all([run.ok('scrape'), run.ok('capture --from -13d')])
    expect(dumpDifference(undisturbed, await run.read(canonicalDump))).toEqual([])
  })

  it('send the second scrape away with 4; one that was killed is in nobody’s way', async () => {
    const run = await startRun(dialect)
    run.setFaults({ host: 'hrnz', match: /results\/\d/, kind: 'hang', times: 1 })
    const asked = run.servers.requests.length
    let hanging: ChildProcess | undefined
    const first = run.harness('scrape', {
      started: (child) => {
        hanging = child
      },
    })
    await expect.poll(() => run.servers.requests.length, { timeout: 20_000 }).toBeGreaterThan(asked)
    const second = await run.harness('scrape')
    expect(second).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('another run of discover or scrape') as string,
    })
    hanging?.kill('SIGKILL')
    await first
    // A server notices a moment after the process is gone.
    const ends = async (): Promise<number | null> => (await run.harness('scrape')).exitCode
    await expect.poll(ends, { timeout: 20_000, interval: 200 }).toBe(0)
    await run.ok('capture --from -13d')
    expect(dumpDifference(undisturbed, await run.read(canonicalDump))).toEqual([])
  })
})
