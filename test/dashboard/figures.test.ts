import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOfDay, dayOfDate, monthsBetween, weekdayOf } from '../../src/dashboard/days.ts'
import { counted, megabytes, moment, share, whole } from '../../src/dashboard/figures.ts'

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1\u202f000'],
    [328_616, '328\u202f616'],
    [1_234_567, '1\u202f234\u202f567'],
  ])('%d has narrow spaces', (value, text) => expect(whole(value)).toBe(text))

  it.each([
    [0, 10, '0%'],
    [1, 100_000, '<0.1%'],
    [1, 300, '0.3%'],
    [1, 2, '50%'],
    [3, 3, '100%'],
    [0, 0, '0%'],
    [2, 0, '100%'],
  ])('%d of %d is %s', (part, all, text) => expect(share(part, all)).toBe(text))

  it('writes bytes and instants as the command line does', () => {
    expect(megabytes(18_264_064)).toBe('18.3 MB')
    expect(megabytes(0)).toBe('0.0 MB')
    expect(megabytes(4_999_999_999)).toBe('5\u202f000.0 MB')
    expect(moment('2026-05-03T01:02:03.000Z')).toBe('2026-05-03 01:02 UTC')
  })

  it('counts one and many', () => {
    expect([counted(1, 'host'), counted(2, 'host'), counted(0, 'foal', 'foals')]).toEqual([
      '1 host',
      '2 hosts',
      '0 foals',
    ])
  })
})

describe('days', () => {
  it('are counted and named as the calendar has them', () => {
    expect(weekdayOf(dayOfDate('2026-05-04'))).toBe(0)
    expect(weekdayOf(dayOfDate('1969-12-28'))).toBe(6)
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 40_000 }), (day) => {
        expect(dayOfDate(dateOfDay(day))).toBe(day)
        expect(weekdayOf(day)).toBe((new Date(dateOfDay(day)).getUTCDay() + 6) % 7)
      }),
    )
  })

  it('make up months without a gap', () => {
    expect(monthsBetween('2025-11', '2026-02')).toEqual([
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
    ])
    expect(monthsBetween('2026-02', '2026-02')).toEqual(['2026-02'])
    expect(monthsBetween('2026-03', '2026-02')).toEqual([])
  })
})
