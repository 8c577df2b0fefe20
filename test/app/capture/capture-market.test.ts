import { afterEach, expect, test } from 'vitest'
import { sql } from 'kysely'
import { captureRaces } from '../../../src/app/capture/capture-races.ts'
import { reparseTab } from '../../../src/app/capture/capture-reparse.ts'
import { watchRaces } from '../../../src/app/capture/capture-watch.ts'
import type { CaptureChange } from '../../../src/domain/capture/capture-changes.ts'
import { advertisedStart } from '../../../fixtures/world/tab-timeline.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { captureRig, type CaptureRig } from './capture-support.ts'

// One evening of two meetings: eight races, one of them abandoned, one whose start moves.
const world = makeWorld({
  seed: 62,
  from: '2026-03-02',
  to: '2026-03-08',
  meetingsPerWeek: 8,
  racesPerMeeting: [3, 4],
  startersPerRace: [5, 7],
})
const date = '2026-03-07'
const races = world
  .meetingsOn(date)
  .filter((meeting) => meeting.inTab)
  .flatMap((meeting) => meeting.races)
const range = { from: date, to: date }
const firstStart = Math.min(...races.map((race) => race.startAt))
const lastFinal = Math.max(...races.map((race) => race.completeAt))
const iso = (epochMs: number): string => new Date(epochMs).toISOString()

let rig: CaptureRig
afterEach(async () => {
  await rig.close()
})

/** Every table of the market, in the order of its keys. */
async function market(): Promise<Record<string, unknown[]>> {
  const { db } = rig.database
  const odds = await db
    .selectFrom('odds_snapshots')
    .innerJoin('tab_entrants', 'tab_entrants.id', 'odds_snapshots.entrant')
    .select(['tab_entrant_id', 'first_seen', 'last_seen', 'fixed_win_cents', 'fixed_place_cents'])
    .select(['pool_win_cents', 'pool_place_cents'])
    .orderBy('tab_entrant_id')
    .orderBy('first_seen')
    .execute()
  const all = (
    table: 'dividends' | 'pools' | 'start_time_changes' | 'scratchings' | 'protests',
  ): Promise<unknown[]> => db.selectFrom(table).selectAll().orderBy('tab_event_id').execute()
  const pastStarts = await db.selectFrom('past_starts').selectAll().execute()
  return {
    odds,
    dividends: await all('dividends'),
    pools: await all('pools'),
    startTimes: await all('start_time_changes'),
    scratchings: await all('scratchings'),
    protests: await all('protests'),
    pastStarts,
  }
}

async function followEvening(): Promise<CaptureChange[]> {
  rig = await captureRig(world, iso(firstStart - 1_800_000))
  const told: CaptureChange[] = []
  const deps = {
    ...rig.deps,
    onChanges: (changes: readonly CaptureChange[]) => told.push(...changes),
  }
  await watchRaces(deps, { intervalMs: 1_800_000, until: lastFinal + 3_600_000 })
  return told.filter((change) => change.date === date)
}

