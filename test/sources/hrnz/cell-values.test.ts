import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cents,
  dateIn,
  distanceIn,
  draw,
  horseId,
  isPlaceholder,
  person,
  placing,
  stakeIn,
  timeMs,
} from '../../../src/sources/hrnz/cell-values.ts'

describe('timeMs', () => {
  it.each([
    ['2-24.6', 144_600],
    ['2:24.3', 144_300],
    ['2.24.3', 144_300],
    ['2:24:3', 144_300],
    ['144.3', 144_300],
    ['0.37.35', 37_350],
    ['1:48.3MS', 108_300],
    ['2-43.1 (1-59.3)', 163_100],
    ['0', undefined],
    ['0::0', undefined],
    ['2-75.0', undefined],
    ['2.24', undefined],
    ['fast', undefined],
  ])('reads %j', (text, ms) => expect(timeMs(text)).toBe(ms))
})

describe('placing', () => {
  it.each([
    ['1', { scratched: false, position: 1, known: true }],
    ['3=', { scratched: false, position: 3, known: true }],
    ['2nd', { scratched: false, position: 2, known: true }],
    ['SCR', { scratched: true, known: true }],
    ['LSCR', { scratched: true, known: true }],
    ['PUP', { scratched: false, known: true }],
    ['-', { scratched: false, known: true }],
    ['0', { scratched: false, known: false }],
    ['XQZ', { scratched: false, known: false }],
  ])('reads %j', (text, read) => expect(placing(text)).toEqual(read))
})

describe('draw', () => {
  it.each([
    ['10m', { handicapM: 10 }],
    ['Fr3', { barrier: 'Fr3' }],
    ['Sr2', { barrier: 'Sr2' }],
    ['3', { barrier: '3' }],
    ['Ft 4', { barrier: 'Ft4' }],
    ['10m Fr2', { barrier: 'Fr2', handicapM: 10 }],
    ['Fr2 (20m)', { barrier: 'Fr2', handicapM: 20 }],
    ['Front', { handicapM: 0 }],
    ['', {}],
    ['tbc please', undefined],
  ])('reads %j', (text, read) => expect(draw(text)).toEqual(read))
})

describe('money, people and places in the text', () => {
  it.each([
    ['$6,050', 605_000],
    ['$192.50', 19_250],
    ['1705', 170_500],
    ['$0', 0],
    ['none', undefined],
    ['$1,2', undefined],
  ])('reads the amount %j', (text, amount) => expect(cents(text)).toBe(amount))

  it('splits a licence mark off, and nothing else', () => {
    expect(person('Ann Example (J)')).toEqual({ name: 'Ann Example', mark: 'J' })
    expect(person('Bob & Cy Example')).toEqual({ name: 'Bob & Cy Example' })
  })

  it.each([
    ['Thursday, 21st May 2026', '2026-05-21'],
    ['23 Feb 2026', '2026-02-23'],
    ['21/05/2026', '2026-05-21'],
    ['2026-05-21', '2026-05-21'],
    ['31 Feb 2026', undefined],
    ['21 May', undefined],
    // Not every database knows such years.
    ['1 January 0000', undefined],
    ['31/12/9999', undefined],
  ])('reads the date in %j', (text, date) => expect(dateIn(text)).toBe(date))

  it('finds distance and stake in a class line', () => {
    const line = '$12,000, R45 to R52 MOBILE PACE 2200m'
    expect([distanceIn(line), stakeIn(line)]).toEqual([2200, 1_200_000])
    expect([distanceIn('JUST A NAME'), stakeIn('JUST A NAME')]).toEqual([undefined, undefined])
  })

  it.each([
    ['?Arg=hrnzg-HorseId&Arg=27168&Arg=x', { scheme: 'hrnz_number', value: '27168' }],
    [
      '?HorseID=7077e826-c51e-49d5-becc-93b46778dde2',
      { scheme: 'hrnz_guid', value: '7077E826-C51E-49D5-BECC-93B46778DDE2' },
    ],
    [
      '?HorseId=%7B7077E826-C51E-49D5-BECC-93B46778DDE2%7D',
      { scheme: 'hrnz_guid', value: '7077E826-C51E-49D5-BECC-93B46778DDE2' },
    ],
    ['?RacehdrID=7077E826-C51E-49D5-BECC-93B46778DDE2', undefined],
    ['?HorseId=7077E826', undefined],
  ])('reads the horse of %j', (href, id) => expect(horseId(href)).toEqual(id))
})

it('reads any text without throwing', () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom(...'0123456789 -.:,$()mFr\u00a0JanfebMay/='),
      maxLength: 3000,
    }),
  )
  const readers = [timeMs, cents, placing, draw, person, horseId, dateIn, distanceIn, stakeIn]
  fc.assert(
    fc.property(hostile, (text) => {
      for (const read of [...readers, isPlaceholder]) expect(() => read(text)).not.toThrow()
    }),
    { numRuns: 400 },
  )
})
