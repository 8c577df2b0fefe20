import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dynamicPage, dynamicPath } from '../../../fixtures/world/hrnz-dynamic.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import type { DynamicPage } from '../../../src/app/ports.ts'
import { HarnessError } from '../../../src/errors.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'

const dynamic = dynamicPages({ baseUrl: 'https://b.invalid' })
const page = (url: string, html: string): DynamicPage => ({
  url,
  bytes: Buffer.from(html),
  contentType: 'text/html; charset=utf-8',
})
const now = Date.parse('2026-12-01T00:00:00Z')
const world = makeWorld({ seed: 8, from: '2026-03-01', to: '2026-03-10' })
const served = (url: string) =>
  page(url, dynamicPage(world, dynamicPath, new URL(url).searchParams, now) ?? '')

describe('the pages of HRNZ’s database', () => {
  it('the search is asked for in the words of the site, later pages by their number', () => {
    const first =
      'Arg=hrnzg-ResultsYear&Arg=2025&Arg=hrnzg-ResultsMonth&Arg=11&Arg=hrnzg-ResultsDay&Arg=3'
    expect(dynamic.searchUrl('2025-11-03', 1)).toContain(first)
    expect(dynamic.searchUrl('2025-11-03', 1)).not.toContain('PageNumber')
    expect(dynamic.searchUrl('2025-11-03', 2)).toMatch(/&Arg=hrnzg-PageNumber&Arg=2$/)
  })

  it('a race day without a full date is an issue, not a race day of some year', () => {
    const link = (id: string) =>
      `<a href="wsd06x?Arg=RacesDisplay&amp;Arg=RacedayID&amp;Arg=${id}">`
    const html = `<table><tr><td>${link('1')}Totara T.C.</a></td><td>Tue 29 Apr</td></tr>
<tr><td>${link('2')}Totara T.C.</a></td><td>29 Apr 2023</td></tr></table>`
    const { racedays, issues } = dynamic.parseSearch(page('https://b.invalid/gws/a', html))
    expect(racedays).toEqual([
      {
        url: 'https://b.invalid/gws/wsd06x?Arg=RacesDisplay&Arg=RacedayID&Arg=2',
        date: '2023-04-29',
        club: 'Totara T.C.',
      },
    ])
    expect(issues.map(({ code }) => code)).toEqual(['raceday-undated'])
  })

  it('a race day of another date, or with an error page among its races, is refused', () => {
    const { racedays } = dynamic.parseSearch(served(dynamic.searchUrl('2026-03-01', 1)))
    const one = racedays[0]!
    const raceday = served(one.url)
    const races = dynamic.listedRaces(raceday).map(({ url }) => served(url))
    expect(dynamic.parseRaceday(raceday, races, one).observation.races).toHaveLength(races.length)
    const other = () => dynamic.parseRaceday(raceday, races, { ...one, date: '2025-03-01' })
    expect(other).toThrow(expect.objectContaining({ code: 'wrong-date' }))
    const broken = [...races.slice(1), page(races[0]!.url, '<h1>Please wait</h1>')]
    expect(() => dynamic.parseRaceday(raceday, broken, one)).toThrow(
      expect.objectContaining({ code: 'not-a-race-page' }),
    )
    expect(() => dynamic.parseRaceday(raceday, [], one)).toThrow(
      expect.objectContaining({ code: 'no-races' }),
    )
  })

  it('whatever is cut out of a race’s page, it is read or refused, and never crashes', () => {
    const one = dynamic.parseSearch(served(dynamic.searchUrl('2026-03-01', 1))).racedays[0]!
    const raceday = served(one.url)
    const race = served(dynamic.listedRaces(raceday)[0]!.url)
    const html = Buffer.from(race.bytes).toString()
    const cut = fc.tuple(fc.nat(html.length), fc.nat(600), fc.string({ maxLength: 20 }))
    fc.assert(
      fc.property(cut, ([from, length, put]) => {
        const mutated = html.slice(0, from) + put + html.slice(from + length)
        try {
          const { observation } = dynamic.parseRaceday(raceday, [page(race.url, mutated)], one)
          expect(observation.date).toBe(one.date)
        } catch (error) {
          if (!(error instanceof HarnessError)) throw error
        }
      }),
      { numRuns: 300 },
    )
  })
})
