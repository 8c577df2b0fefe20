import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../src/app/ingest-meeting.ts'
import { reportQuality } from '../../src/app/report-quality.ts'
import type { MeetingRow, RaceRow, StarterRow } from '../../src/domain/masters.ts'
import type { QualityMetric } from '../../src/domain/quality/quality-metrics.ts'
import { type QualityRuleId, qualityRules } from '../../src/domain/quality/quality-rules.ts'
import {
  aHorse,
  aLink,
  aMeeting,
  aRace,
  aStarter,
  cardChanges,
  horseChanges,
} from '../contract/rows.ts'
import { openTestDatabase, testDialects } from '../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../support/observations.ts'
import { quietDeps } from '../support/quiet-deps.ts'

const now = Date.parse('2026-06-01T00:00:00.000Z')

/** A card of one race; `starters` replace its winner and its second. */
interface Case {
  readonly meeting?: Partial<MeetingRow>
  readonly race?: Partial<RaceRow> | null
  readonly starters?: readonly Partial<StarterRow>[]
  readonly rule?: 'name-only'
  readonly unlinked?: boolean
}

const pair = (first: Partial<StarterRow>, second: Partial<StarterRow> = { finishPosition: 2 }) => ({
  starters: [first, { number: 2, stakeCents: 0, ...second }],
})

/** What makes each rule ring, and something like it that does not. */
const cases: Partial<Record<QualityRuleId, { bad: Case; good: Case; early?: Case }>> = {
  'meetings-without-races': {
    bad: { race: null },
    good: { race: null, meeting: { status: 'abandoned' } },
    early: { race: null, meeting: { meetingDate: '2026-06-02', status: 'scheduled' } },
  },
  'meetings-in-one-source': {
    bad: { meeting: { dataSource: 'tab_api' } },
    good: { meeting: { dataSource: 'merged' } },
    early: { meeting: { dataSource: 'tab_api', meetingDate: '2026-06-01' } },
  },
  'races-without-starters': {
    bad: { starters: [] },
    good: { starters: [], race: { status: 'abandoned' } },
    early: { starters: [], race: { startTime: '2026-06-02T05:00:00.000Z', status: 'scheduled' } },
  },
  'races-without-result': {
    bad: { race: { status: 'closed', startTime: '2026-05-29T23:59:00.000Z' } },
    good: { race: { status: 'postponed' } },
    early: { race: { status: 'closed', startTime: '2026-05-30T00:01:00.000Z' } },
  },
  'winner-missing': {
    bad: pair({ finishPosition: 2 }, { finishPosition: 3 }),
    good: pair({ finishPosition: 1 }, { finishPosition: 1 }),
  },
  'placing-gap': {
    bad: pair({ finishPosition: 1 }, { finishPosition: 3 }),
    good: { starters: [1, 1, 3, 4, 4, 6].map((finishPosition) => ({ finishPosition })) },
  },
  'race-time-missing': {
    bad: { race: { winningTimeMs: null } },
    good: {},
    early: { race: { winningTimeMs: null, startTime: '2026-05-31T05:00:00.000Z' } },
  },
  'mile-rate-bounds': {
    bad: { race: { mileRateMs: 99_000 } },
    good: { race: { mileRateMs: 105_000 } },
  },
  'mile-rate-formula': {
    bad: { race: { mileRateMs: 121_000 } },
    // 163.4 s over 2,220 m.
    good: { race: { mileRateMs: 118_400, startType: 'standing' }, ...pair({ handicapM: 20 }) },
  },
  'stakes-above-purse': {
    bad: pair({ stakeCents: 1_200_001 }),
    good: pair({ stakeCents: 1_200_000 }),
  },
  'driver-missing': {
    bad: pair({ driver: null }),
    good: pair({}, { driver: null, scratched: true, finishPosition: null }),
    early: { ...pair({ driver: null }), race: { startTime: '2026-06-02T05:00:00.000Z' } },
  },
  'scratched-with-placing': {
    bad: pair({}, { scratched: true, finishPosition: 2 }),
    good: pair({}, { scratched: true, finishPosition: null }),
  },
  'handicap-on-mobile': {
    bad: pair({ handicapM: 10 }),
    good: { race: { startType: 'standing' }, ...pair({ handicapM: 10 }) },
  },
  'starters-unlinked': { bad: { unlinked: true }, good: {} },
  'name-only-links': { bad: { rule: 'name-only' }, good: {} },
  'rating-missing': { bad: {}, good: { race: { status: 'open' } } },
}

