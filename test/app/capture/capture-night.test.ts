import { afterEach, expect, test } from 'vitest'
import { watchRaces } from '../../../src/app/capture/capture-watch.ts'
import { SourceUnavailableError } from '../../../src/errors.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { captureRig, type CaptureRig } from './capture-support.ts'

const hour = 3_600_000
const halfHour = hour / 2
const iso = (epochMs: number): string => new Date(epochMs).toISOString()

let rig: CaptureRig
afterEach(async () => {
  await rig.close()
})

const worldOf = (from: string, to: string) =>
  makeWorld({
    seed: 3,
    from,
    to,
    meetingsPerWeek: 7,
    racesPerMeeting: [2, 3],
    startersPerRace: [4, 5],
  })

test.each([
  ['an ordinary midnight', '2026-03-06', '2026-03-08'],
  ['the night in which the clocks go back', '2026-04-03', '2026-04-06'],
  ['the night in which they go forward', '2026-09-25', '2026-09-28'],
])(
  'a watcher lives through %s',
  async (_, from, to) => {
    const world = worldOf(from, to)
    const meetings = world.meetings.filter(({ inTab }) => inTab)
    const races = meetings.flatMap((meeting) => meeting.races)
    const last = Math.max(...races.map((race) => race.completeAt))
    rig = await captureRig(world, iso(Math.min(...races.map((race) => race.startAt)) - hour))
    await watchRaces(rig.deps, { intervalMs: halfHour, until: last + 24 * hour })
    const rows = await rig.database.db
      .selectFrom('races')
      .innerJoin('meetings', 'meetings.id', 'races.meeting_id')
      .select(['tab_event_id', 'races.status', 'meeting_date'])
      .execute()
    const found = new Map(rows.map((row) => [row.tab_event_id, row]))
    for (const race of races) {
      expect(found.get(race.tabEventId)).toMatchObject({
        status: race.abandonedAt === null ? 'final' : 'abandoned',
        meeting_date: race.meeting.date,
      })
    }
    expect(races.length).toBeGreaterThan(3)
    expect(rows).toHaveLength(races.length)
    const queue = await rig.database.db.selectFrom('pages').select('state').distinct().execute()
    expect(queue).toEqual([{ state: 'final' }])
    // Each new day the whole reach of the lists is read once more.
    const reaches = rig.servers.requests.flatMap(({ path }) => {
      const query = new URL(path, 'http://tab.invalid').searchParams
      const [first, until] = [query.get('date_from'), query.get('date_to')]
      if (first === null || until === null) return []
      return Date.parse(until) - Date.parse(first) === 13 * 24 * hour ? [until] : []
    })
    expect(new Set(reaches).size).toBe(reaches.length)
    expect(reaches.length).toBeGreaterThan(1)
  },
  60_000,
)

test('attempts after an outage double up to a cap, are spread, and never end', async () => {
  const world = worldOf('2026-03-07', '2026-03-07')
  rig = await captureRig(world, '2026-03-06T20:00:00Z')
  const attempts: number[] = []
  const fetcher = {
    requests: rig.deps.fetcher.requests,
    fetch: async () => {
      attempts.push(rig.clock.now())
      throw new SourceUnavailableError('no route to TAB')
    },
  }
  await watchRaces(
    { ...rig.deps, fetcher },
    {
      intervalMs: halfHour,
      until: Date.parse('2026-03-09T20:00:00Z'),
      random: () => 0.5,
    },
  )
  const pauses = attempts.slice(1).map((at, index) => at - attempts[index]!)
  expect(pauses.slice(0, 5)).toEqual([26_250, 52_500, 105_000, 210_000, 420_000])
  expect(Math.max(...pauses)).toBe(787_500)
  expect(pauses.length).toBeGreaterThan(300)
  const beats = await rig.database.db
    .selectFrom('capture_cycles')
    .select('error_code')
    .distinct()
    .execute()
  expect(beats).toEqual([{ error_code: 'source-unavailable' }])
})

test('races that TAB has forgotten unsettled are closed, and the gap is on record', async () => {
  const world = worldOf('2026-03-07', '2026-03-07')
  const races = world.meetings.filter(({ inTab }) => inTab).flatMap((meeting) => meeting.races)
  const first = Math.min(...races.map((race) => race.startAt))
  rig = await captureRig(world, iso(first - hour))
  await watchRaces(rig.deps, { intervalMs: halfHour, until: first - halfHour })
  rig.clock.set(iso(first + 20 * 24 * hour))
  await watchRaces(rig.deps, { intervalMs: halfHour, until: first + 20 * 24 * hour + hour })
  const queue = await rig.database.db.selectFrom('pages').select(['state', 'reason']).execute()
  expect(races.length).toBeGreaterThan(1)
  expect(queue).toHaveLength(races.length)
  for (const page of queue) {
    expect(page).toMatchObject({ state: 'closed', reason: expect.stringContaining('13 days') })
  }
  const missed = await rig.database.db.selectFrom('missed_windows').select('subject').execute()
  expect(missed.map(({ subject }) => subject).sort()).toEqual(
    [...races.map(({ tabEventId }) => tabEventId), 'list'].sort(),
  )
})
