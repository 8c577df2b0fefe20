import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dynamicPage, dynamicPath } from '../../../fixtures/world/hrnz-dynamic.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { HarnessError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const hrnz = hrnzPages({ baseUrl: 'https://a.invalid', dynamicUrl: 'https://b.invalid/' })
const guid = '7077E826-C51E-49D5-BECC-93B46778DDE2'
const url = hrnz.horseUrl({ scheme: 'hrnz_guid', value: guid })
const parse = (html: string, at = url) =>
  hrnz.parseHorse(Buffer.from(html), { url: at, contentType: 'text/html; charset=utf-8' })

const block = (inner: string) => `<div class="hrnz-block hrnz-block--padding">${inner}</div>`
const link = (id = guid) =>
  `<h1><a href="wsd06x?Arg=hrnzg-HorseID&amp;Arg=${id}">Totara (AUS)</a></h1>`
const details = '<dl><dt>Microchip</dt><dd>1</dd><dt>Foal Date:</dt><dd>05-10-2020</dd></dl>'

describe('the page of one horse', () => {
  it('is asked for as the site’s own links do', () => {
    expect(url).toBe(
      `https://b.invalid/gws/ws/r/infohorsews/wsd06x?Arg=hrnzg-Ptype&Arg=HorseDetails&Arg=hrnzg-DoSearch&Arg=TRUE&Arg=hrnzg-HorseId&Arg=${guid}&Arg=hrnzg-rSite&Arg=TRUE`,
    )
  })

  it('gives name, country, sex, colour, foaling date and ids', () => {
    const line = '<h5>5yo, Dark Brown Mare</h5>'
    expect(parse(block(link() + line + details)).facts).toEqual({
      name: 'Totara (AUS)',
      country: 'AUS',
      sex: 'mare',
      colour: 'Dark Brown',
      foaledOn: '2020-10-05',
      sire: null,
      dam: null,
      damSire: null,
      ids: { hrnz_guid: guid },
    })
  })

  it('asked for by its old number tells the GUID as well', () => {
    const old = hrnz.horseUrl({ scheme: 'hrnz_number', value: '27168' })
    const { facts } = parse(block(link() + details), old)
    expect(facts.ids).toEqual({ hrnz_guid: guid, hrnz_number: '27168' })
  })

  it('what it does not say, or says in another form, is an issue and no guess', () => {
    const { facts, issues } = parse(
      block(`${link()}<dl><dt>Foal Date</dt><dd>spring 2020</dd></dl>`) +
        '<div class="hrnz-pedigree__entry"><span><a>Some Sire</a></span></div>',
    )
    expect(facts).toMatchObject({ sex: null, colour: null, foaledOn: null, sire: null })
    expect(issues.map(({ code }) => code)).toEqual([
      'unknown-foal-date',
      'unknown-sex',
      'no-pedigree',
    ])
  })

  it('a pedigree of its own is only looked for on the same host', () => {
    const quick = (href: string) =>
      `<div id="quick-links-list"><a href="${href}">Pedigree</a></div>`
    const of = (href: string) => parse(block(link() + details) + quick(href)).pedigreeUrl
    expect(of('wsd06x?Arg=hrnzg-Ptype&amp;Arg=HorsePedigree')).toMatch(
      /^https:\/\/b\.invalid\/gws\//,
    )
    expect(of('https://elsewhere.invalid/?Arg=HorsePedigree')).toBeNull()
  })

  it('of another horse, or a list of several, is refused', () => {
    const other = block(link('00000000-0000-4000-8000-000000000000') + details)
    expect(() => parse(other)).toThrow(expect.objectContaining({ code: 'wrong-horse' }))
    const list = block(`<h1>Horse Search</h1><a href="?HorseId=${guid}">Totara</a>`)
    expect(() => parse(list)).toThrow(expect.objectContaining({ code: 'not-a-horse-page' }))
  })

  it('says what the made-up horse is, whatever is cut out of the page, or refuses', () => {
    const world = makeWorld({ seed: 3, from: '2026-03-01', to: '2026-03-03' })
    const horse = world.horses.find(({ hrnzGuid }) => hrnzGuid !== null)!
    const at = hrnz.horseUrl({ scheme: 'hrnz_guid', value: horse.hrnzGuid! })
    const now = Date.parse('2026-03-03T00:00:00Z')
    const html = dynamicPage(world, dynamicPath, new URL(at).searchParams, now)!
    expect(parse(html, at).issues).toEqual([])
    const place = fc.nat(html.length)
    fc.assert(
      fc.property(place, fc.nat(400), fc.string({ maxLength: 30 }), (from, length, put) => {
        const mutated = html.slice(0, from) + put + html.slice(from + length)
        try {
          expect(parse(mutated, at).facts.ids.hrnz_guid).toBe(horse.hrnzGuid)
        } catch (error) {
          if (!(error instanceof HarnessError)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})
