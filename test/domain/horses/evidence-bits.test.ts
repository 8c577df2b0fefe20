import { describe, expect, it } from 'vitest'
import { Cluster } from '../../../src/domain/horses/cluster.ts'
import { bitsInWords, evidenceBits } from '../../../src/domain/horses/evidence-bits.ts'
import type { PooledStarter } from '../../../src/domain/masters.ts'
import { partitionScore } from '../../../src/domain/horses/partition-score.ts'
import { aStart } from '../../support/starters.ts'

const side = (id: number, said: Partial<PooledStarter>) => Cluster.of([aStart({ id, ...said })])
const total = (
  a: Partial<PooledStarter>,
  b: Partial<PooledStarter>,
  known = { horses: 8192, ofTheName: 1 },
) => evidenceBits(side(1, a), side(2, b), known).reduce((sum, { bits }) => sum + bits, 0)

const bred = { sire: 'Art Minor', dam: 'Kowhai Girl' }

describe('the evidence in bits', () => {
  it('grows with what agrees, says nothing of what is missing, shrinks with what differs', () => {
    expect(total({}, {})).toBeLessThan(total(bred, bred))
    expect(total(bred, {})).toBe(total({}, {}))
    expect(total(bred, { ...bred, dam: 'Kowhai Lass' })).toBeLessThan(total({}, {}))
  })

  it('takes a name for the more the rarer it is', () => {
    const common = { horses: 8192, ofTheName: 8 }
    expect(total({}, {})).toBe(total({}, {}, common) + 3)
  })

  it('leaves brothers one letter apart in doubt, and their foal years decide', () => {
    const one = { name: 'Dequinto', nameKey: 'dequinto', ...bred }
    const two = { name: 'Lequinto', nameKey: 'lequinto', ...bred }
    expect(Math.abs(total(one, two))).toBeLessThan(5)
    expect(
      total({ ...one, foaledOn: '2019-10-01' }, { ...two, foaledOn: '2017-10-01' }),
    ).toBeLessThan(-2)
  })

  it('is told as a sum', () => {
    const words = bitsInWords(
      evidenceBits(side(1, bred), side(2, bred), { horses: 8192, ofTheName: 1 }),
    )
    expect(words).toBe(
      'any two horses −13.0 | name equal +13.0 | sire and dam equal +11.5 | foal year missing +0.0 | sex missing +0.0 | gait equal +0.5 | together +12.0',
    )
  })
})

describe('the score of a partition', () => {
  it('counts pairs, and each record by its own cluster', () => {
    const score = partitionScore([
      { found: '1', truth: 'a' },
      { found: '1', truth: 'a' },
      { found: '1', truth: 'b' },
      { found: '2', truth: 'b' },
    ])
    expect(score).toMatchObject({ records: 4, truthClusters: 2, mixed: 1, split: 1 })
    expect(score.pairwise).toMatchObject({ precision: 1 / 3, recall: 1 / 2 })
    expect(score.bCubed.precision).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    expect(score.bCubed.recall).toBeCloseTo((1 + 1 + 1 / 2 + 1 / 2) / 4)
  })
})
