import { describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { nameKey } from '../../../src/domain/names.ts'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import { compareSources, listDifferences } from '../../../src/domain/reconcile/compare-sources.ts'
import { noCorrections } from '../../../src/domain/reconcile/corrections.ts'
import { explainCard } from '../../../src/domain/reconcile/explain-card.ts'
import { matchCard } from '../../../src/domain/reconcile/matched-card.ts'
import { aMeetingSaid, aRaceSaid, aStarterSaid } from '../../support/observations.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'

const world = makeWorld({ seed: 3, from: '2026-03-06', to: '2026-03-12' })
const now = nzInstant(addDays(world.to, 10), '09:00')

/** One card for each pair of the sources' meetings of a day: those that belong together, and not. */
function cards() {
  const ofHrnz = [...hrnzUnits(world, now)].map(({ observation }) => observation)
  const ofTab = [...tabUnits(world, now)].map(({ observation }) => observation)
  return ofTab.flatMap((tab) =>
    ofHrnz.filter(({ date }) => date === tab.date).map((hrnz) => matchCard([tab, hrnz])),
  )
}

describe('sources compared', () => {
  const inOwnWords = ['barrier', 'class_text', 'finish_raw', 'margin_raw', 'name', 'venue']
  const folded = (value: unknown) => (typeof value === 'string' ? nameKey(value) : value)

  it('differ as often as the explanation of the card has two answers', () => {
    const all = cards()
    expect(all.length).toBeGreaterThan(5)
    let differing = 0
    for (const card of all) {
      const told = explainCard(card, false, noCorrections).filter(
        ({ field, claims }) => claims.length > 1 && !inOwnWords.includes(field),
      )
      const differ = told.filter(
        ({ claims }) => folded(claims[0]?.value) !== folded(claims[1]?.value),
      )
      const values = compareSources(card).filter(({ field }) => field.includes('.'))
      expect(sum(values.map((one) => one.told))).toBe(told.length)
      expect(sum(values.map((one) => one.differ))).toBe(differ.length)
      differing += differ.length
    }
    expect(differing).toBeGreaterThan(20)
  })

  it('agree where only the writing differs', () => {
    const card = (source: 'tab_api' | 'hrnz_scraper', driver: string, barrier: string) =>
      aMeetingSaid(source, 'x', {
        races: [
          aRaceSaid({
            key: `${source}:race`,
            number: 1,
            starters: [aStarterSaid(`${source}:kea`, 'Kea', { number: 1, driver, barrier })],
          }),
        ],
      })
    const driverOf = (driver: string) =>
      compareSources(
        matchCard([card('tab_api', "Z O'Meara", 'Fr3'), card('hrnz_scraper', driver, '3')]),
      ).filter(({ field }) => field === 'starters.driver' || field === 'starters.barrier')
    expect(driverOf('Z OMEARA')).toEqual([{ field: 'starters.driver', told: 1, differ: 0 }])
    expect(driverOf('B OMEARA')).toEqual([{ field: 'starters.driver', told: 1, differ: 1 }])
  })

  it('are listed one by one as they are counted', () => {
    const found = { races: 0, starters: 0, values: 0 }
    for (const card of cards()) {
      const counted = { races: 0, starters: 0, values: 0 }
      for (const { field, differ } of compareSources(card))
        counted[field === 'races' || field === 'starters' ? field : 'values'] += differ
      const listed = { races: 0, starters: 0, values: 0 }
      for (const { kind } of listDifferences(card)) listed[kind] += 1
      expect(listed).toEqual(counted)
      found.races += listed.races
      found.starters += listed.starters
    }
    expect(found.races).toBeGreaterThan(0)
    expect(found.starters).toBeGreaterThan(0)
  })

  describe('of a card that TAB has whole', () => {
    const race = (source: 'tab_api' | 'hrnz_scraper', number: number, names: readonly string[]) =>
      aRaceSaid({
        key: `${source}:race${number}`,
        number,
        starters: names.map((name) => aStarterSaid(`${source}:${number}:${name}`, name)),
      })
    const runners = ['Kea', 'Ruru', 'Takahe']
    const races = [race('tab_api', 1, runners), race('tab_api', 2, ['Weka'])]
    const compared = (tab: typeof races, hrnz: MeetingObservation) => {
      const card = matchCard([aMeetingSaid('tab_api', 'x', { races: tab }), hrnz])
      return {
        counted: compareSources(card).filter(({ field }) => !field.includes('.')),
        listed: listDifferences(card),
      }
    }

    it("miss nobody and no race in a stewards' report, ruled or not", () => {
      for (const stewardsText of ['KEA was scratched on veterinary advice.', 'Nothing to report.'])
        expect(
          compared(
            races,
            aMeetingSaid('hrnz_scraper', 'x', {
              kind: 'stewards',
              races: [{ ...race('hrnz_scraper', 1, []), stewardsText }],
            }),
          ),
        ).toEqual({ counted: [], listed: [] })
    })

    it('miss nobody in a race of which a source has no starters yet', () => {
      const half = [race('hrnz_scraper', 1, []), race('hrnz_scraper', 2, ['Weka'])]
      expect(compared(races, aMeetingSaid('hrnz_scraper', 'x', { races: half }))).toEqual({
        counted: [
          { field: 'races', told: 2, differ: 0 },
          { field: 'starters', told: 1, differ: 0 },
        ],
        listed: [],
      })
    })

    it.each(['abandoned', 'postponed'] as const)('miss no race that was %s', (status) => {
      const [first, second] = races
      const page = aMeetingSaid('hrnz_scraper', 'x', { races: [race('hrnz_scraper', 1, runners)] })
      expect(compared([first!, { ...second!, status }], page)).toEqual({
        counted: [
          { field: 'races', told: 1, differ: 0 },
          { field: 'starters', told: 3, differ: 0 },
        ],
        listed: [],
      })
      expect(compared(races, page).listed).toMatchObject([{ kind: 'races', race: 2 }])
    })
  })

  it('are not compared where one source alone speaks, or beside an imported file', () => {
    const [unit] = hrnzUnits(world, now)
    const said = unit!.observation
    const imported: MeetingObservation = { ...said, source: 'manual', kind: 'import' }
    expect(compareSources(matchCard([said]))).toEqual([])
    expect(compareSources(matchCard([said, imported]))).toEqual([])
    expect(listDifferences(matchCard([said, imported]))).toEqual([])
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}
