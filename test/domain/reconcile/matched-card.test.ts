import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  MeetingObservation,
  RaceObservation,
  Source,
} from '../../../src/domain/observation.ts'
import { type MatchedCard, matchCard } from '../../../src/domain/reconcile/matched-card.ts'
import { aMeetingSaid, aRaceSaid, aStarterSaid, startersSaid } from '../../support/observations.ts'

const names = (from: number, count = 8) =>
  Array.from({ length: count }, (_, index) => `Rata Number ${'abcdefghijklmnopqrst'[from + index]}`)

function raceOf(
  source: Source,
  number: number,
  horses: readonly string[],
  said: Partial<RaceObservation> = {},
): RaceObservation {
  const race = `m/R${number}`
  return aRaceSaid({
    key: source === 'tab_api' ? `tab:event:${race}` : `hrnz:race:${race}`,
    number,
    starters: startersSaid(source, race, horses),
    ...said,
  })
}
const tab = (...races: RaceObservation[]) => aMeetingSaid('tab_api', 't', { races })
const hrnz = (...races: RaceObservation[]) => aMeetingSaid('hrnz_scraper', 'h', { races })

/** Numbers of the races that were paired, `1=2` for TAB's first with HRNZ's second. */
const racePairs = (card: MatchedCard) =>
  card.races.map(({ by }) => `${by.tab_api?.number ?? '-'}=${by.hrnz_scraper?.number ?? '-'}`)
const starterPairs = (card: MatchedCard) =>
  card.races.flatMap(({ starters }) =>
    starters.map(
      ({ by }) => `${by.tab_api?.horseName ?? '-'} = ${by.hrnz_scraper?.horseName ?? '-'}`,
    ),
  )

describe('the races of a card', () => {
  it('meet by number when the cards agree', () => {
    const card = matchCard([
      tab(raceOf('tab_api', 1, names(0)), raceOf('tab_api', 2, names(8))),
      hrnz(raceOf('hrnz_scraper', 1, names(0)), raceOf('hrnz_scraper', 2, names(8))),
    ])
    expect(racePairs(card)).toEqual(['1=1', '2=2'])
  })

  it('meet by their horses when one source has renumbered or swapped them', () => {
    const card = matchCard([
      tab(raceOf('tab_api', 1, names(0)), raceOf('tab_api', 2, names(8))),
      hrnz(raceOf('hrnz_scraper', 1, names(8)), raceOf('hrnz_scraper', 2, names(0))),
    ])
    expect(racePairs(card)).toEqual(['1=2', '2=1'])
  })

  it('keep the halves of a split race apart where one source has both', () => {
    const card = matchCard([
      tab(raceOf('tab_api', 1, names(0, 6)), raceOf('tab_api', 2, names(6, 6))),
      hrnz(raceOf('hrnz_scraper', 1, names(0, 12))),
    ])
    expect(card.races).toHaveLength(2)
    expect(starterPairs(card).filter((pair) => pair.startsWith('- = '))).toHaveLength(6)
  })

  it('are not one race under one number when the horses are others', () => {
    const card = matchCard([
      tab(raceOf('tab_api', 1, names(0))),
      hrnz(raceOf('hrnz_scraper', 1, names(10))),
    ])
    expect(racePairs(card)).toEqual(['1=-', '-=1'])
  })

  it('meet by number alone while a card is not known', () => {
    const card = matchCard([
      tab(raceOf('tab_api', 1, []), raceOf('tab_api', 2, [])),
      hrnz(raceOf('hrnz_scraper', 1, names(0)), raceOf('hrnz_scraper', 2, names(8))),
    ])
    expect(racePairs(card)).toEqual(['1=1', '2=2'])
  })
})

