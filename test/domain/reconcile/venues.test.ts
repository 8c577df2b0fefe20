import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nzVenues } from '../../../src/domain/reconcile/nz-venues.ts'
import {
  type VenueAlias,
  VenueDirectory,
  venueSimilarity,
  venueWords,
} from '../../../src/domain/reconcile/venues.ts'

const nz = new VenueDirectory(nzVenues)
const place = (text: string, directory = nz) =>
  directory.key(text, 'venue', 'hrnz_scraper', '2026-03-06')

describe('the words of a venue', () => {
  it.each([
    ['Addington Raceway', 'addington'],
    ['Kurow T.C. (H)', 'kurow'],
    ['Waihemo Trotting Club Inc.', 'waihemo'],
    ['Parkside', 'parkside'],
    ['The Park', 'the'],
    ['Park', 'park'],
    ['Ōtaki Racecourse', 'otaki'],
    ['Mt Somewhere', 'mount somewhere'],
    ['Hills & Dales', 'hills and dales'],
  ])('of %j are %j', (text, words) => {
    expect(venueWords(text)).toBe(words)
  })

  it('are never down to nothing where a letter was written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z .()&]{1,30}$/), (text) => {
        if (/[a-z]/i.test(text.replace(/\(\s*H\s*\)/gi, ''))) {
          expect(venueWords(text)).not.toBe('')
        }
      }),
    )
  })
})

describe('the known venues', () => {
  it('keep Alexandra Park apart from the town of Alexandra, in every spelling', () => {
    for (const park of ['Alexandra Park', 'ALEXANDRA PARK (H)', 'Auckland', 'alexandra  park']) {
      for (const town of ['Alexandra', 'ALEXANDRA', 'Alexandra (H)']) {
        expect(place(park)).not.toBe(place(town))
      }
      expect(place(park)).toBe(place('Alexandra Park'))
    }
  })

  it('know a place under the names that the sources use', () => {
    expect(place('Washdyke')).toBe(place('Phar Lap Raceway'))
    expect(place('Addington')).toBe(place('Addington Raceway (H)'))
    expect(place('Wanganui')).toBe(place('Whanganui'))
  })

  it('give no two venues one key', () => {
    const venues = [...new Set(nzVenues.map(({ venue }) => venue))]
    expect(new Set(venues.map((venue) => place(venue))).size).toBe(venues.length)
    expect(venues.every((venue) => nz.isKnown(place(venue)))).toBe(true)
  })

  it('know a club with or without its legal tail, and no club that stands nowhere', () => {
    expect(nz.knowsClub('Gore Harness Racing Club Inc', 'hrnz_scraper', '2026-03-06')).toBe(true)
    expect(nz.knowsClub('Club of Nowhere', 'hrnz_scraper', '2026-03-06')).toBe(false)
  })
})

describe('an alias', () => {
  const alias = (over: Partial<VenueAlias>): VenueAlias => ({
    source: 'any',
    kind: 'venue',
    text: 'The Oval',
    venue: 'Gore Raceway',
    validFrom: null,
    validTo: null,
    ...over,
  })

  it('holds between its dates, both included', () => {
    const directory = new VenueDirectory([
      ...nzVenues,
      alias({ validFrom: '2026-03-06', validTo: '2026-03-07' }),
    ])
    const on = (date: string) => directory.key('The Oval', 'venue', 'tab_api', date)
    expect(['05', '06', '07', '08'].map((day) => on(`2026-03-${day}`) === place('Gore'))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('may name its venue by a name of it, and parts nothing by that', () => {
    const directory = new VenueDirectory([...nzVenues, alias({ venue: 'Gore' })])
    for (const text of ['Gore', 'Gore Raceway', 'The Oval'])
      expect(place(text, directory)).toBe(place('Gore Raceway'))
  })

  it('of one source outranks that of all', () => {
    const directory = new VenueDirectory([
      ...nzVenues,
      alias({ venue: 'Otaki Racecourse' }),
      alias({ source: 'tab_api' }),
    ])
    expect(directory.key('The Oval', 'venue', 'tab_api', '2026-03-06')).toBe(place('Gore'))
    expect(directory.key('The Oval', 'venue', 'manual', '2026-03-06')).toBe(place('Otaki'))
  })
})

describe('how alike two places are', () => {
  it.each([
    ['banks peninsula', 'banks peninsula', 1],
    ['north shore ground', 'nsg', 1],
    ['young quill', 'wyndale young quill', 0.9],
  ])('%j and %j: at least %d', (a, b, least) => {
    expect(venueSimilarity(a, b)).toBeGreaterThanOrEqual(least)
  })

  it('is the same both ways, within 0 and 1, and 1 for the same', () => {
    const text = fc.stringMatching(/^[a-d]{1,5}( [a-d]{1,5}){0,3}$/)
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(venueSimilarity(a, a)).toBe(1)
        const likeness = venueSimilarity(a, b)
        expect(likeness).toBeGreaterThanOrEqual(0)
        expect(likeness).toBeLessThanOrEqual(1)
        expect(venueSimilarity(b, a)).toBeCloseTo(likeness, 10)
      }),
    )
  })
})
