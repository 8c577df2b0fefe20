import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { captureRaces } from '../../../src/app/capture/capture-races.ts'
import { reparseTab } from '../../../src/app/capture/capture-reparse.ts'
import { explainMeeting } from '../../../src/app/reconcile/reconcile-why.ts'
import { HarnessError } from '../../../src/errors.ts'
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
const range = { from: date, to: date }
const meetings = world.meetingsOn(date).filter((meeting) => meeting.inTab)
const races = meetings.flatMap((meeting) => meeting.races)
const lastRace = races.toSorted((a, b) => b.startAt - a.startAt)[0]!

let rig: CaptureRig
beforeEach(async () => {
  rig = await captureRig(world, '2026-03-06T22:00:00Z')
})
afterEach(async () => {
  await rig.close()
})

const rows = (table: 'documents' | 'starters' | 'data_ingestion_log'): Promise<number> =>
  rig.database.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
    .then(({ count }) => Number(count))

describe('capture once', () => {
  test('brings the meetings of the day with their cards', async () => {
    const result = await captureRaces(rig.deps, { range })
    expect(result).toMatchObject({ partial: false })
    expect(result).not.toHaveProperty('stopped')
    expect(result.counts.meetings.created).toBe(meetings.length)
    expect(result.counts.races.created).toBe(races.length)
    expect(result.counts.starters.created).toBe(await rows('starters'))
    expect(result.outcome).toContain(`${meetings.length} meetings for ${date}`)
    expect(result.counts.requests['ok']).toBe(races.length + 1)
  })

  test('says who asks', async () => {
    await captureRaces(rig.deps, { range })
    const requests = rig.servers.requests.filter(({ path }) => path.includes('/racing/'))
    expect(requests.every(({ headers }) => headers['x-partner'] === 'Test')).toBe(true)
  })

  test('a second time says unchanged, and the archive does not grow with it', async () => {
    await captureRaces(rig.deps, { range })
    const before = await masters(rig)
    const again = await captureRaces(rig.deps, { range })
    const documents = await rows('documents')
    const third = await captureRaces(rig.deps, { range })
    for (const { counts, outcome } of [again, third]) {
      expect(counts.meetings).toMatchObject({ created: 0, updated: 0, unchanged: meetings.length })
      expect(counts.starters).toMatchObject({ created: 0, updated: 0 })
      expect(outcome).toContain('unchanged')
    }
    expect(await masters(rig)).toEqual(before)
    expect(await rows('documents')).toBe(documents)
  })

  test('why a start came third leads to the answer about its race', async () => {
    rig.clock.set('2026-03-07T20:00:00Z')
    await captureRaces(rig.deps, { range })
    const third = await rig.database.db
      .selectFrom('starters')
      .innerJoin('races', 'races.id', 'starters.race_id')
      .select(['meeting_id', 'race_number', 'number', 'tab_event_id'])
      .where('finish_position', '=', 3)
      .executeTakeFirstOrThrow()
    const { fields } = await rig.deps.unitOfWork.read((repositories) =>
      explainMeeting(repositories, {
        meeting: String(third.meeting_id),
        race: String(third.race_number),
        starter: String(third.number),
        field: 'finish_position',
      }),
    )
    expect(fields[0]!.claims).toMatchObject([
      {
        source: 'tab_api',
        value: 3,
        url: expect.stringMatching(new RegExp(`/events/${third.tab_event_id}$`)),
        said_at: expect.stringMatching(/^2026-03-07T20:0/),
      },
    ])
  })

  test('a settled race is not asked for again', async () => {
    await captureRaces(rig.deps, { range })
    rig.clock.set('2026-03-08T22:00:00Z')
    await captureRaces(rig.deps, { range })
    rig.asked()
    const result = await captureRaces(rig.deps, { range })
    expect(rig.asked()).toHaveLength(1)
    expect(result.outcome).toContain(`${races.length} settled or abandoned left alone, unchanged`)
    const states = await rig.database.db.selectFrom('pages').select('state').distinct().execute()
    expect(states).toEqual([{ state: 'final' }])
  })

  test('a dry run asks for the list only and writes nothing', async () => {
    const result = await captureRaces(rig.deps, { range, dryRun: true })
    expect(result.outcome).toBe(`would read ${races.length} races of 2 meetings for ${date}`)
    expect(rig.asked()).toHaveLength(1)
    expect(await rows('documents')).toBe(0)
    expect(await rows('data_ingestion_log')).toBe(0)
  })

  test('a day without meetings says why nothing was done', async () => {
    const empty = await captureRaces(rig.deps, { range: { from: '2026-02-27', to: '2026-02-27' } })
    expect(empty.outcome).toBe(
      'nothing to do: TAB lists no New Zealand harness meeting for 2026-02-27',
    )
    expect(empty.partial).toBe(false)
  })

  test('more than 13 days back is a usage error before anything is asked', async () => {
    const asked = captureRaces(rig.deps, { range: { from: '2026-02-21', to: date } })
    await expect(asked).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('02-22'),
    })
    expect(rig.asked()).toEqual([])
  })

  test('the later result replaces the earlier one, and what the list lost stays', async () => {
    await captureRaces(rig.deps, { range })
    const before = await rows('starters')
    rig.clock.set(new Date(lastRace.completeAt + 60_000).toISOString())
    const result = await captureRaces(rig.deps, { range })
    expect(result.counts.meetings.updated).toBe(meetings.length)
    // The abandoned race has lost its event by now.
    expect(await rows('starters')).toBe(before)
    const abandoned = await rig.database.db
      .selectFrom('races')
      .innerJoin('starters', 'starters.race_id', 'races.id')
      .select('starters.horse_name')
      .where('races.status', '=', 'abandoned')
      .execute()
    expect(abandoned.length).toBeGreaterThan(0)
  })
})

