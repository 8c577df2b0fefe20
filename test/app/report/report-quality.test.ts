import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { findByRule } from '../../../src/app/report/quality-findings.ts'
import { reportQuality } from '../../../src/app/report/report-quality.ts'
import type {
  HorseRow,
  MeetingRow,
  RaceRow,
  ReviewItem,
  StarterRow,
} from '../../../src/domain/masters.ts'
import type { QualityMetric } from '../../../src/domain/quality/quality-metrics.ts'
import { type QualityRuleId, qualityRules } from '../../../src/domain/quality/quality-rules.ts'
import type { FieldAgreement } from '../../../src/domain/reconcile/compare-sources.ts'
import {
  aHorse,
  aLink,
  aMeeting,
  aRace,
  aStarter,
  cardChanges,
  horseChanges,
} from '../../contract/rows.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

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

const aQuestion = (
  kind: ReviewItem['kind'],
  code: ReviewItem['code'],
  subjectId: number,
): ReviewItem => ({
  ...{ kind, code, subject: `a${subjectId}`, subjectId, other: 'b', otherId: null },
  ...{ question: '?', evidence: '{}', priority: 1 },
})

/** What makes each rule ring, and something like it that does not. */
type Cases<Said> = Partial<Record<QualityRuleId, { bad: Said; good: Said; early?: Said }>>

