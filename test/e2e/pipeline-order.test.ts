import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keysOnHrnzPages, keysToldByTab } from '../../fixtures/world/told-keys.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { canonicalDump, dumpDifference } from '../support/canonical-dump.ts'
import { createTestDatabase, testDialects } from '../support/database.ts'
import { WorldRun } from '../support/world-run.ts'
import { scoreDatabase } from '../support/world-score.ts'

const range = { from: '2026-03-01', to: '2026-03-22' }
const world = makeWorld({ seed: 7, ...range, racesPerMeeting: [4, 6] })
/** TAB's lists reach 13 days back. */
const looks = ['2026-03-14', '2026-03-26']
const lastLook = '2026-03-26'
const orders = ['HRNZ then TAB', 'TAB then HRNZ'] as const

const noon = (date: string): string => `${date}T00:00:00.000Z`
const runs = new Map<string, WorldRun>()
const removals: (() => Promise<void>)[] = []

async function readHrnz(run: WorldRun): Promise<void> {
  run.moveTo(noon(lastLook))
  await run.ok(`discover --from ${range.from} --to ${range.to}`)
  await run.ok('scrape')
}

async function readTab(run: WorldRun): Promise<void> {
  for (const day of looks) {
    run.moveTo(noon(day))
    await run.ok('capture --from -13d')
  }
}

beforeAll(async () => {
  await Promise.all(
    testDialects.map(async (dialect) => {
      for (const order of orders) {
        const { target, remove } = await createTestDatabase(dialect)
        removals.push(remove)
        const run = await WorldRun.start(world, target, noon(looks[0] ?? ''))
        runs.set(`${dialect}, ${order}`, run)
        for (const read of order === 'HRNZ then TAB' ? [readHrnz, readTab] : [readTab, readHrnz])
          await read(run)
      }
    }),
  )
}, 120_000)

afterAll(async () => {
  for (const run of runs.values()) await run.close()
  for (const remove of removals) await remove()
})

function runOf(name: string): WorldRun {
  const run = runs.get(name)
  if (run === undefined) throw new Error(`no run ${name}`)
  return run
}

describe(
  'the same world, read in two orders into two kinds of database',
  { timeout: 120_000 },
  () => {
    it('ends in the same meetings, races, starters and horses', async () => {
      const expected = await runOf('sqlite, TAB then HRNZ').read(canonicalDump)
      expect(expected.filter((row) => row.startsWith('horse')).length).toBeGreaterThan(200)
      for (const run of runs.values())
        expect(dumpDifference(expected, await run.read(canonicalDump))).toEqual([])
    })

    it('holds each meeting and each start once, loses none, and mixes no horses', async () => {
      const told = new Set([
        ...keysOnHrnzPages(world, range, Date.parse(noon(lastLook))),
        ...keysToldByTab(world, range, Date.parse(noon(lastLook))),
      ])
      const score = await runOf('sqlite, HRNZ then TAB').read((database) =>
        scoreDatabase(database, world, told),
      )
      const none = { count: 0, examples: [] }
      const right = { duplicates: none, wrongMerges: none, lost: none, invented: none }
      expect(score.meetings).toEqual(right)
      expect(score.starters).toEqual(right)
      expect(score.horses.mixed).toEqual(none)
      expect(score.horses.pairwise.precision).toBe(1)
      expect(score.horses.pairwise.recall).toBeGreaterThan(0.98)
    })

    it.each(testDialects)('changes nothing when all is done again on %s', async (dialect) => {
      const run = runOf(`${dialect}, TAB then HRNZ`)
      const rows = () =>
        run.read(async ({ db }) => [
          await db.selectFrom('meetings').selectAll().orderBy('id').execute(),
          await db.selectFrom('races').selectAll().orderBy('id').execute(),
          await db.selectFrom('starters').selectAll().orderBy('id').execute(),
          await db.selectFrom('horses').selectAll().orderBy('id').execute(),
        ])
      const before = await rows()
      for (const command of [
        `discover --from ${range.from} --to ${range.to}`,
        'scrape --refresh',
        'capture --from -13d',
        `reconcile --from ${range.from} --to ${range.to}`,
        'horses match --all',
      ]) {
        const { stdout } = await run.ok(`${command} --json`)
        const { counts } = JSON.parse(stdout) as { counts: { meetings?: Record<string, number> } }
        const { created = 0, updated = 0, merged = 0, failed = 0 } = counts.meetings ?? {}
        expect({ command, changed: created + updated + merged + failed }).toEqual({
          command,
          changed: 0,
        })
      }
      expect(await rows()).toEqual(before)
    })
  },
)
