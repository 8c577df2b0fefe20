import { expect, test } from 'vitest'
import { readDraw } from '../../../src/sources/tab/barrier-position.ts'

test.each([
  ['a front row', ['Fr3', 3, null, 'mobile'], { barrier: 'Fr3' }],
  ['a second row, however it is written', ['SR 2', 2, null, 'mobile'], { barrier: 'Sr2' }],
  ['the front mark', ['FT', 2, null, 'standing'], { barrier: '2', handicapM: 0 }],
  ['a mark behind', ['10m', 1, null, 'standing'], { barrier: '1', handicapM: 10 }],
  ['a mark in the number of its own', ['', 4, 20, 'standing'], { barrier: '4', handicapM: 20 }],
  ['no mark of a mobile start', ['Fr1', 1, 0, 'mobile'], { barrier: 'Fr1' }],
  ['the front mark as 0', [undefined, 1, 0, 'standing'], { barrier: '1', handicapM: 0 }],
  ['a scratched runner', ['Fr-', 5, null, 'mobile'], {}],
  ['nothing at all', [undefined, 0, undefined, undefined], {}],
  [
    'words that are not known',
    ['Unruly', 7, null, 'standing'],
    { barrier: 'Unruly', unknown: 'Unruly' },
  ],
  ['a distance is no mark', ['2200m', 1, 2200, 'standing'], { barrier: '2200m', unknown: '2200m' }],
] as const)('%s', (_, [position, number, handicap, startType], expected) => {
  const draw = readDraw(position, number, handicap, startType)
  expect(draw).toEqual({
    barrier: undefined,
    handicapM: undefined,
    unknown: undefined,
    ...expected,
  })
})