const cases: Cases<Case> = {
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

/** The same of horses: they are counted by the season of their last start. */
const horseCases: Cases<Partial<HorseRow> & { readonly inDoubt?: boolean }> = {
  'possible-duplicate-horses': { bad: { inDoubt: true }, good: {} },
  'pedigree-missing': { bad: { dam: null }, good: {} },
  'pedigree-impossible': { bad: { sire: 'KEA' }, good: { sire: 'Kea Again' } },
  'foaling-date-missing': { bad: { foaledOn: null }, good: {} },
  'age-impossible': { bad: { foaledOn: '1980-01-01' }, good: { foaledOn: '1989-01-01' } },
}

/** The same of what the sources say of a meeting. */
const agreementCases: Cases<FieldAgreement> = {
  'race-count-differs': {
    bad: { field: 'races', told: 8, differ: 1 },
    good: { field: 'starters', told: 90, differ: 1 },
  },
  'starters-in-one-source': {
    bad: { field: 'starters', told: 90, differ: 1 },
    good: { field: 'races', told: 8, differ: 1 },
  },
  'fields-differ': {
    bad: { field: 'races.distance_m', told: 8, differ: 1 },
    good: { field: 'races.distance_m', told: 8, differ: 0 },
  },
}

/** Where each rule rings, and where it does not. */
const pairs = new Map<string, { readonly bad: string; readonly good: string }>([
  ...[...Object.keys(cases), ...Object.keys(agreementCases)].map((rule) => byVenue(rule)),
  byVenue('horse-twice-in-a-day'),
  byVenue('possible-same-meeting'),
  ...Object.keys(horseCases).map((rule, index) => {
    const [bad, good] = seasonsOf(index)
    return [rule, { bad: `season ${bad}`, good: `season ${good}` }] as const
  }),
])

function byVenue(rule: string) {
  return [rule, { bad: `venue ${rule} bad`, good: `venue ${rule} good` }] as const
}

function seasonsOf(index: number): readonly [number, number] {
  return [1990 + 2 * index, 1991 + 2 * index]
}

describe.each(testDialects)('quality on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  let metrics: readonly QualityMetric[]
  const deps = () => ({ ...quietDeps(database, now), reports: database.reports })
  const metric = (id: string, scope: string) =>
    metrics.find((one) => one.id === id && one.scope === scope)

  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await database.unitOfWork.run(async ({ cards, horses, reviews, observations }) => {
      let id = 0
      const rows = { meetings: [] as MeetingRow[], races: [] as RaceRow[] }
      const starters: StarterRow[] = []
      const links = []
      const made = []
      const questions: ReviewItem[] = []
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
        ['horse-twice-in-a-day bad', '2026-04-01', '2026-04-01'],
        ['horse-twice-in-a-day good', '2026-04-02', '2026-04-03'],
        ['horse-twice-in-a-day good, scratched from one', '2026-04-04', '2026-04-04'],
        ['horse-twice-in-a-day early', '2026-06-03', '2026-06-03'],
      ] as const
      for (const [venue, ...dates] of doubles) {
        const status = venue.endsWith('early') ? 'open' : 'final'
        const horse = aHorse({ id: ++id, lastSeen: '2015-01-01' })
        made.push(horse)
        for (const [nth, meetingDate] of dates.entries()) {
          const scratched = nth > 0 && venue.includes('scratched')
          rows.meetings.push(aMeeting({ id: ++id, venue, meetingDate }))
          rows.races.push(aRace({ id, meetingId: id, status }))
          starters.push(
            aStarter({ id, raceId: id, scratched, finishPosition: scratched ? null : 1 }),
          )
          links.push(aLink({ starterId: id, raceId: id, horseId: horse.id, date: meetingDate }))
        }
      }
      Object.values(horseCases).forEach(({ bad, good }, index) => {
        ;[bad, good].forEach(({ inDoubt = false, ...said }, which) => {
          const year = seasonsOf(index)[which]!
          const horse = aHorse({
            ...{ id: ++id, name: 'Kea', sire: 'Ruru', dam: 'Takahe' },
            ...{ foaledOn: `${year - 4}-10-04`, firstSeen: `${year - 1}-01-01` },
            ...{ lastSeen: `${year}-01-01`, ...said },
          })
          made.push(horse)
          questions.push(aQuestion('horse', inDoubt ? 'id-conflict' : 'name-changed', horse.id))
        })
      })
      const agreement = new Map<number, FieldAgreement[]>()
      for (const [rule, { bad, good }] of Object.entries(agreementCases))
        for (const [name, said] of Object.entries({ bad, good })) {
          rows.meetings.push(aMeeting({ id: ++id, venue: `${rule} ${name}` }))
          agreement.set(id, [said])
        }
      const unsure = aMeeting({ id: ++id, venue: 'possible-same-meeting bad' })
      rows.meetings.push(unsure, aMeeting({ id: ++id, venue: 'possible-same-meeting good' }))
      await cards.apply(cardChanges({ ...rows, starters }))
      await observations.saveAgreement(agreement)
      await horses.apply(horseChanges({ horses: made, links }))
      await reviews.replace('horse', [], questions)
      await reviews.replace(
        'meeting',
        [],
        [aQuestion('meeting', 'possible-same-meeting', unsure.id)],
      )
    })
    metrics = await reportQuality(deps(), ['all', 'season', 'venue'])
  })
  afterAll(() => database.close())

  it('has a case that rings and one that does not for every rule', () => {
    expect([...pairs.keys()].toSorted()).toEqual(qualityRules.map(({ id }) => id).toSorted())
  })

  it.each(qualityRules.map(({ id }) => id))(
    '%s rings for what is wrong, and only for that',
    (id) => {
      const { bad, good } = pairs.get(id)!
      expect(metric(id, bad)?.numerator).toBeGreaterThan(0)
      expect(metric(id, bad)?.denominator).toBeGreaterThan(0)
      expect(metric(id, good)?.numerator ?? 'not counted').toBe(0)
    },
  )

  it.each(Object.keys(cases).filter((rule) => cases[rule as QualityRuleId]?.early !== undefined))(
    '%s tells what is not there yet from what is missing',
    (rule) => {
      expect(metric(rule, `venue ${rule} early`)).toMatchObject({ numerator: 0 })
      expect(metric(rule, `venue ${rule} early`)?.notYet).toBeGreaterThan(0)
    },
  )

  const listed = qualityRules.filter(({ id }) => id !== 'rating-missing' && !(id in agreementCases))
  it.each(listed.map(({ id }) => id))('%s lists as many as it counts', async (id) => {
    const { findings, next } = await findByRule(deps(), id, 1000)
    expect(findings).toHaveLength(metric(id, 'all')!.numerator)
    const places = findings.map(({ venue, date }) => `venue ${venue}, season ${date?.slice(0, 4)}`)
    expect(places.filter((place) => place.includes(pairs.get(id)!.bad))).not.toEqual([])
    expect(places.filter((place) => place.includes(pairs.get(id)!.good))).toEqual([])
    expect(next).toMatch(/^harness [a-z]+( [a-z]+| [\d-]+| --[a-z-]+)*$/)
    expect(await findByRule(deps(), id, 1)).toMatchObject({ findings: [findings[0]] })
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

describe.each(testDialects)('races and horses out of the ordinary on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
  })
  afterEach(() => database.close())
  const apply = async (
    race: Partial<RaceRow>,
    starters: readonly Partial<StarterRow>[],
    horses: readonly HorseRow[] = [],
  ) => {
    await database.unitOfWork.run(async (repositories) => {
      const rows = starters.map((said, index) =>
        aStarter({ id: index + 1, raceId: 1, number: index + 1, stakeCents: 0, ...said }),
      )
      await repositories.cards.apply(
        cardChanges({ meetings: [aMeeting()], races: [aRace(race)], starters: rows }),
      )
      await repositories.horses.apply(horseChanges({ horses, links: [] }))
    })
    const deps = { ...quietDeps(database, now), reports: database.reports }
    const metrics = await reportQuality(deps, ['all'])
    return {
      deps,
      found: (id: QualityRuleId) => metrics.find((metric) => metric.id === id)?.numerator,
    }
  }

  it('are counted when a placing is far beyond any field, in each of many rows', async () => {
    const { found } = await apply({}, Array(12).fill({ finishPosition: 60 }))
    expect(found('placing-gap')).toBe(1)
  })

  it('miss nothing in a race whose starters are all scratched', async () => {
    const scratched = { scratched: true, finishPosition: null }
    for (const race of [{ winningTimeMs: null, mileRateMs: null }, { status: 'closed' } as const]) {
      const { found } = await apply(race, [scratched, scratched])
      expect([
        found('winner-missing'),
        found('race-time-missing'),
        found('races-without-result'),
      ]).toEqual([0, 0, 0])
    }
  })

  it('are not timed where one horse walks over', async () => {
    const untimed = { winningTimeMs: null, mileRateMs: null }
    const { found } = await apply(untimed, [{ finishPosition: 1 }, { scratched: true }])
    expect([found('race-time-missing'), found('winner-missing')]).toEqual([0, 0])
  })

  it('come last where they have no start yet', async () => {
    const own = { sire: 'Kea', name: 'Kea' }
    const { deps } = await apply(
      {},
      [],
      [
        aHorse({ id: 1, ...own, firstSeen: null, lastSeen: null }),
        aHorse({ id: 2, ...own, lastSeen: '2020-01-01' }),
      ],
    )
    const { findings } = await findByRule(deps, 'pedigree-impossible', 10)
    expect(findings.map(({ horse }) => horse)).toEqual([2, 1])
  })
})

