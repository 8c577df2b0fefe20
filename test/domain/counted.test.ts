import { expect, it } from 'vitest'
import { counted } from '../../src/domain/counted.ts'

it('says one meeting, and no, two or more meetings', () => {
  expect([0, 1, 2].map((count) => counted(count, 'meeting'))).toEqual([
    '0 meetings',
    '1 meeting',
    '2 meetings',
  ])
  expect(counted(2, 'entry', 'entries')).toBe('2 entries')
})
