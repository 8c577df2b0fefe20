import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { createTestDatabase } from '../support/database.ts'
import { Listener } from '../support/listener.ts'
import { runCli } from '../support/run-cli.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({
  seed: 3,
  from: '2026-03-06',
  to: '2026-03-08',
  racesPerMeeting: [2, 3],
})

let owner: Listener
let run: WorldRun
let remove: () => Promise<void>
let env: Record<string, string>

beforeAll(async () => {
  owner = await Listener.start()
  env = { HARNESS_PING_URL: `${owner.base}/ping`, HARNESS_NOTIFY_URL: `${owner.base}/hook` }
  const database = await createTestDatabase('sqlite')
  remove = database.remove
  run = await WorldRun.start(world, database.target, '2026-03-10T00:00:00.000Z')
}, 30_000)
afterAll(async () => {
  await run.close()
  await remove()
  owner.close()
})

interface Night {
  readonly steps: readonly { readonly name: string; readonly state: string }[]
  readonly counts: { readonly meetings: { readonly created: number } }
}

async function night(more: Record<string, string> = {}, flags = ' --no-dashboard') {
  owner.take()
  const result = await run.harness(`nightly --json${flags}`, { env: { ...env, ...more } })
  const { steps, counts } = JSON.parse(result.stdout) as Night
  const states = Object.fromEntries(steps.map(({ name, state }) => [name, state]))
  return { ...result, states, counts, ...owner.take() }
}

it('nightly does the whole work, and tells of a change of state only', async () => {
  const first = await night({}, '')
  expect(first.exitCode, first.stderr).toBe(0)
  expect(Object.keys(first.states)).toEqual([
    'discover',
    'scrape',
    'late results',
    'reconcile',
    'horses match',
    'quality',
    'dashboard',
    'backup',
  ])
  expect(new Set(Object.values(first.states))).toEqual(new Set(['done']))
  expect(first.counts.meetings.created).toBeGreaterThan(0)
  expect(existsSync(`${run.target}.nightly`)).toBe(true)
  expect(readFileSync(`${run.target}.dashboard.html`, 'utf8')).toContain('</html>')
  expect(first.heard.filter((one) => one !== 'POST /hook')).toEqual([
    'GET /ping/start',
    'POST /ping',
  ])
  expect(first.bodies).toEqual(['', 'all 8 steps done'])
  expect((await run.ok('db check')).stdout).toContain('nothing is wrong')

  // HRNZ is away: what needs it fails, everything else is done all the same.
  run.moveTo('2026-03-11T00:00:00.000Z')
  const away = { HARNESS_HRNZ_URL: 'http://127.0.0.1:1' }
  const down = await night(away)
  expect(down.exitCode).toBe(5)
  expect(down.states).toMatchObject({ discover: 'failed', reconcile: 'done', backup: 'done' })
  expect(down.heard).toEqual(['GET /ping/start', 'POST /hook', 'POST /ping/5'])
  expect(down.notices[0]).toMatchObject({
    level: 'problem',
    title: 'harness: the night went wrong',
    message: expect.stringContaining('discover failed'),
  })
  expect((await night(away)).heard).toEqual(['GET /ping/start', 'POST /ping/5'])

  run.moveTo('2026-03-12T00:00:00.000Z')
  const well = await night()
  expect(well.exitCode, well.stdout).toBe(0)
  expect(well.heard).toEqual(['GET /ping/start', 'POST /hook', 'POST /ping'])
  expect(well.notices[0]).toMatchObject({
    level: 'recovered',
    message: expect.stringContaining('well again: the last night'),
  })
}, 60_000)

it('a notice that was not taken is sent again by the next look, and then no more', async () => {
  owner.hookStatus = 500
  const away = { HARNESS_HRNZ_URL: 'http://127.0.0.1:1' }
  const unheard = await night(away)
  expect(unheard.heard).toContain('POST /hook')
  expect(unheard.stderr).toContain('sent again at the next look')
  owner.hookStatus = 200
  const [later, again] = [await night(away), await night(away)]
  expect(later.notices.map(({ title }) => title)).toEqual(['harness: the night went wrong'])
  expect(again.notices).toEqual([])
  expect((await night()).notices).toHaveLength(1)
}, 60_000)

it('keeps the measures of the day, and the backup is on record as a run', async () => {
  const { measures, history } = await run.read(async (database) => ({
    measures: await database.measures.since('2026-03-01'),
    history: await database.runs.history(),
  }))
  expect(new Set(measures.map(({ day }) => day))).toEqual(
    new Set(['2026-03-10', '2026-03-11', '2026-03-12']),
  )
  expect(measures).toContainEqual(
    expect.objectContaining({ day: '2026-03-12', measure: 'races-without-result', status: 'ok' }),
  )
  expect(measures.find(({ measure }) => measure === 'database-bytes')?.numerator).toBeGreaterThan(
    100_000,
  )
  expect(history.map(({ command }) => command)).toEqual(['db backup', 'nightly'])
})

it('nightly leaves out a job that another run is at; a ping that fails changes nothing', async () => {
  const lock = await acquireJobLock(run.target, 'hrnz')
  const busy = await night({ HARNESS_PING_URL: 'http://127.0.0.1:1/gone' })
  await lock.release()
  expect(busy.exitCode).toBe(4)
  expect(busy.states).toMatchObject({ discover: 'busy', scrape: 'busy', reconcile: 'done' })
  expect(busy.stderr).toContain('HARNESS_PING_URL')
}, 30_000)

it('nightly in words fits on a screen', async () => {
  const { stdout, exitCode } = await run.harness('nightly --no-backup --no-dashboard')
  expect(exitCode).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length).toBeLessThan(24)
  expect(lines.every((line) => line.length <= 80)).toBe(true)
  expect(lines.at(-1)).toBe('all 6 steps done')
}, 30_000)

it('notify test sends one notice, and wants an address', async () => {
  owner.take()
  expect((await runCli(['notify', 'test'], { env })).exitCode).toBe(0)
  expect(owner.take().heard).toEqual(['POST /hook'])
  expect((await runCli(['notify', 'test'])).exitCode).toBe(2)
})
