import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { createTestDatabase } from '../support/database.ts'
import { runCli } from '../support/run-cli.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({
  seed: 3,
  from: '2026-03-06',
  to: '2026-03-08',
  racesPerMeeting: [2, 3],
})

const heard: string[] = []
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    heard.push(`${request.method} ${request.url}`)
    response.end()
  })
})
let run: WorldRun
let remove: () => Promise<void>
let env: Record<string, string>

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  env = { HARNESS_PING_URL: `${base}/ping`, HARNESS_NOTIFY_URL: `${base}/hook` }
  const database = await createTestDatabase('sqlite')
  remove = database.remove
  run = await WorldRun.start(world, database.target, '2026-03-10T00:00:00.000Z')
}, 30_000)
afterAll(async () => {
  await run.close()
  await remove()
  server.close()
})

interface Night {
  readonly steps: readonly { readonly name: string; readonly state: string }[]
  readonly counts: { readonly meetings: { readonly created: number } }
}

async function night(more: Record<string, string> = {}) {
  heard.length = 0
  const result = await run.harness('nightly --json', { env: { ...env, ...more } })
  const { steps, counts } = JSON.parse(result.stdout) as Night
  const states = Object.fromEntries(steps.map(({ name, state }) => [name, state]))
  return { ...result, states, counts }
}

it('nightly does the whole work, and tells of a change of state only', async () => {
  const first = await night()
  expect(first.exitCode, first.stderr).toBe(0)
  expect(Object.keys(first.states)).toEqual([
    'discover',
    'scrape',
    'late results',
    'reconcile',
    'horses match',
    'quality',
    'backup',
  ])
  expect(new Set(Object.values(first.states))).toEqual(new Set(['done']))
  expect(first.counts.meetings.created).toBeGreaterThan(0)
  expect(existsSync(`${run.target}.nightly`)).toBe(true)
  expect(heard).toEqual(['GET /ping/start', 'GET /ping'])
  expect((await run.ok('db check')).stdout).toContain('nothing is wrong')

  // HRNZ is away: what needs it fails, everything else is done all the same.
  run.moveTo('2026-03-11T00:00:00.000Z')
  const away = { HARNESS_HRNZ_URL: 'http://127.0.0.1:1' }
  const down = await night(away)
  expect(down.exitCode).toBe(5)
  expect(down.states).toMatchObject({ discover: 'failed', reconcile: 'done', backup: 'done' })
  expect(heard).toEqual(['GET /ping/start', 'POST /hook', 'GET /ping/fail'])
  await night(away)
  expect(heard).toEqual(['GET /ping/start', 'GET /ping/fail'])

  run.moveTo('2026-03-12T00:00:00.000Z')
  const well = await night()
  expect(well.exitCode, well.stdout).toBe(0)
  expect(heard).toEqual(['GET /ping/start', 'POST /hook', 'GET /ping'])
}, 60_000)

it('nightly leaves out a job that another run is at; a ping that fails changes nothing', async () => {
  const lock = await acquireJobLock(run.target, 'hrnz')
  const busy = await night({ HARNESS_PING_URL: 'http://127.0.0.1:1/gone' })
  await lock.release()
  expect(busy.exitCode).toBe(4)
  expect(busy.states).toMatchObject({ discover: 'busy', scrape: 'busy', reconcile: 'done' })
  expect(busy.stderr).toContain('HARNESS_PING_URL')
}, 30_000)

it('nightly in words fits on a screen', async () => {
  const { stdout, exitCode } = await run.harness('nightly --no-backup')
  expect(exitCode).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length).toBeLessThan(24)
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.at(-1)).toBe('all 6 steps done')
}, 30_000)

it('notify test sends one notice, and wants an address', async () => {
  heard.length = 0
  expect((await runCli(['notify', 'test'], { env })).exitCode).toBe(0)
  expect(heard).toEqual(['POST /hook'])
  expect((await runCli(['notify', 'test'])).exitCode).toBe(2)
})