describe('the starters of a race', () => {
  const race = (source: Source, ...starters: RaceObservation['starters'][number][]) =>
    raceOf(source, 1, [], { starters })
  const pairs = (
    left: readonly RaceObservation['starters'][number][],
    right: readonly RaceObservation['starters'][number][],
  ) =>
    starterPairs(matchCard([tab(race('tab_api', ...left)), hrnz(race('hrnz_scraper', ...right))]))

  it('meet by name, whatever the number', () => {
    expect(
      pairs(
        [aStarterSaid('tab:entrant:1', 'Rātā', { number: 4 })],
        [aStarterSaid('hrnz:starter:1', 'RATA', { number: 5 })],
      ),
    ).toEqual(['Rātā = RATA'])
  })

  it('meet by number when the name is nearly the same', () => {
    expect(
      pairs(
        [aStarterSaid('tab:entrant:1', 'Kauri Kingdom', { number: 4 })],
        [aStarterSaid('hrnz:starter:1', 'Kauri Kingdon', { number: 4 })],
      ),
    ).toEqual(['Kauri Kingdom = Kauri Kingdon'])
    expect(
      pairs(
        [aStarterSaid('tab:entrant:1', 'Kauri Kingdom', { number: 4 })],
        [aStarterSaid('hrnz:starter:1', 'Kauri Kingdon', { number: 5 })],
      ),
    ).toHaveLength(2)
  })

  it('with the same number and driver are one when they alone are left: a rename', () => {
    const said = { number: 4, driver: 'M Purdy' }
    const others = names(0, 3)
    const left = startersSaid('tab_api', 'x', others)
    const right = startersSaid('hrnz_scraper', 'x', others)
    const card = pairs(
      [...left, aStarterSaid('tab:entrant:9', 'Old Name', said)],
      [...right, aStarterSaid('hrnz:starter:9', 'Quite New', said)],
    )
    expect(card).toContain('Old Name = Quite New')
    const twoLeft = pairs(
      [...left, aStarterSaid('tab:entrant:9', 'Old Name', said)],
      [
        ...right,
        aStarterSaid('hrnz:starter:9', 'Quite New', said),
        aStarterSaid('hrnz:starter:8', 'Third Party', { number: 7 }),
      ],
    )
    expect(twoLeft).toContain('Old Name = -')
  })

  it('of one name twice in a race are told apart by number, and by their dams', () => {
    const left = [
      aStarterSaid('tab:entrant:1', 'The Present', { number: 2, dam: 'Dam A' }),
      aStarterSaid('tab:entrant:2', 'The Present', { number: 7, dam: 'Dam B' }),
    ]
    const right = [
      aStarterSaid('hrnz:starter:7', 'The Present', { number: 7, dam: 'Dam B' }),
      aStarterSaid('hrnz:starter:2', 'The Present', { number: 2, dam: 'Dam A' }),
    ]
    const [race] = matchCard([
      tab(raceOf('tab_api', 1, [], { starters: left })),
      hrnz(raceOf('hrnz_scraper', 1, [], { starters: right })),
    ]).races
    expect(race!.starters.map(({ by }) => [by.tab_api?.number, by.hrnz_scraper?.number])).toEqual([
      [2, 2],
      [7, 7],
    ])
    const contradicting = right.map((one) => ({ ...one, dam: 'Dam C' }))
    expect(pairs(left, contradicting)).toHaveLength(4)
  })

  it('of one name and number are one starter, whatever the sources say of its parents', () => {
    const said = { number: 3, sire: 'Rimu Hanover', dam: 'Tawa Lass' }
    const left = [aStarterSaid('tab:entrant:1', 'The Present', said)]
    for (const other of [{ sire: 'Rimu Hannover' }, { sire: said.dam, dam: said.sire }]) {
      const right = [aStarterSaid('hrnz:starter:1', 'The Present', { ...said, ...other })]
      expect(pairs(left, right)).toEqual(['The Present = The Present'])
      // With another number as well it is somebody else.
      expect(pairs(left, [{ ...right[0]!, number: 9 }])).toHaveLength(2)
    }
  })

  it('meet by number when one source cuts a long name', () => {
    const [long, other] = [
      aStarterSaid('tab:entrant:1', 'Rangitoto Sunset Serenade', { number: 3 }),
      aStarterSaid('tab:entrant:2', 'Kauri', { number: 4 }),
    ]
    const right = (name: string) => [
      aStarterSaid('hrnz:starter:1', name, { number: 3 }),
      aStarterSaid('hrnz:starter:2', 'Matai', { number: 4 }),
    ]
    expect(pairs([long, other], right('Rangitoto Sunset'))).toContain(
      'Rangitoto Sunset Serenade = Rangitoto Sunset',
    )
    expect(pairs([long, other], right('Rangitoto'))).toContain('Rangitoto Sunset Serenade = -')
  })

  it('without a name meet nobody by it', () => {
    expect(
      pairs(
        [aStarterSaid('tab:entrant:1', 'Vacant', { number: 1 })],
        [aStarterSaid('hrnz:starter:1', 'Vacant', { number: 2 })],
      ),
    ).toHaveLength(2)
  })
})

