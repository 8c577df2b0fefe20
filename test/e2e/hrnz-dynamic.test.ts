import { expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { createTestDatabase } from '../support/database.ts'
import { WorldRun } from '../support/world-run.ts'

it('horses fetch asks for nothing without a contact, and with one at least five seconds apart', async () => {
  const world = makeWorld({ seed: 5, from: '2026-03-01', to: '2026-03-03' })
  const { target } = await createTestDatabase('sqlite')
  const run = await WorldRun.start(world, target, '2026-03-05T00:00:00Z')
  try {
    const [a, b] = world.horses.flatMap(({ hrnzGuid }) => hrnzGuid ?? [])
    const command = `horses fetch ${a} ${b} --json`
    const refused = await run.harness(command)
    expect(refused.exitCode).toBe(2)
    expect(refused.stdout + refused.stderr).toContain('HARNESS_CONTACT')
    expect(run.servers.requests).toEqual([])

    const env = { HARNESS_CONTACT: 'someone@example.nz' }
    const done = await run.harness(command, { env })
    expect(done.exitCode, done.stderr).toBe(0)
    expect(JSON.parse(done.stdout)).toMatchObject({ warnings: [], counts: { requests: { ok: 2 } } })
    const asked = run.servers.requests
    expect(asked.map(({ host }) => host)).toEqual(['dynamic', 'dynamic', 'dynamic'])
    expect(asked.every(({ headers }) => headers['from'] === env.HARNESS_CONTACT)).toBe(true)
    const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4900)
  } finally {
    await run.close()
  }
})

it('past years come by discover --dynamic and scrape --dynamic, only with a contact', async () => {
  const world = makeWorld({ seed: 5, from: '2024-03-01', to: '2024-03-09' })
  const { target } = await createTestDatabase('sqlite')
  const run = await WorldRun.start(world, target, '2026-03-05T00:00:00Z')
  const range = '--from 2024-03-01 --to 2024-03-09'
  try {
    for (const command of [`discover ${range} --dynamic`, 'scrape --dynamic']) {
      const refused = await run.harness(command)
      expect(refused.exitCode).toBe(2)
      expect(refused.stderr).toContain('HARNESS_CONTACT')
    }
    expect(run.servers.requests).toEqual([])
    expect((await run.ok(`discover ${range}`)).stderr).toContain('harness discover --dynamic')

    const env = { HARNESS_CONTACT: 'someone@example.nz' }
    const found = await run.harness(`discover ${range} --dynamic --json`, { env })
    expect(found.exitCode, found.stderr).toBe(0)
    const { meetings } = JSON.parse(found.stdout) as { meetings: unknown[] }
    expect(meetings.length).toBeGreaterThan(1)
    const read = await run.harness('scrape --dynamic --limit 1 --json', { env })
    expect(read.exitCode, read.stderr).toBe(3)
    expect(JSON.parse(read.stdout)).toMatchObject({ counts: { meetings: { created: 1 } } })
    const again = await run.ok('scrape --reparse --json')
    expect(JSON.parse(again.stdout)).toMatchObject({ counts: { meetings: { created: 0 } } })
  } finally {
    await run.close()
  }
})
