import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { createTestDatabase, testDialects } from '../support/database.ts'
import { Listener } from '../support/listener.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({ seed: 7, from: '2026-03-06', to: '2026-03-07', racesPerMeeting: [2, 2] })

describe.each(testDialects)('on %s', (dialect) => {
  let owner: Listener
  let run: WorldRun
  let remove: () => Promise<void>

  beforeAll(async () => {
    owner = await Listener.start()
    const database = await createTestDatabase(dialect)
    remove = database.remove
    // A Friday, some hours before the races.
    run = await WorldRun.start(world, database.target, '2026-03-05T20:00:00.000Z')
  }, 30_000)
  afterAll(async () => {
    await run.close()
    await remove()
    owner.close()
  })

  async function digestsOfNight(instant: string) {
    run.moveTo(instant)
    owner.take()
    const env = { HARNESS_NOTIFY_URL: `${owner.base}/hook` }
    const { exitCode, stderr } = await run.harness('nightly --quiet --no-backup --no-dashboard', {
      env,
    })
    expect(exitCode, stderr).toBe(0)
    return owner.take().notices.filter(({ level }) => level === 'digest')
  }

  it('the digest of a week is sent once, by the first night after it that reaches the owner', async () => {
    expect(await digestsOfNight('2026-03-06T15:00:00.000Z')).toEqual([])
    expect(await digestsOfNight('2026-03-07T15:00:00.000Z')).toEqual([])
    owner.hookStatus = 503
    expect(await digestsOfNight('2026-03-08T15:00:00.000Z')).toEqual([])
    owner.hookStatus = 200
    const [digest] = await digestsOfNight('2026-03-09T15:00:00.000Z')
    expect(digest).toMatchObject({ title: 'harness: the week to 2026-03-08' })
    expect(digest?.message).toMatch(
      /tab_api: \d+ pages read.*\nhrnz_scraper: |hrnz_scraper: \d+ pages read.*\ntab_api: /,
    )
    expect(digest?.message).toContain('size: ')
    expect(await digestsOfNight('2026-03-09T16:00:00.000Z')).toEqual([])
  }, 60_000)

  it('report week says the same on one screen, and as JSON', async () => {
    const { stdout } = await run.ok('report week --to 2026-03-08')
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('week          2026-03-02 to 2026-03-08')
    expect(lines.length).toBeLessThan(24)
    expect(lines.every((line) => line.length <= 80)).toBe(true)
    const json = JSON.parse((await run.ok('report week --to 2026-03-08 --json')).stdout)
    expect(json).toMatchObject({ from: '2026-03-02', to: '2026-03-08', corrections: 0 })
    expect(json.size.now).toBeGreaterThan(100_000)
  }, 30_000)
})