test('an evening leaves prices, dividends, moved starts and scratchings, joined to the masters', async () => {
  const told = await followEvening()
  const kept = await market()
  for (const race of races) {
    const rows = (kept['startTimes'] as { tab_event_id: string; start_time: string }[]).filter(
      (row) => row.tab_event_id === race.tabEventId,
    )
    const last = advertisedStart(race, rig.clock.now())
    if (race.abandonedAt === null) expect(rows.at(-1)?.start_time).toBe(iso(last))
  }
  const scratched = races
    .filter(({ abandonedAt }) => abandonedAt === null)
    .flatMap((race) => race.starters.filter((starter) => starter.scratchedAt !== null))
  const scratchings = kept['scratchings'] as { tab_entrant_id: string; scratched_at: string }[]
  for (const starter of scratched) {
    const row = scratchings.find(({ tab_entrant_id }) => tab_entrant_id === starter.tabEntrantId)
    expect(Date.parse(row?.scratched_at ?? '')).toBe(
      Math.floor((starter.scratchedAt ?? 0) / 1000) * 1000,
    )
  }
  const { rows } = await sql<{ n: number; joined: number }>`
    select count(*) as n, count(starter_id) as joined from odds`.execute(rig.database.db)
  expect(rows[0]!.n).toBeGreaterThan(races.length * 5)
  expect(rows[0]!.joined).toBe(rows[0]!.n)
  const paid = await sql<{ status: string; races: number }>`
    select status, count(distinct race_id) as races from race_dividends
    where tab_event_id in (${sql.join(races.map(({ tabEventId }) => tabEventId))})
    group by status order by status`.execute(rig.database.db)
  const run = races.filter(({ abandonedAt }) => abandonedAt === null).length
  expect(paid.rows).toEqual([
    { status: 'final', races: run },
    { status: 'interim', races: run },
  ])
  expect(kept['pastStarts']!.length).toBeGreaterThan(0)

  // Neighbouring snapshots differ: what stayed the same is one row.
  const odds = kept['odds'] as Record<string, unknown>[]
  for (const [index, row] of odds.entries()) {
    const before = odds[index - 1]
    if (before?.['tab_entrant_id'] !== row['tab_entrant_id']) continue
    const prices = ({ first_seen: _f, last_seen: _l, ...rest }: Record<string, unknown>) => rest
    expect(prices(row)).not.toEqual(prices(before!))
  }

  const kinds = new Set(told.map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining(['dividend', 'meeting', 'result', 'start-time', 'status']),
  )
  const finals = told.filter((change) => change.kind === 'status' && change['to'] === 'final')
  expect(finals).toHaveLength(run)

  const beats = await rig.database.db.selectFrom('capture_cycles').selectAll().execute()
  expect(beats.length).toBeGreaterThan(50)
  expect(beats.every(({ outcome }) => outcome !== '')).toBe(true)
}, 90_000)

test('bodies read again leave all of it as it is, and bring back what they hold', async () => {
  rig = await captureRig(world, iso(firstStart - 600_000))
  await captureRaces(rig.deps, { range })
  for (const race of races) {
    rig.clock.set(iso(race.interimAt + 90_000))
    await captureRaces(rig.deps, { range })
  }
  rig.clock.set(iso(lastFinal + 600_000))
  await captureRaces(rig.deps, { range })
  const live = await market()
  await reparseTab(rig.deps)
  expect(await market()).toEqual(live)

  const { db } = rig.database
  const tables = ['odds_snapshots', 'tab_entrants', 'dividends', 'pools', 'scratchings'] as const
  for (const table of tables) await db.deleteFrom(table).execute()
  for (const table of ['start_time_changes', 'protests', 'past_starts'] as const) {
    await db.deleteFrom(table).execute()
  }
  await reparseTab(rig.deps)
  const again = await market()
  const same = ['startTimes', 'protests', 'pastStarts']
  for (const table of same) expect(again[table]).toEqual(live[table])
  const timeless = (rows: unknown[]): unknown[] =>
    rows.map((row) => ({ ...(row as object), seen_at: undefined }))
  for (const table of ['dividends', 'pools', 'scratchings']) {
    expect(timeless(again[table]!)).toEqual(timeless(live[table]!))
  }
  // Of the bodies in between only the prices are left, which nothing brings back.
  const prices = (rows: unknown[]): Set<string> =>
    new Set(
      (rows as Record<string, unknown>[]).map((row) =>
        JSON.stringify({ ...row, first_seen: 0, last_seen: 0 }),
      ),
    )
  const before = prices(live['odds']!)
  for (const row of prices(again['odds']!)) expect(before).toContain(row)
  expect(again['odds']!.length).toBeGreaterThan(races.length * 4)
})

test('what was missed goes on record with its reason, and nothing else does', async () => {
  rig = await captureRig(world, iso(firstStart - 1_200_000))
  const wakes = firstStart + 7_200_000
  let slept = false
  rig.clock.onSleep = (until) => {
    if (slept || until < firstStart - 300_000) return until
    slept = true
    return wakes
  }
  await watchRaces(rig.deps, { intervalMs: 1_800_000, until: wakes + 10 * 3_600_000 })
  const missed = (await rig.database.db.selectFrom('missed_windows').selectAll().execute()).filter(
    ({ racing_date }) => racing_date === date,
  )
  const run = new Set(
    races.filter(({ startAt }) => startAt < wakes).map(({ tabEventId }) => tabEventId),
  )
  for (const event of run) expect(missed.map(({ subject }) => subject)).toContain(event)
  for (const { cause, due_at, looked_at } of missed) {
    expect(cause).toMatch(/^asleep/)
    expect(Date.parse(looked_at)).toBeGreaterThanOrEqual(wakes)
    expect(Date.parse(due_at)).toBeLessThan(wakes)
  }
}, 60_000)
