import { expect, it } from 'vitest'
import { spareReadings } from '../../../src/domain/scraping/spare-readings.ts'

const at = (day: number): string => `2026-03-0${day}T00:00:00.000Z`
const reading = (id: number, day: number, said: string | undefined) => ({
  id,
  lastSeenAt: at(day),
  said,
})

it.each([
  ['the latest stays', [reading(1, 1, 'a')], []],
  ['one that the next repeats goes', [reading(1, 1, 'a'), reading(2, 2, 'a')], [1]],
  ['of many that say the same the latest stays', [1, 2, 3].map((n) => reading(n, n, 'a')), [1, 2]],
  [
    'one that said something else stays, and so does what came before it',
    [reading(1, 1, 'a'), reading(2, 2, 'b'), reading(3, 3, 'a')],
    [],
  ],
  ['one that could not be read stays', [reading(1, 1, undefined), reading(2, 2, undefined)], []],
  [
    'of two that were seen last at one time both stay',
    [reading(1, 1, 'a'), reading(2, 1, 'a')],
    [],
  ],
  ['they come in any order', [reading(2, 2, 'a'), reading(1, 3, 'a')], [2]],
])('%s', (_, readings, spare) => {
  expect(spareReadings(readings)).toEqual(spare)
})
