import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../src/domain/assignment.ts'
import { sequenceRatio, wordRatio } from '../../src/domain/similarity.ts'

describe('sequenceRatio', () => {
  // Values as Python's difflib.SequenceMatcher(None, a, b).ratio() gives them.
  it.each([
    ['', '', 1],
    ['abcd', 'bcde', 0.75],
    ['private', 'privately', 0.875],
    ['totara', 'kereru', 0.16666666666666666],
    ['matching', 'matched', 0.6666666666666666],
  ])('rates %j and %j at %d', (a, b, ratio) => {
    expect(sequenceRatio(a, b)).toBeCloseTo(ratio, 10)
  })

  it('stays between 0 and 1, and is 1 for equal texts only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (a, b) => {
        const ratio = sequenceRatio(a, b)
        return ratio >= 0 && ratio <= 1 && (ratio === 1) === (a === b)
      }),
    )
  })
})

describe('wordRatio', () => {
  it('does not mind the order of words, but minds a word too many', () => {
    expect(wordRatio('north totara', 'totara north')).toBe(1)
    expect(wordRatio('alexandra park', 'alexandra')).toBeLessThan(0.85)
  })
})

describe('assign', () => {
  it('finds the best total where greedy pairing would not', () => {
    const scores = [
      [0.9, 0.8],
      [0.85, 0.1],
    ]
    const pairs = assign(2, 2, (row, column) => scores[row]![column]!)
    expect(pairs.map(({ row, column }) => [row, column])).toEqual([
      [0, 1],
      [1, 0],
    ])
  })

  it('is never beaten by any permutation', () => {
    const matrix = fc
      .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) })
      .chain(({ rows, columns }) =>
        fc.array(
          fc.array(fc.integer({ min: 0, max: 20 }), { minLength: columns, maxLength: columns }),
          {
            minLength: rows,
            maxLength: rows,
          },
        ),
      )
    const best = (scores: number[][], row: number, free: readonly number[]): number =>
      row === scores.length
        ? 0
        : Math.max(
            best(scores, row + 1, free),
            ...free.map(
              (column) =>
                scores[row]![column]! +
                best(
                  scores,
                  row + 1,
                  free.filter((other) => other !== column),
                ),
            ),
          )
    fc.assert(
      fc.property(matrix, (scores) => {
        const pairs = assign(
          scores.length,
          scores[0]!.length,
          (row, column) => scores[row]![column]!,
        )
        expect(new Set(pairs.map((pair) => pair.column)).size).toBe(pairs.length)
        const total = pairs.reduce((sum, pair) => sum + pair.score, 0)
        expect(total).toBe(best(scores, 0, [...scores[0]!.keys()]))
      }),
      { numRuns: 200 },
    )
  })
})
