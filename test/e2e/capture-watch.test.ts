import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startWorldServers, type WorldServers } from '../../fixtures/world/servers.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../support/database.ts'
import { runCli, type CliResult } from '../support/run-cli.ts'

const world = makeWorld({
  seed: 62,
  from: '2026-03-07',
  to: '2026-03-07',
  meetingsPerWeek: 8,
  racesPerMeeting: [3, 4],
  startersPerRace: [4, 5],
})
const races = world.meetings.filter((meeting) => meeting.inTab).flatMap((meeting) => meeting.races)
const firstStart = Math.min(...races.map((race) => race.startAt))
const lastStart = Math.max(...races.map((race) => race.startAt))
const speed = 3000

let servers: WorldServers
let target: string
let remove: () => Promise<void>
let env: Record<string, string>
let now: () => number

/** The clock of the program and of the sources, from here on. */
async function begin(shown: number): Promise<void> {
  const real = Date.now()
  now = () => shown + (Date.now() - real) * speed
  servers = await startWorldServers({ world, now: () => now() })
  env = {
    HARNESS_DB: target,
    HARNESS_TAB_URL: servers.tabUrl,
    HARNESS_CONTACT: 'tests@example.org',
    HARNESS_MIN_DELAY_MS: '1000',
    HARNESS_CLOCK: `${new Date(shown).toISOString()}@${real}x${speed}`,
  }
}

beforeEach(async () => {
  ;({ target, remove } = await createTestDatabase('sqlite'))
})
afterEach(async () => {
  await servers.close()
  await remove()
})

interface Watcher {
  readonly child: ChildProcess
  readonly ended: Promise<CliResult>
}

async function watch(...more: string[]): Promise<Watcher> {
  let started: (child: ChildProcess) => void = () => undefined
  const running = new Promise<ChildProcess>((resolve) => (started = resolve))
  const ended = runCli(['capture', '--watch', '--no-progress', ...more], { env, started })
  return { child: await running, ended }
}

/** Until TAB has been asked this often in all. */
async function asked(times: number): Promise<void> {
  while (servers.requests.length < times) await pause(20)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function unfinished(): Promise<string[]> {
  const database = await openDatabase(target, { readOnly: true })
  const rows = await database.db.selectFrom('races').select(['tab_event_id', 'status']).execute()
  await database.close()
  const found = new Map(rows.map((row) => [row.tab_event_id, row.status]))
  return races
    .filter(({ tabEventId, abandonedAt }) => {
      return found.get(tabEventId) !== (abandonedAt === null ? 'final' : 'abandoned')
    })
    .map(({ tabEventId }) => tabEventId)
}

it('stopped through race night, killed, started again: the day is whole in the end', async () => {
  await begin(firstStart - 2_400_000)
  const first = await watch()
  await asked(12)
  first.child.kill('SIGSTOP')
  const stoppedFor = lastStart + 3_600_000
  while (now() < stoppedFor) await pause(20)
  first.child.kill('SIGCONT')
  const before = servers.requests.length
  await asked(before + 4)
  first.child.kill('SIGKILL')
  expect((await first.ended).exitCode).toBeNull()

  const second = await watch('--until', new Date(now() + 3 * 3_600_000).toISOString())
  const { exitCode, stderr } = await second.ended
  expect(stderr).not.toContain('error')
  expect(exitCode).toBe(0)
  expect(await unfinished()).toEqual([])

  const database = await openDatabase(target, { readOnly: true })
  const causes = await database.db.selectFrom('missed_windows').select('cause').distinct().execute()
  await database.close()
  const words = causes.map(({ cause }) => cause).join('\n')
  expect(words).toMatch(/asleep|stopped|no watcher ran/)
}, 60_000)

it('tells of changes as they come, keeps a second one out, and ends within two seconds', async () => {
  await begin(firstStart - 1_800_000)
  const watcher = await watch('--format', 'ndjson')
  await once(watcher.child.stdout!, 'readable')
  const second = await runCli(['capture', '--watch'], { env })
  expect(second.exitCode).toBe(4)

  const status = await runCli(['status', '--json'], { env })
  const { holdings } = JSON.parse(status.stdout) as {
    holdings: { capture: { heartbeat: unknown; next: { reason: string }[] } }
  }
  expect(holdings.capture.next.length).toBeGreaterThan(0)

  const toldAt = Date.now()
  watcher.child.kill('SIGTERM')
  const { exitCode, stdout, stderr } = await watcher.ended
  const took = Date.now() - toldAt
  expect(took).toBeLessThan(2000)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('watched')
  const changes = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; at: string })
  expect(changes[0]).toMatchObject({ kind: 'meeting', date: '2026-03-07' })
  expect(changes.some(({ kind }) => kind === 'status')).toBe(true)
}, 30_000)