describe('two documents of one source', () => {
  it('add up field by field, the better kind first', () => {
    const fields: MeetingObservation = {
      ...hrnz(
        raceOf('hrnz_scraper', 1, [], {
          distanceM: 2200,
          name: 'As Carded',
          starters: [
            aStarterSaid('hrnz:starter:m/R1/rata', 'Rata', { driver: 'A', trainer: 'T' }),
            aStarterSaid('hrnz:starter:m/R1/rimu', 'Rimu', { scratched: true }),
          ],
        }),
      ),
      kind: 'fields',
    }
    const results = hrnz(
      raceOf('hrnz_scraper', 1, [], {
        name: 'As Run',
        starters: [
          aStarterSaid('hrnz:starter:m/R1/rata', 'Rata', { driver: 'B', finishPosition: 1 }),
        ],
      }),
    )
    const [race] = matchCard([fields, results]).races
    expect(race!.by.hrnz_scraper).toMatchObject({ name: 'As Run', distanceM: 2200 })
    expect(race!.starters.map(({ by }) => by.hrnz_scraper)).toMatchObject([
      { horseName: 'Rata', driver: 'B', trainer: 'T', finishPosition: 1 },
      { horseName: 'Rimu', scratched: true },
    ])
  })

  it('lose no starter of a name that stands twice, nor a race of other horses', () => {
    const two = [
      aStarterSaid('hrnz:starter:a', 'Vacant', { number: 1 }),
      aStarterSaid('hrnz:starter:b', 'Vacant', { number: 2 }),
    ]
    const one = hrnz(raceOf('hrnz_scraper', 1, [], { starters: two.slice(0, 1) }))
    const more = {
      ...hrnz(raceOf('hrnz_scraper', 1, [], { starters: two })),
      kind: 'fields' as const,
    }
    expect(matchCard([one, more]).races[0]!.starters.length).toBeGreaterThanOrEqual(2)
    const other = { ...hrnz(raceOf('hrnz_scraper', 1, names(10))), key: 'hrnz:meeting:z' }
    expect(matchCard([hrnz(raceOf('hrnz_scraper', 1, names(0))), other]).races).toHaveLength(2)
  })
})

describe('for any cards', () => {
  const starter = fc.record({
    name: fc.constantFrom('Rata', 'Rimu', 'Rimu Rose', 'Rimo Rose', 'Vacant', 'Kauri', 'Tawa'),
    number: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    driver: fc.constantFrom(undefined, 'A', 'B'),
    dam: fc.constantFrom(undefined, undefined, 'Dam A', 'Dam B'),
  })
  const race = fc.record({
    number: fc.integer({ min: 1, max: 4 }),
    distanceM: fc.constantFrom(undefined, 2200, 2600),
    starters: fc.array(starter, { maxLength: 7 }),
  })
  const card = fc.array(race, { maxLength: 4 })
  const observation = (source: Source, id: string, races: Drawn<typeof card>) =>
    aMeetingSaid(source, id, {
      races: races.map(({ distanceM, ...one }, r) => ({
        key: `${source}:race:${id}/${r}`,
        number: one.number,
        ...(distanceM === undefined ? {} : { distanceM }),
        starters: one.starters.map(({ name, number, driver, dam }, s) => ({
          key: `${source}:starter:${id}/${r}/${s}`,
          horseName: name,
          ...(number === undefined ? {} : { number }),
          ...(driver === undefined ? {} : { driver }),
          ...(dam === undefined ? {} : { dam }),
        })),
      })),
    })

  it('every starter and race that a source tells of is in the card exactly once', () => {
    fc.assert(
      fc.property(card, card, card, (a, b, c) => {
        const all = [
          observation('tab_api', 'a', a),
          observation('hrnz_scraper', 'b', b),
          observation('manual', 'c', c),
        ]
        const matched = matchCard(all)
        const races = matched.races.flatMap(({ by }) => Object.values(by).map(({ key }) => key))
        const starters = matched.races.flatMap((one) =>
          one.starters.flatMap(({ by }) => Object.values(by).map(({ key }) => key)),
        )
        expect(races.sort()).toEqual(all.flatMap((m) => m.races.map(({ key }) => key)).sort())
        expect(starters.sort()).toEqual(
          all.flatMap((m) => m.races.flatMap((r) => r.starters.map(({ key }) => key))).sort(),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('the order of the observations does not matter', () => {
    fc.assert(
      fc.property(card, card, card, fc.boolean(), (a, b, c, twoOfOne) => {
        const all = [
          observation('tab_api', 'a', a),
          observation(twoOfOne ? 'tab_api' : 'hrnz_scraper', 'b', b),
          observation('manual', 'c', c),
        ]
        expect(matchCard([...all].reverse())).toEqual(matchCard(all))
      }),
      { numRuns: 300 },
    )
  })
})

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

it('a horse of two documents of one source starts once, whatever they say of its sire', () => {
  const page = (kind: 'results' | 'fields', sire: string) =>
    aMeetingSaid('hrnz_scraper', 'h', {
      kind,
      races: [
        aRaceSaid({
          key: 'hrnz:race:h/R1',
          number: 1,
          starters: [aStarterSaid('hrnz:starter:h/R1/totara', 'Totara', { sire })],
        }),
      ],
    })
  const card = matchCard([page('fields', 'Art Minor'), page('results', 'Other Sire')])
  expect(card.races[0]?.starters.map(({ by }) => by.hrnz_scraper?.sire)).toEqual(['Other Sire'])
})