describe('when TAB misbehaves', () => {
  // The meeting that begins first is read first.
  const first = meetings.toSorted((a, b) => a.races[0]!.startAt - b.races[0]!.startAt)[0]!
  const target = first.races[1]!

  test.each(['broken-json', 'layout', 'not-a-page'] as const)(
    'one event with %s is a failed item, everything else is kept',
    async (kind) => {
      rig.servers.setFaults([{ host: 'tab', match: new RegExp(target.tabEventId), kind }])
      const result = await captureRaces(rig.deps, { range })
      expect(result.partial).toBe(true)
      expect(result.counts.meetings.failed).toBe(1)
      expect(result.counts.races.failed).toBe(1)
      expect(result.warnings.some(({ subject }) => subject.includes(`R${target.number}`))).toBe(
        true,
      )
      const failed = await rig.database.db
        .selectFrom('data_ingestion_log')
        .select(['url', 'errors'])
        .where('status', '=', 'failed')
        .execute()
      expect(failed).toHaveLength(1)
      expect(failed[0]?.url).toContain(target.tabEventId)

      rig.servers.setFaults([])
      const again = await captureRaces(rig.deps, { range })
      expect(again.partial).toBe(false)
      const whole = await masters(rig)
      const undisturbed = await captureRig(world, '2026-03-06T22:00:00Z')
      try {
        await captureRaces(undisturbed.deps, { range })
        expect(whole).toEqual(await masters(undisturbed))
      } finally {
        await undisturbed.close()
      }
    },
  )

  test.each(['broken-json', 'not-a-page', 'wrong-year'] as const)(
    'a list with %s is a failed item and changes nothing',
    async (kind) => {
      await captureRaces(rig.deps, { range })
      const before = await masters(rig)
      rig.servers.setFaults([{ host: 'tab', match: /racing\/meetings/, kind }])
      const result = await captureRaces(rig.deps, { range })
      expect(result.stopped).toMatchObject({ exitCode: 3 })
      expect(result.counts.meetings.failed).toBe(1)
      expect(await masters(rig)).toEqual(before)
    },
  )

  test('a list whose meetings have lost their races is not a day without races', async () => {
    rig.servers.setFaults([{ host: 'tab', match: /racing\/meetings/, kind: 'layout' }])
    const result = await captureRaces(rig.deps, { range })
    expect(result.partial).toBe(true)
    expect(result.counts.meetings).toMatchObject({ created: 0, failed: meetings.length })
  })

  test.each([
    ['forbidden', 'source-refused'],
    ['unavailable', 'source-unavailable'],
    ['reset', 'source-unavailable'],
  ] as const)('%s half-way stops with 5 and keeps what was read', async (kind, code) => {
    rig.servers.setFaults([{ host: 'tab', match: new RegExp(target.tabEventId), kind }])
    const result = await captureRaces(rig.deps, { range })
    expect(result.stopped).toBeInstanceOf(HarnessError)
    expect(result.stopped).toMatchObject({ exitCode: 5, code })
    expect(result.counts.meetings.created).toBe(1)
    expect(await rows('starters')).toBe(first.races[0]!.starters.length)
  })

  test('an interruption keeps what was read and can be gone on from', async () => {
    let left = 4
    rig.clock.onSleep = (until) => {
      left -= 1
      if (left === 0) rig.abort.abort()
      return until
    }
    const result = await captureRaces(rig.deps, { range })
    expect(result.stopped).toMatchObject({ exitCode: 130 })
    expect(await rows('starters')).toBeGreaterThan(0)
  })
})

test('a reparse of the archive ends in the same masters, without a request', async () => {
  await captureRaces(rig.deps, { range })
  for (const race of races) {
    rig.clock.set(new Date(race.interimAt + 90_000).toISOString())
    await captureRaces(rig.deps, { range })
  }
  rig.clock.set('2026-03-08T22:00:00Z')
  await captureRaces(rig.deps, { range })
  const live = await masters(rig)
  rig.asked()

  const again = await reparseTab(rig.deps)
  expect(again.counts.meetings).toMatchObject({ created: 0, updated: 0 })
  expect(await masters(rig)).toEqual(live)

  // From nothing but the archive.
  const { db } = rig.database
  for (const table of ['links', 'starters', 'races', 'meetings', 'horse_identifiers'] as const) {
    await db.deleteFrom(table).execute()
  }
  for (const table of ['horse_names', 'horses', 'observations', 'pages'] as const) {
    await db.deleteFrom(table).execute()
  }
  const rebuilt = await reparseTab(rig.deps, { range })
  expect(rebuilt.counts.meetings.created).toBe(meetings.length)
  expect(await masters(rig)).toEqual(live)
  expect(rig.asked()).toEqual([])
})
