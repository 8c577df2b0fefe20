import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countryMark, isNoName, nameKey } from '../../src/domain/names.ts'

describe('nameKey', () => {
  it.each([
    ['Artie’s Storm', 'arties storm'],
    ["ARTIE'S  STORM ", 'arties storm'],
    ['Arties Storm', 'arties storm'],
    ['Artieʼs Storm`', 'arties storm'],
    ['Artie´s Storm', 'arties storm'],
    ['Artieʻs Storm', 'arties storm'],
    ['Artie′s Storm', 'arties storm'],
    ['Artie‛s Storm', 'arties storm'],
    ['Artie＇s Storm', 'arties storm'],
    ['Pick ŉ Mix', 'pick n mix'],
    ['Art\u00adies\u200b Storm', 'arties storm'],
    ['Bjørn Łucky', 'bjorn lucky'],
    ['Tāwhiri*', 'tawhiri'],
    ['JOYRIDE(AUS)', 'joyride'],
    ['Rosie (ET)', 'rosie'],
    ['Mister (THOR)', 'mister'],
    ['Bit Of A Legend', 'bit of a legend'],
    ['Smart-Alec', 'smart alec'],
    ['C C Arden', 'c c arden'],
  ])('reads %j as %j', (text, key) => {
    expect(nameKey(text)).toBe(key)
  })

  it('keeps a trailing single letter, which is part of the name here', () => {
    expect(nameKey('Lazarus N')).not.toBe(nameKey('Lazarus'))
  })

  it('is a key: applying it again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => nameKey(nameKey(text)) === nameKey(text),
      ),
    )
  })
})

describe('countryMark', () => {
  it('finds a country in brackets, glued or not, and no embryo mark', () => {
    expect(countryMark('Joyride(aus)')).toBe('AUS')
    expect(countryMark('Rosie (ET)')).toBeUndefined()
    expect(countryMark('Rosie (ET) (NZ)')).toBe('NZ')
  })
})

describe('isNoName', () => {
  it('knows the words that stand where a name is missing', () => {
    for (const word of ['Unnamed', ' UNREGISTERED ', 'Vacant', 'Unknown', 'Not known', '', '*'])
      expect(isNoName(word)).toBe(true)
    expect(isNoName('Unnamed Hero')).toBe(false)
  })
})