describe.each(testDialects)('quality on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  let metrics: readonly QualityMetric[]
  const metric = (id: string, scope: string) =>
    metrics.find((one) => one.id === id && one.scope === scope)

  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await database.unitOfWork.run(async ({ cards, horses, reviews }) => {
      let id = 0
      const rows = { meetings: [] as MeetingRow[], races: [] as RaceRow[] }
      const starters: StarterRow[] = []
      const links = []
      const made = []
      for (const [rule, { bad, good, early }] of Object.entries(cases))
        for (const [name, said] of Object.entries({ bad, good, early })) {
          if (said === undefined) continue
          const venue = `${rule} ${name}`
          const meeting = aMeeting({ id: ++id, venue, ...said.meeting })
          rows.meetings.push(meeting)
          if (said.race === null) continue
          rows.races.push(
            aRace({ id: meeting.id, meetingId: meeting.id, startTime: null, ...said.race }),
          )
          for (const starter of said.starters ?? pair({}).starters) {
            const row = aStarter({ ...starter, id: ++id, raceId: meeting.id })
            starters.push(row)
            if (said.unlinked === true) continue
            made.push(aHorse({ id: row.id, lastSeen: '2015-01-01' }))
            const linkRule = said.rule === undefined ? {} : { rule: said.rule }
            links.push(
              aLink({ starterId: row.id, raceId: row.raceId, horseId: row.id, ...linkRule }),
            )
          }
        }
      // One horse with two starts on one day, and on two days.
      const doubles = [
        ['twice bad', '2026-04-01', '2026-04-01'],
        ['twice good', '2026-04-02', '2026-04-03'],
      ] as const
      for (const [venue, ...dates] of doubles) {
        const horse = aHorse({ id: ++id, lastSeen: '2015-01-01' })
        made.push(horse)
        for (const meetingDate of dates) {
          rows.meetings.push(aMeeting({ id: ++id, venue, meetingDate }))
          rows.races.push(aRace({ id, meetingId: id }))
          starters.push(aStarter({ id, raceId: id }))
          links.push(aLink({ starterId: id, raceId: id, horseId: horse.id, date: meetingDate }))
        }
      }
      const doubtful = aHorse({ id: ++id, sire: null, foaledOn: null, lastSeen: '2017-01-01' })
      made.push(doubtful, aHorse({ id: ++id, lastSeen: '2018-01-01' }))
      const unsure = aMeeting({ id: ++id, venue: 'unsure bad' })
      rows.meetings.push(unsure, aMeeting({ id: ++id, venue: 'unsure good' }))
      await cards.apply(cardChanges({ ...rows, starters }))
      await horses.apply(horseChanges({ horses: made, links }))
      const question = { other: 'b', otherId: null, question: '?', evidence: '{}', priority: 1 }
      await reviews.replace(
        'horse',
        [],
        [
          {
            ...question,
            kind: 'horse',
            code: 'possible-duplicate',
            subject: 'h',
            subjectId: doubtful.id,
          },
        ],
      )
      await reviews.replace(
        'meeting',
        [],
        [
          {
            ...question,
            kind: 'meeting',
            code: 'possible-same-meeting',
            subject: 'm',
            subjectId: unsure.id,
          },
        ],
      )
    })
    metrics = await reportQuality({ ...quietDeps(database, now), reports: database.reports }, [
      'all',
      'season',
      'venue',
    ])
  })
  afterAll(() => database.close())

  it.each(Object.keys(cases))('%s rings for what is wrong, and only for that', (rule) => {
    expect(metric(rule, `venue ${rule} bad`)?.numerator).toBeGreaterThan(0)
    expect(metric(rule, `venue ${rule} bad`)?.denominator).toBeGreaterThan(0)
    expect(metric(rule, `venue ${rule} good`)?.numerator).toBe(0)
  })

  it.each(Object.keys(cases).filter((rule) => cases[rule as QualityRuleId]?.early !== undefined))(
    '%s tells what is not there yet from what is missing',
    (rule) => {
      expect(metric(rule, `venue ${rule} early`)).toMatchObject({ numerator: 0 })
      expect(metric(rule, `venue ${rule} early`)?.notYet).toBeGreaterThan(0)
    },
  )

  it('horse-twice-in-a-day rings for two starts on one day, not on two', () => {
    expect(metric('horse-twice-in-a-day', 'venue twice bad')?.numerator).toBe(1)
    expect(metric('horse-twice-in-a-day', 'venue twice good')?.numerator).toBe(0)
  })

  const ofHorses = ['pedigree-missing', 'foaling-date-missing', 'possible-duplicate-horses']
  it.each(ofHorses)('%s counts horses by season', (rule) => {
    expect(metric(rule, 'season 2017')).toMatchObject({ numerator: 1, denominator: 1 })
    expect(metric(rule, 'season 2018')).toMatchObject({ numerator: 0, denominator: 1 })
  })

  it('possible-same-meeting rings for the meeting that there is a question about', () => {
    expect(metric('possible-same-meeting', 'venue unsure bad')?.numerator).toBe(1)
    expect(metric('possible-same-meeting', 'venue unsure good')?.numerator).toBe(0)
  })

  it('names a command for every rule, and a reason for every missing rating', () => {
    const all = metrics.filter(({ scope }) => scope === 'all')
    expect(all).toHaveLength(qualityRules.length)
    for (const { next } of all) expect(next).toMatch(/^harness [a-z]/)
    const ratings = all.find(({ id }) => id === 'rating-missing')
    const reasons = Object.values(ratings?.reasons ?? {})
    expect(reasons.reduce((sum, count) => sum + count, 0)).toBe(ratings?.numerator)
  })
})

