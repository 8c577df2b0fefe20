import { afterEach, expect, test } from 'vitest'
import { captureRaces } from '../../../src/app/capture/capture-races.ts'
import { watchRaces } from '../../../src/app/capture/capture-watch.ts'
import { officialResult } from '../../../fixtures/world/official.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { captureRig, masters, type CaptureRig } from './capture-support.ts'

// Two meetings of TAB on the 7th: eight races, one of them abandoned, one whose start moves.
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
const halfHour = 30 * 60_000

let rig: CaptureRig
afterEach(async () => {
  await rig.close()
})

/** From the morning, hours before the first start, to the morning after. */
const morning = '2026-03-06T20:00:00Z'
/** Where the hours before the races do not matter. */
const noon = new Date(Math.min(...races.map((race) => race.startAt)) - 30 * 60_000).toISOString()
const morningAfter = Date.parse('2026-03-07T22:00:00Z')

async function statuses(): Promise<Map<string | null, string>> {
  const rows = await rig.database.db
    .selectFrom('races')
    .select(['tab_event_id', 'status'])
    .execute()
  return new Map(rows.map((row) => [row.tab_event_id, row.status]))
}

async function expectWholeDay(): Promise<void> {
  const now = rig.clock.now()
  const found = await statuses()
  const rows = await rig.database.db
    .selectFrom('starters')
    .select(['tab_entrant_id', 'finish_position', 'scratched'])
    .execute()
  const starters = new Map(rows.map((row) => [row.tab_entrant_id, row]))
  for (const race of races) {
    expect(found.get(race.tabEventId)).toBe(race.abandonedAt === null ? 'final' : 'abandoned')
    if (race.abandonedAt !== null) continue
    for (const [starter, official] of officialResult(race, now, 'tab')) {
      expect(starters.get(starter.tabEntrantId)).toMatchObject({
        finish_position: official.placing,
        scratched: official.scratched ? 1 : 0,
      })
    }
  }
}

test('a day of faults is followed to its last correction: in time, within the policy, in few bodies', async () => {
  rig = await captureRig(world, morning)
  rig.servers.setFaults([
    { host: 'tab', match: /events/, kind: 'broken-json', everyNth: 31 },
    { host: 'tab', match: /events/, kind: 'unavailable', everyNth: 23 },
    { host: 'tab', match: /events/, kind: 'reset', everyNth: 29 },
    { host: 'tab', match: /events/, kind: 'truncate', everyNth: 37 },
    { host: 'tab', match: /meetings/, kind: 'retry-after', everyNth: 13 },
    { host: 'tab', match: /meetings/, kind: 'not-a-page', everyNth: 17 },
  ])
  const result = await watchRaces(rig.deps, { intervalMs: halfHour, until: morningAfter })
  expect(result.partial).toBe(false)
  expect(result).not.toHaveProperty('stopped')
  await expectWholeDay()

  const { db } = rig.database
  const bodies = await db
    .selectFrom('documents')
    .select(['url', 'label', 'fetched_at'])
    .where('kind', '=', 'event')
    .orderBy('fetched_at')
    .execute()
  const delays: number[] = []
  for (const race of races) {
    // What failed was asked for again at once; the policy speaks of looks.
    const looks = rig.servers.requests.filter(
      ({ path, status }) => path.endsWith(race.tabEventId) && status === 200,
    )
    const gaps = looks.slice(1).map((look, at) => look.at - looks[at]!.at)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000)
    // 26 half hours, 22 looks within the hour, then every half minute up to the result.
    expect(looks.length).toBeLessThan(120)

    const labels = bodies.filter(({ url }) => url.endsWith(race.tabEventId))
    for (const status of ['open', 'closed', 'interim']) {
      const ofStatus = labels.filter(({ label }) => label?.startsWith(`${status} `) === true)
      expect(ofStatus.length).toBeLessThanOrEqual(2)
    }
    expect(labels.length).toBeLessThanOrEqual(14)
    const final = labels.find(({ label }) => label?.startsWith('final ') === true)
    if (race.abandonedAt !== null) continue
    delays.push(Date.parse(final?.fetched_at ?? '') - race.finalAt)
  }
  delays.sort((a, b) => a - b)
  expect(delays.at(-1)).toBeLessThan(halfHour)
  expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(120_000)

  // Looking twice, before and after, ends in the same races.
  const once = await captureRig(world, morning)
  try {
    await captureRaces(once.deps, { range: { from: '2026-03-02', to: date } })
    once.clock.set(new Date(morningAfter).toISOString())
    await captureRaces(once.deps, { range: { from: '2026-03-02', to: '2026-03-08' } })
    expect(await masters(rig)).toEqual(await masters(once))
  } finally {
    await once.close()
  }

  // Looks that change nothing leave no row in the log: there are hundreds of them.
  const rows = await db.selectFrom('data_ingestion_log').select('id').execute()
  expect(rows.length).toBeLessThan(rig.servers.requests.length / 3)
}, 120_000)

test('a machine that sleeps through the races catches up when it wakes', async () => {
  rig = await captureRig(world, morning)
  let slept = false
  rig.clock.onSleep = (until) => {
    if (slept || until < Date.parse('2026-03-06T22:00:00Z')) return until
    slept = true
    return Date.parse('2026-03-09T20:00:00Z')
  }
  await watchRaces(rig.deps, { intervalMs: halfHour, until: Date.parse('2026-03-10T02:00:00Z') })
  expect(slept).toBe(true)
  await expectWholeDay()
}, 60_000)

test('an outage is waited out, and the day is whole in the end', async () => {
  rig = await captureRig(world, noon)
  rig.clock.onSleep = (until) => {
    const inOutage =
      until > Date.parse('2026-03-07T00:00:00Z') && until < Date.parse('2026-03-07T03:00:00Z')
    rig.servers.setFaults(inOutage ? [{ host: 'tab', match: /racing/, kind: 'unavailable' }] : [])
    return until
  }
  const result = await watchRaces(rig.deps, { intervalMs: halfHour, until: morningAfter })
  expect(result.counts.requests['failed']).toBeGreaterThan(3)
  await expectWholeDay()
}, 60_000)

test('a watcher that is told to end ends at once, and the next one goes on', async () => {
  rig = await captureRig(world, noon)
  rig.clock.onSleep = (until) => {
    if (until > races[2]!.interimAt) rig.abort.abort()
    return until
  }
  const ended = await watchRaces(rig.deps, { intervalMs: halfHour })
  expect(ended).not.toHaveProperty('stopped')
  const instant = new Date(rig.clock.now()).toISOString()
  const before = await masters(rig)
  const next = await captureRig(world, instant)
  try {
    // The same database under a new process: nothing of what was due is lost.
    const deps = { ...next.deps, unitOfWork: rig.deps.unitOfWork }
    await watchRaces(deps, { intervalMs: halfHour, until: morningAfter })
    expect(await masters(rig)).not.toEqual(before)
    rig.clock.set(new Date(next.clock.now()).toISOString())
    await expectWholeDay()
  } finally {
    await next.close()
  }
}, 60_000)