describe('quality of two sources side by side', () => {
  /** A meeting that both tell, with as many races as each has, and these distances. */
  async function measure(
    tab: readonly number[],
    hrnz: readonly number[],
    unknownToHrnz: readonly string[] = [],
  ) {
    const database = await openTestDatabase('sqlite')
    try {
      const deps = quietDeps(database, now)
      for (const [source, distances] of [
        ['tab_api', tab],
        ['hrnz_scraper', hrnz],
      ] as const) {
        const races = distances.map((distanceM, index) => {
          const number = index + 1
          const known = ['Kea', 'Ruru', 'Takahe'].filter(
            (name) => source === 'tab_api' || !unknownToHrnz.includes(name),
          )
          const names = known.map((name) => `${name} ${'x'.repeat(number)}`)
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
      const all = { ...deps, reports: database.reports }
      const metrics = await reportQuality(all, ['all'])
      const measured = async (id: QualityRuleId) => ({
        metric: metrics.find((metric) => metric.id === id),
        ...(await findByRule(all, id, 100)),
      })
      return {
        fields: await measured('fields-differ'),
        races: await measured('race-count-differs'),
        starters: await measured('starters-in-one-source'),
      }
    } finally {
      await database.close()
    }
  }
  it('fields-differ rings where they say different things, and names the field', async () => {
    const { fields } = await measure([2200, 1980], [2200, 1960])
    expect(fields.metric).toMatchObject({ numerator: 1, reasons: { 'races.distance_m': 1 } })
    expect(fields.findings).toMatchObject([
      { venue: 'Weka Downs', race: 2, detail: 'distance_m: tab_api 1980, hrnz_scraper 1960' },
    ])
    expect(fields.next).toBe('harness reconcile why 1 2')
    const same = await measure([2200], [2200])
    expect(same.fields).toMatchObject({ metric: { numerator: 0 }, findings: [], next: null })
  })

  it('race-count-differs rings where one has a race that the other has not', async () => {
    const short = await measure([2200, 1980, 1700], [2200, 1980])
    expect(short.races.metric).toMatchObject({ numerator: 1, denominator: 1 })
    expect(short.races.findings).toMatchObject([{ race: 3, detail: 'only tab_api' }])
    // The three starters of that race are no more differences.
    expect(short.starters.metric).toMatchObject({ numerator: 0, denominator: 6 })
    const same = await measure([2200, 1980], [2200, 1980])
    expect(same.races.metric).toMatchObject({ numerator: 0, denominator: 1 })
  })

  it('starters-in-one-source rings for a starter that one card leaves out', async () => {
    const { starters } = await measure([2200], [2200], ['Kea'])
    expect(starters.metric).toMatchObject({ numerator: 1, denominator: 3 })
    expect(starters.findings).toMatchObject([{ race: 1, name: '1 Kea x', detail: 'only tab_api' }])
  })
})