describe('quality of two sources side by side', () => {
  /** A meeting that both tell, with as many races as each has, and these distances. */
  async function measure(tab: readonly number[], hrnz: readonly number[]) {
    const database = await openTestDatabase('sqlite')
    try {
      const deps = quietDeps(database, now)
      for (const [source, distances] of [
        ['tab_api', tab],
        ['hrnz_scraper', hrnz],
      ] as const) {
        const races = distances.map((distanceM, index) => {
          const number = index + 1
          const names = ['Kea', 'Ruru', 'Takahe'].map((name) => `${name} ${'x'.repeat(number)}`)
          const key = source === 'tab_api' ? `tab:event:e${number}` : `hrnz:race:x/R${number}`
          return aRaceSaid({
            key,
            number,
            distanceM,
            starters: startersSaid(source, `r${number}`, names),
          })
        })
        await ingestMeeting(deps, {
          observation: aMeetingSaid(source, source === 'tab_api' ? 'uuid' : '2026-03-06/1', {
            venue: 'Weka Downs',
            races,
          }),
          issues: [],
          documentId: null,
          url: null,
          parserVersion: '1',
          confirmedAt: '2026-03-07T00:00:00.000Z',
        })
      }
      return await reportQuality({ ...deps, reports: database.reports }, ['all'])
    } finally {
      await database.close()
    }
  }
  const found = (metrics: readonly QualityMetric[], id: QualityRuleId) =>
    metrics.find((metric) => metric.id === id)

  it('fields-differ rings where they say different things, and names the field', async () => {
    const differ = found(await measure([2200, 1980], [2200, 1960]), 'fields-differ')
    expect(differ).toMatchObject({ numerator: 1, reasons: { 'races.distance_m': 1 } })
    expect(found(await measure([2200], [2200]), 'fields-differ')).toMatchObject({ numerator: 0 })
  })

  it('race-count-differs rings where one has a race that the other has not', async () => {
    const short = await measure([2200, 1980, 1700], [2200, 1980])
    expect(found(short, 'race-count-differs')).toMatchObject({ numerator: 1, denominator: 1 })
    const same = await measure([2200, 1980], [2200, 1980])
    expect(found(same, 'race-count-differs')).toMatchObject({ numerator: 0, denominator: 1 })
  })
})
