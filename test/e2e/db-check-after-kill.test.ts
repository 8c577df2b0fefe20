import { afterAll, expect, it } from 'vitest'
import { Random } from '../../fixtures/world/random.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { createTestDatabase } from '../support/database.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({
  seed: 13,
  from: '2026-03-06',
  to: '2026-03-08',
  racesPerMeeting: [2, 4],
})
/** 50 take a minute or two. */
const wanted = Number(process.env['HARNESS_TEST_KILLS'] ?? 6)
const closing: (() => Promise<void>)[] = []

afterAll(async () => {
  for (const close of closing) await close()
})

async function freshRun(): Promise<WorldRun> {
  const { target, remove } = await createTestDatabase('sqlite')
  const run = await WorldRun.start(world, target, '2026-03-10T00:00:00.000Z')
  closing.push(() => run.close(), remove)
  return run
}

it(`db check finds nothing wrong after any of ${wanted} kills`, async () => {
  const random = new Random('kills')
  const faults: string[] = []
  let run = await freshRun()
  for (let kills = 0; kills < wanted;) {
    const wait = 200 + Math.floor(random.next() * 700)
    const { exitCode } = await run.harness('nightly', {
      started: (child) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), wait)
        child.once('exit', () => clearTimeout(timer))
      },
    })
    const check = await run.harness('db check')
    if (check.exitCode !== 0) faults.push(`after ${wait} ms: ${check.stdout}${check.stderr}`)
    // It came to its end: only where there is work left does a kill strike in the middle of it.
    if (exitCode === null) kills += 1
    else run = await freshRun()
  }
  expect(faults).toEqual([])
  expect((await run.ok('nightly')).stdout).toContain('all 8 steps done')
  await run.ok('db check')
}, 300_000)
