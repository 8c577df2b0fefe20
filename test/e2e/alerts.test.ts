import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { createTestDatabase } from '../support/database.ts'
import { Listener } from '../support/listener.ts'
import { parseExposition } from '../support/parse-exposition.ts'
import { scratchFolder } from '../support/run-cli.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({ seed: 5, from: '2026-03-06', to: '2026-03-08', racesPerMeeting: [2, 2] })
const folder = scratchFolder()
const metricsFile = join(folder, 'harness.prom')

let owner: Listener
let run: WorldRun
let remove: () => Promise<void>

beforeAll(async () => {
  owner = await Listener.start()
  const database = await createTestDatabase('sqlite')
  remove = database.remove
  run = await WorldRun.start(world, database.target, '2026-03-09T00:00:00.000Z')
}, 30_000)
afterAll(async () => {
  await run.close()
  await remove()
  owner.close()
})
beforeEach(() => {
  owner.take()
  run.setFaults()
})

async function harness(command: string, more: Record<string, string> = {}) {
  const env = {
    HARNESS_PING_URL: `${owner.base}/ping/{command}`,
    HARNESS_NOTIFY_URL: `${owner.base}/hook`,
    ...more,
  }
  const result = await run.harness(command, { env })
  return { ...result, ...owner.take() }
}

it('each scheduled command has its own switch, which hears how it ended', async () => {
  const found = await harness('discover --days 7')
  expect(found.exitCode, found.stderr).toBe(0)
  expect(found.heard).toEqual(['GET /ping/discover/start', 'POST /ping/discover'])
  expect(found.bodies[1]).toContain('meetings found')
  expect((await harness('capture --from -5d')).heard).toEqual([
    'GET /ping/capture/start',
    'POST /ping/capture',
  ])
  const away = await harness('scrape', { HARNESS_HRNZ_URL: 'http://127.0.0.1:1' })
  expect(away.exitCode).toBe(5)
  expect(away.heard).toContain('POST /ping/scrape/5')
  const copied = await harness(`db backup ${folder}/copy.db --keep 2`)
  expect(copied.heard).toEqual(['GET /ping/db-backup/start', 'POST /ping/db-backup'])
  const failed = await harness(`db backup ${folder}/missing/copy.db`)
  expect(failed.heard).toEqual(['GET /ping/db-backup/start', 'POST /ping/db-backup/1'])
}, 30_000)

it('without a place for its name an address is that of the night alone; nobody hears of a trial', async () => {
  const one = { HARNESS_PING_URL: `${owner.base}/ping` }
  expect((await harness('discover --days 7', one)).heard).toEqual([])
  expect((await harness('discover --days 7 --dry-run')).heard).toEqual([])
  expect((await harness('scrape --wanted')).heard).toEqual([])
}, 30_000)

it('another run at work is no failure', async () => {
  const lock = await acquireJobLock(run.target, 'hrnz')
  const busy = await harness('scrape')
  await lock.release()
  expect(busy.exitCode).toBe(4)
  expect(busy.heard).toEqual(['GET /ping/scrape/start', 'POST /ping/scrape'])
  const other = await acquireJobLock(run.target, 'capture')
  expect((await harness('capture --watch')).heard).toEqual([])
  await other.release()
})

it('capture --watch has a heartbeat while it is well, and no beginning and end', async () => {
  const until = () => new Date(run.now() + 90_000).toISOString()
  const well = await harness(`capture --watch --until ${until()}`)
  expect(well.exitCode, well.stderr).toBe(0)
  expect(well.heard).toEqual(['POST /ping/capture'])
  expect(well.bodies[0]).toContain('meetings')
  const away = { HARNESS_TAB_URL: 'http://127.0.0.1:1' }
  expect((await harness(`capture --watch --until ${until()}`, away)).heard).toEqual([])
}, 30_000)

it('scrape tells by itself, once, that the layout has changed, and once that it is as before', async () => {
  run.setFaults({ host: 'hrnz', match: /results\/\d/i, kind: 'layout' })
  const changed = await harness('scrape')
  expect(changed.exitCode, changed.stdout).toBe(3)
  expect(changed.notices).toMatchObject([
    { level: 'problem', title: 'harness: pages of another layout: hrnz_scraper' },
  ])
  const [status, health] = [await run.ok('status'), await run.ok('report health --json')]
  expect(status.stdout).toMatch(/alert +error since .*layout has changed/)
  expect(JSON.parse(health.stdout)).toContainEqual(
    expect.objectContaining({ topic: 'alert', subject: 'pages of another layout: hrnz_scraper' }),
  )
  run.moveTo('2026-03-09T08:00:00.000Z')
  expect((await harness('scrape')).notices).toEqual([])

  run.setFaults()
  // A day later the log has forgotten it, and the pages have been read.
  run.moveTo('2026-03-10T12:00:00.000Z')
  expect((await harness('scrape')).notices).toMatchObject([
    { level: 'recovered', title: 'harness: all is well again' },
  ])
  expect((await run.ok('status')).stdout).not.toContain('layout has changed')
}, 60_000)

it('a host that refuses us is announced once', async () => {
  run.setFaults({ host: 'tab', match: /./, kind: 'forbidden' })
  const refused = await harness('capture --from -5d')
  expect(refused.exitCode).toBe(5)
  expect(refused.notices).toMatchObject([
    { title: expect.stringContaining('a host that refuses us') },
  ])
  expect((await harness('capture --from -5d')).notices).toEqual([])
  expect((await harness('scrape')).notices).toEqual([])
}, 30_000)

it('one metrics file holds every command, whoever wrote it last, and no draft is left', async () => {
  await harness(`scrape --metrics-file ${metricsFile}`)
  const text = readFileSync(metricsFile, 'utf8')
  const samples = parseExposition(text)
  expect(samples.length).toBeGreaterThan(40)
  expect(samples).toContainEqual({ name: 'harness_missed_windows', labels: {}, value: 0 })
  expect(
    samples.filter(({ name }) => name === 'harness_capture_heartbeat_timestamp_seconds'),
  ).toHaveLength(1)
  for (const command of ['capture', 'db backup', 'discover', 'scrape'])
    expect(text).toContain(`harness_last_run_exit_code{command="${command}"}`)
  expect(text).toMatch(/^harness_database_size_bytes \d+$/m)
  await harness(`db backup ${folder}/copy.db --keep 2`, { HARNESS_METRICS_FILE: metricsFile })
  expect(readFileSync(metricsFile, 'utf8')).toContain(
    'harness_last_run_exit_code{command="scrape"}',
  )
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([])
  expect(existsSync(`${folder}/copy.db.1`)).toBe(true)
  const nowhere = await harness('scrape --metrics-file /nowhere/x.prom')
  expect(nowhere.stderr).toContain('the metrics file')
}, 30_000)

it('a night on a database that does not open is told all the same, each night; a capture is not', async () => {
  const file = join(folder, 'no-database.db')
  writeFileSync(file, 'not a database at all, but long enough to be looked at'.repeat(30))
  for (const _night of [1, 2]) {
    const { exitCode, notices } = await harness('nightly', { HARNESS_DB: file })
    expect(exitCode).toBe(1)
    expect(notices).toMatchObject([{ level: 'problem', title: 'harness: the night went wrong' }])
    expect(notices[0]?.message).toContain('no-database.db')
  }
  expect((await harness('capture', { HARNESS_DB: file })).notices).toEqual([])
}, 30_000)
