import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dynamicPage, dynamicPath } from '../../../fixtures/world/hrnz-dynamic.ts'
import { hrnzPage } from '../../../fixtures/world/hrnz-pages.ts'
import type { World } from '../../../fixtures/world/world.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { LayoutChangedError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const now = Date.parse('2026-02-09T00:00:00Z')
const world = makeWorld({ seed: 4, from: '2026-02-02', to: '2026-02-12' })
const hrnz = hrnzPages({ baseUrl: 'https://hrnz.invalid', dynamicUrl: 'https://dynamic.invalid' })
const recognised = (name: string, bytes: Uint8Array) =>
  hrnz.recognise({ name, url: null, bytes, contentType: null, savedAt: null })

/** A page of each kind, as the made-up site shows it. */
function pagesOf(one: World): Readonly<Record<string, Uint8Array>> {
  const held = one.meetings[0]!
  const coming = one.meetings.find(({ date }) => date >= '2026-02-10')!
  const guid = one.horses.find(({ hrnzGuid }) => hrnzGuid !== null)!.hrnzGuid!
  const html = (path: string) => hrnzPage(one, `/datahrs/${path}`, now)!.body
  const asked = (...words: string[]) => {
    const query = new URLSearchParams(words.map((word) => `Arg=${word}`).join('&'))
    return Buffer.from(dynamicPage(one, dynamicPath, query, now)!)
  }
  const date = ['hrnzg-ResultsYear', '2026', 'hrnzg-ResultsMonth', '2', 'hrnzg-ResultsDay', '1']
  return {
    results: html(`results/${held.hrnzFile}`),
    index: html('results/results.htm'),
    month: html('results/rlts_feb.htm'),
    fields: html(`fields/${coming.hrnzFile.replace('rs.htm', 'fd.htm')}`),
    'fields-index': html('fields/fields.htm'),
    'dates-index': html('calendar/raceday/dates_index.htm'),
    'dates-month': html('calendar/raceday/2026/dates_february2026.htm'),
    calendar: html('calendar/HRNZOfficialMeetings.ics'),
    'raceday-search': asked('hrnzg-Ptype', 'RaceResults', ...date),
    raceday: asked('hrnzg-Ptype', 'RacesDisplay', 'hrnzg-RacedayID', held.id),
    race: asked('hrnzg-Ptype', 'RaceDisplay', 'hrnzg-RacehdrID', `${held.id}-R1`),
    horse: asked('hrnzg-Ptype', 'HorseDetails', 'hrnzg-HorseId', guid),
    'horse-pedigree': asked('hrnzg-Ptype', 'HorsePedigree', 'hrnzg-HorseID', guid),
  }
}
const pages = pagesOf(world)

it.each(Object.keys(pages))('a page of the kind %s is known by what it shows', (kind) => {
  expect(recognised('page.html', pages[kind]!).kind).toBe(kind)
})

it('a horse goes by the address of its own page, whatever the file is called', () => {
  const { url, horseUrl } = recognised('wsd06x.html', pages['horse']!)
  expect(url).toMatch(/^https:\/\/dynamic\.invalid\/.*HorseDetails.*[0-9A-F-]{36}/)
  expect(horseUrl).toBe(url)
})

it('a file that a program named after the address has that address', () => {
  const name = 'wsd06x?Arg=hrnzg-Ptype&Arg=RaceDisplay&Arg=hrnzg-RacehdrID&Arg=7'
  const { url } = recognised(`/tmp/saved/${name}`, pages['race']!)
  expect(url).toBe(`https://dynamic.invalid/gws/ws/r/infohorsews/${name}`)
})

it('another site’s address is not taken for one of ours', () => {
  const bytes = Buffer.from(
    `<!-- saved from url=(0040)https://elsewhere.invalid/datahrs/results/020209rs.htm -->${String(pages['results'])}`,
  )
  expect(recognised('a.html', bytes)).toMatchObject({ kind: 'results', url: null })
})

it('whatever a file holds and is called, it is known, unknown or refused, and nothing crashes', () => {
  const cut = fc.tuple(fc.nat(4000), fc.nat(600), fc.string({ maxLength: 20 }))
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(pages)),
      fc.array(cut, { maxLength: 6 }),
      fc.string({ maxLength: 40 }),
      (page, cuts, name) => {
        let html = Buffer.from(page).toString().slice(0, 6000)
        for (const [from, length, put] of cuts)
          html = html.slice(0, from) + put + html.slice(from + length)
        try {
          recognised(name, Buffer.from(html))
        } catch (error) {
          expect(error).toBeInstanceOf(LayoutChangedError)
        }
      },
    ),
    { numRuns: 300 },
  )
})
