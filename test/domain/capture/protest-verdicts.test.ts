import fc from 'fast-check'
import { expect, test } from 'vitest'
import { disqualifiedNumbers, withVerdicts } from '../../../src/domain/capture/protest-verdicts.ts'

test.each([
  ['#3 Paper Lanter has been disqualifed for a break at the finish.', [3]],
  ['#5 Quiet Ferry Disqualified for breaking gait before the last turn', [5]],
  ['Protest UPHELD #1  Copper Kettle who came in first was disqualified', [1]],
  ['Disqualification: #6 (first past the post) breached a rule.', [6]],
  ['#3 and #5 disqualified', [3, 5]],
  ['#3, #5 and #12 were disqualified for breaking gait', [3, 5, 12]],
  ['Disqualified: #3 and #5', [3, 5]],
  ['#3 Paper Lantern has been disqualified. Protest DISMISSED #7 v #2', [3]],
  ['#3 disqualified. #4 disqualified.', [3, 4]],
  ['Runner 4 was disqualified', [4]],
  ['#5 was disqualified for interfering with #3', [5]],
  ['Protest UPHELD - #5 relegated behind #7', []],
  ['#5 relegated behind #3 and #4 disqualified', [4]],
  ['Protest DISMISSED - 4th (#9) v 2nd (#6)', []],
  ['#4 not disqualified', []],
  ['#4 disqualified from 2nd and placed last', []],
  ['The winner was disqualified', []],
  ['-', []],
  ['', []],
])('%s', (text, numbers) => {
  expect(disqualifiedNumbers(text)).toEqual(numbers)
})

test('any text is read, in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect(disqualifiedNumbers(text).every((number) => number >= 0 && number < 100)).toBe(true)
    }),
  )
  expect(disqualifiedNumbers('#1 and '.repeat(100_000))).toEqual([])
})

test('the verdict takes the placing, and a second time nothing more', () => {
  const race = {
    key: 'tab:event:x',
    number: 1,
    protestText: '#2 disqualified',
    starters: [
      { key: 'a', number: 1, horseName: 'Paper Lantern', finishPosition: 1, finishRaw: '1' },
      { key: 'b', number: 2, horseName: 'Quiet Ferry', finishPosition: 2, stakeCents: 100 },
      { key: 'c', number: 2, horseName: 'Old Harbour', scratched: true },
    ],
  }
  const judged = withVerdicts(race)
  expect(judged.starters).toEqual([
    race.starters[0],
    {
      key: 'b',
      number: 2,
      horseName: 'Quiet Ferry',
      finishRaw: 'DSQ',
      more: { placingInResults: '2' },
    },
    race.starters[2],
  ])
  expect(withVerdicts(judged)).toEqual(judged)
})
