import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkStarters, type LinkJudgement } from '../../../src/domain/horses/link-starters.ts'
import type { PooledStarter } from '../../../src/domain/masters.ts'
import { nameKey } from '../../../src/domain/names.ts'
import { aStart } from '../../support/starters.ts'

const bred = { sire: 'Art Minor', dam: 'Kowhai Girl' }

/** The partition as sorted lists of starter ids. */
function partition(
  starters: readonly PooledStarter[],
  judgements: readonly LinkJudgement[] = [],
): number[][] {
  return linkStarters(starters, judgements)
    .horses.map((horse) =>
      horse.cluster.starters.map((starter) => starter.starterId).sort((a, b) => a - b),
    )
    .sort((a, b) => a[0]! - b[0]!)
}
const rulesOf = (starters: readonly PooledStarter[]) =>
  new Map(linkStarters(starters, []).horses.flatMap((horse) => [...horse.rules]))
const questionsOf = (
  starters: readonly PooledStarter[],
  judgements: readonly LinkJudgement[] = [],
) => linkStarters(starters, judgements).questions.map((question) => question.code)

describe('linkStarters', () => {
  it('links by the TAB horse id, within its number space only', () => {
    const one = aStart({ id: 1, ids: { 'tab_horse:nz': '354001' } })
    const two = aStart({ id: 2, name: 'Renamed Since', ids: { 'tab_horse:nz': '354001' } })
    const abroad = aStart({ id: 3, name: 'Another', ids: { 'tab_horse:intl': '354001' } })
    expect(partition([one, two, abroad])).toEqual([[1, 2], [3]])
    expect(rulesOf([one, two]).get(2)).toBe('tab-horse')
  })

  it('links by HRNZ ids as text, in either scheme, never across schemes', () => {
    const guid = { hrnz_guid: '7077E826-0000-0000-0000-000000000001' }
    const starts = [
      aStart({ id: 1, name: 'Old Name', ids: { hrnz_number: '27168' } }),
      aStart({ id: 2, name: 'Old Name', ids: { ...guid, hrnz_number: '27168' } }),
      aStart({ id: 3, name: 'New Name', ids: guid }),
      aStart({ id: 4, name: 'Somebody Else', ids: { harness_nz_horse_id: '27168' } }),
    ]
    expect(partition(starts)).toEqual([[1, 2, 3], [4]])
    expect(rulesOf(starts).get(3)).toBe('hrnz-horse')
  })

  it('links by every number and name of a horse, also those it got from another part of it', () => {
    const numbers = [
      aStart({ id: 1, name: 'P', sourceKey: 'a', ids: { hrnz_number: '1' } }),
      aStart({ id: 2, name: 'Q', sourceKey: 'b', ids: { hrnz_guid: 'A', hrnz_number: '1' } }),
      aStart({ id: 3, name: 'Q', sourceKey: 'c', ids: { hrnz_guid: 'A', hrnz_number: '2' } }),
      aStart({ id: 4, name: 'R', sourceKey: 'd', ids: { hrnz_number: '2' } }),
    ]
    expect(partition(numbers)).toEqual([[1, 2, 3, 4]])
    const names = [
      aStart({ id: 1, name: 'Rata', ...bred, ids: { hrnz_number: '7' } }),
      aStart({ id: 2, name: 'Rata', ids: { hrnz_guid: 'A' } }),
      aStart({ id: 3, name: 'Rimu', ids: { hrnz_guid: 'A' } }),
      aStart({ id: 4, name: 'Rimu' }),
    ]
    expect(partition(names)).toEqual([[1, 2, 3, 4]])
  })

  it('links by name, sire and dam when all three are known, and spellings do not matter', () => {
    const starts = [
      aStart({ id: 1, name: "Artie's Storm", ...bred, dam: 'Kowhai  Girl' }),
      aStart({ id: 2, name: 'ARTIES STORM', sire: 'Art Minor (USA)', dam: 'Kowhai Girl' }),
    ]
    expect(partition(starts)).toEqual([[1, 2]])
    expect(rulesOf(starts).get(2)).toBe('breeding')
  })

  it('does not match by breeding when sire or dam is missing, only by the name', () => {
    const starts = [aStart({ id: 1, ...bred }), aStart({ id: 2, sire: bred.sire })]
    expect(rulesOf(starts).get(2)).toBe('name-only')
    expect(questionsOf(starts)).toEqual(['name-only'])
  })

  it('asks once a horse, not once a start, about links by name alone', () => {
    const starts = [aStart({ id: 1, ...bred }), ...[2, 3, 4, 5].map((id) => aStart({ id }))]
    expect(partition(starts)).toEqual([[1, 2, 3, 4, 5]])
    expect(questionsOf(starts)).toEqual(['name-only'])
  })

  it('stops asking once later evidence links the starts', () => {
    const id = { hrnz_guid: 'A' }
    const starts = [aStart({ id: 1, ...bred, ids: id }), aStart({ id: 2, ids: id })]
    expect(questionsOf(starts)).toEqual([])
  })

  it('keeps two horses of one name apart and asks where a bare start belongs', () => {
    const starts = [
      aStart({ id: 1, name: 'The Present', ...bred }),
      aStart({ id: 2, name: 'The Present', sire: 'Other Sire', dam: 'Other Dam' }),
      aStart({ id: 3, name: 'The Present' }),
    ]
    expect(partition(starts)).toEqual([[1], [2], [3]])
    expect(questionsOf(starts)).toEqual(['possible-duplicate'])
  })

  it('lets a known dam decide between two horses of one name', () => {
    const starts = [
      aStart({ id: 1, name: 'The Present', ...bred }),
      aStart({ id: 2, name: 'The Present', sire: 'Other Sire', dam: 'Other Dam' }),
      aStart({ id: 3, name: 'The Present', dam: 'Other Dam' }),
    ]
    expect(partition(starts)).toEqual([[1], [2, 3]])
  })

  it('refuses an id that breeding contradicts, and says so', () => {
    const ids = { 'tab_horse:nz': '354001' }
    const starts = [
      aStart({ id: 1, ...bred, ids }),
      aStart({ id: 2, name: 'Quite Other', sire: 'Other Sire', dam: 'Other Dam', ids }),
    ]
    expect(partition(starts)).toEqual([[1], [2]])
    expect(questionsOf(starts)).toEqual(['id-conflict'])
  })

  describe('an identifier beside the wrong horse', () => {
    const lad = (id: number, said: Partial<PooledStarter> = {}) =>
      aStart({ id, name: 'Kowhai Lad', ids: { hrnz_guid: 'LAD' }, ...said })
    const rose = (id: number, said: Partial<PooledStarter> = {}) =>
      aStart({ id, name: 'Rimu Rose', ids: { hrnz_guid: 'ROSE' }, ...said })
    const swapped = [
      lad(3, { raceId: 99, ids: { hrnz_guid: 'ROSE' } }),
      rose(13, { raceId: 99, ids: { hrnz_guid: 'LAD' } }),
    ]

    it('swapped between two stablemates in one race makes neither the other, and is asked', () => {
      const starts = [lad(1), lad(2), lad(5), rose(11), rose(12), rose(14), ...swapped]
      expect(partition(starts)).toEqual([[1, 2, 5], [3], [11, 12, 14], [13]])
      expect(questionsOf(starts)).toEqual(['id-conflict', 'id-conflict'])
      // Also while the race is the last one of both.
      expect(partition([lad(1), lad(2), rose(1.5), rose(2.5), ...swapped])).toHaveLength(4)
    })

    it('taken away by a person leaves the start with the horse of its name', () => {
      const starts = [lad(1), lad(2), lad(5), rose(11), ...swapped]
      const apart = swapped.map(({ sourceKey, ids }) => ({
        a: sourceKey,
        b: `hrnz_guid:${ids.hrnz_guid}`,
        verdict: 'different' as const,
      }))
      expect(partition(starts, apart)).toEqual([
        [1, 2, 3, 5],
        [11, 13],
      ])
    })

    it('mistyped once stays apart, and is asked about while both race', () => {
      const starts = [lad(1), lad(2), lad(3, { ids: { hrnz_guid: 'LED' } }), lad(5)]
      expect(partition(starts)).toEqual([[1, 2, 5], [3]])
      expect(questionsOf(starts)).toEqual(['possible-duplicate'])
      const yearsLater = [...starts.slice(0, 2), { ...starts[2]!, date: '2029-01-01' }]
      expect(questionsOf(yearsLater)).toEqual([])
      // Two horses of one name of which more is known are no riddle.
      const other = { ...starts[2]!, dam: 'Tawa' }
      expect(questionsOf([lad(1, { dam: 'Rata' }), lad(2, { dam: 'Rata' }), other])).toEqual([])
      const [a, b] = [lad(1).sourceKey, starts[2]!.sourceKey]
      for (const [verdict, horses] of [
        ['same', 1],
        ['different', 2],
      ] as const) {
        expect(partition(starts, [{ a, b, verdict }])).toHaveLength(horses)
        expect(questionsOf(starts, [{ a, b, verdict }])).toEqual([])
      }
    })

    it('given to a horse of another name a generation later is no rename', () => {
      const starts = [lad(1, { date: '2003-01-01' }), rose(2, { ids: { hrnz_guid: 'LAD' } })]
      expect(partition(starts)).toEqual([[1], [2]])
      expect(questionsOf(starts)).toEqual(['id-conflict'])
    })

    it('is not suspected when an old name goes to another horse years after a rename', () => {
      const starts = [
        lad(1),
        lad(2),
        lad(3, { name: 'Totara', nameKey: 'totara' }),
        lad(4, { date: '2031-01-01', ids: { hrnz_guid: 'YOUNG' } }),
        lad(5, { date: '2031-02-01', ids: { hrnz_guid: 'YOUNG' } }),
      ]
      expect(partition(starts)).toEqual([
        [1, 2, 3],
        [4, 5],
      ])
      expect(questionsOf(starts)).toEqual([])
    })
  })

  it('never gives a horse two starts in one race', () => {
    const ids = { hrnz_guid: 'A' }
    const starts = [aStart({ id: 1, ids, raceId: 9 }), aStart({ id: 2, ids, raceId: 9 })]
    expect(partition(starts)).toEqual([[1], [2]])
  })

  it('leaves dual acceptors one horse: a scratched entry is no start', () => {
    const date = '2026-03-01'
    const starts = [
      aStart({ id: 1, ...bred, raceId: 1, date, phase: 'entered' }),
      aStart({ id: 2, ...bred, raceId: 2, date, phase: 'entered' }),
    ]
    expect(partition(starts)).toEqual([[1, 2]])
    expect(partition([starts[0]!, { ...starts[1]!, phase: 'scratched' }])).toEqual([[1, 2]])
  })

  it('does not link what has no name', () => {
    const starts = [1, 2].map((id) => aStart({ id, name: 'Unnamed', nameKey: '' }))
    expect(partition(starts)).toEqual([[1], [2]])
  })

  it('takes a person’s word over every veto, for and against', () => {
    const starts = [
      aStart({ id: 1, name: 'The Present', ...bred }),
      aStart({ id: 2, name: 'The Present', sire: 'Other Sire', dam: 'Other Dam' }),
      aStart({ id: 3, name: 'Far Away' }),
    ]
    const [a, b, c] = starts.map((starter) => starter.sourceKey) as [string, string, string]
    expect(partition(starts, [{ a, b, verdict: 'same' }])).toEqual([[1, 2], [3]])
    expect(partition(starts, [{ a: c, b, verdict: 'same' }])).toEqual([[1], [2, 3]])
    const twins = [
      aStart({ id: 1, ids: { hrnz_guid: 'A' } }),
      aStart({ id: 2, ids: { hrnz_guid: 'A' } }),
    ]
    const apart = { a: twins[0]!.sourceKey, b: twins[1]!.sourceKey, verdict: 'different' } as const
    expect(partition(twins, [apart])).toEqual([[1], [2]])
  })

  it('never bridges a “different” through a third start', () => {
    const starts = [1, 2, 3].map((id) => aStart({ id, ...bred }))
    const apart = {
      a: starts[0]!.sourceKey,
      b: starts[1]!.sourceKey,
      verdict: 'different',
    } as const
    const horses = partition(starts, [apart])
    expect(horses.some((horse) => horse.includes(1) && horse.includes(2))).toBe(false)
  })

  describe('for any neighbourhood', () => {
    const start = fc.record({
      name: fc.constantFrom('Totara', 'Kowhai', 'Rimu Rose'),
      sire: fc.constantFrom(null, null, 'Sire A', 'Sire B'),
      dam: fc.constantFrom(null, null, 'Dam A', 'Dam B'),
      sex: fc.constantFrom(null, null, 'g', 'm'),
      guid: fc.constantFrom(null, null, 'A', 'B', 'C'),
      tab: fc.constantFrom(null, null, '1', '2', '3'),
      race: fc.integer({ min: 1, max: 12 }),
      phase: fc.constantFrom('ran', 'ran', 'entered', 'scratched'),
    })
    const starts = fc.array(start, { minLength: 1, maxLength: 14 }).map((drawn) =>
      drawn.map((one, index) =>
        aStart({
          id: index + 1,
          raceId: one.race,
          date: `2026-03-${String(one.race).padStart(2, '0')}`,
          name: one.name,
          sire: one.sire,
          dam: one.dam,
          sex: one.sex,
          phase: one.phase as PooledStarter['phase'],
          sourceKey: `hrnz:starter:${String(index).padStart(2, '0')}`,
          ids: {
            ...(one.guid === null ? {} : { hrnz_guid: one.guid }),
            ...(one.tab === null ? {} : { 'tab_horse:nz': one.tab }),
          },
        }),
      ),
    )

    it('the order of the starters does not matter', () => {
      fc.assert(
        fc.property(starts, fc.infiniteStream(fc.nat()), (drawn, keys) => {
          const shuffled = drawn
            .map((starter) => ({ starter, at: keys.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ starter }) => starter)
          expect(partition(shuffled)).toEqual(partition(drawn))
        }),
        { numRuns: 500 },
      )
    })

    it('no horse has two unscratched starts in one race', () => {
      fc.assert(
        fc.property(starts, (drawn) => {
          for (const { cluster } of linkStarters(drawn, []).horses) {
            const races = cluster.starters.filter((starter) => starter.phase !== 'scratched')
            expect(new Set(races.map((starter) => starter.raceId)).size).toBe(races.length)
          }
        }),
        { numRuns: 500 },
      )
    })

    it('every start is in exactly one horse, with a rule, and each horse has one first start', () => {
      fc.assert(
        fc.property(starts, (drawn) => {
          const { horses } = linkStarters(drawn, [])
          const all = horses.flatMap((horse) => horse.cluster.starters.map((one) => one.starterId))
          expect(all.sort((a, b) => a - b)).toEqual(drawn.map((one) => one.starterId))
          for (const horse of horses) {
            expect(horse.rules.size).toBe(horse.cluster.starters.length)
            expect([...horse.rules.values()].filter((rule) => rule === 'new')).toHaveLength(1)
          }
        }),
      )
    })

    it('linking neighbourhoods one by one gives what linking everything gives', () => {
      fc.assert(
        fc.property(starts, (drawn) => {
          const elsewhere = drawn.map((starter) => ({
            ...starter,
            starterId: starter.starterId + 100,
            raceId: starter.raceId + 100,
            name: `X ${starter.name}`,
            nameKey: nameKey(`X ${starter.name}`),
            sourceKey: `z${starter.sourceKey}`,
            ids: Object.fromEntries(
              Object.entries(starter.ids).map(([scheme, id]) => [scheme, `X${id}`]),
            ),
          }))
          expect(partition([...elsewhere, ...drawn])).toEqual([
            ...partition(drawn),
            ...partition(elsewhere),
          ])
        }),
      )
    })
  })
})
