import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resultsPageHtml } from '../../../fixtures/world/hrnz-results-html.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import { LayoutChangedError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const pages = hrnzPages({ baseUrl: 'https://hrnz.invalid' })
const url = 'https://hrnz.invalid/datahrs/results/052109rs.htm'

interface RowText {
  readonly [label: string]: string
}
const row = (cells: RowText): string =>
  `<tr>${Object.entries(cells)
    .map(([label, html]) => `<td data-label="${label}">${html}</td>`)
    .join('')}</tr>`
const runner = (placing: string, name: string, more: RowText = {}): string =>
  row({ Placing: placing, Book: placing, Horse: name, HCP: 'Fr1', Driver: 'A Driver', ...more })
const race = (number: number, rows: string, head = '<h4>$9,000, MOBILE PACE 2200m</h4>'): string =>
  `<div id="results-page-race-${number}"><h3>INVENTED FEEDS PACE</h3>${head}
   <p><span>Race Number:</span> <span>Race ${number}</span></p><table>${rows}</table></div>`
const page = (races: string, head = '<h1>Invented T.C.</h1><p>Thursday 21 May 2026</p>'): string =>
  `<!DOCTYPE html><html><head><title>Results</title></head><body>${head}${races}</body></html>`
const parse = (html: string | Buffer, more: { url?: string | null; expectedDate?: string } = {}) =>
  pages.parseResults(Buffer.from(html as string), { url, ...more })
const codeOf = (html: string, expectedDate?: string): string => {
  try {
    parse(html, expectedDate === undefined ? {} : { expectedDate })
  } catch (error) {
    expect(error).toBeInstanceOf(LayoutChangedError)
    return (error as LayoutChangedError).code
  }
  return 'taken'
}
const codes = (html: string): string[] => parse(html).issues.map(({ code }) => code)
const two = runner('1', 'First Horse') + runner('2', 'Second Horse')

describe('what is refused', () => {
  it.each([
    ['a challenge', '<title>One moment</title><h1>Checking your browser</h1>'],
    ['nothing', ''],
    ['plain text', 'Too many requests'],
    ['JSON', '{"error":"gone"}'],
    ['binary', '\u0000\u0001\u0002'],
  ])('%s is no results page', (_what, html) => {
    expect(codeOf(html)).toBe('not-a-results-page')
  })

  it('a page of another date than the expected one', () => {
    expect(codeOf(page(race(1, two)), '2025-05-21')).toBe('wrong-date')
    expect(codeOf(page(race(1, two)), '2026-05-21')).toBe('taken')
  })

  it('a page without a year', () => {
    expect(codeOf(page(race(1, two), '<h1>Invented T.C.</h1><p>21 May</p>'))).toBe('layout-changed')
  })

  it('a page whose landmarks are missing', () => {
    expect(codeOf(page(race(1, '<tr><td>1</td><td>First Horse</td></tr>')))).toBe('layout-changed')
    expect(codeOf(page(`<table>${two}</table>`))).toBe('layout-changed')
    expect(codeOf(page(race(1, two)).replaceAll('"Placing"', '"Rank"'))).toBe('layout-changed')
    expect(codeOf(page(race(1, two)).replaceAll('"Driver"', '"Pilot"'))).toBe('layout-changed')
    expect(codeOf(page(race(1, two)).replaceAll(/First Horse|Second Horse/g, ' '))).toBe(
      'layout-changed',
    )
  })

  it('a page nested thousands deep', () => {
    expect(codeOf(page('<b>'.repeat(50_000)))).toBe('not-a-results-page')
  })
})

describe('what is taken', () => {
  const starters = (html: string) => parse(html).observation.races[0]?.starters ?? []

  it('keeps cells under unknown labels', () => {
    const [first] = starters(page(race(1, runner('1', 'First', { Sectional: '27.9' }) + two)))
    expect(first?.more).toEqual({ Sectional: '27.9' })
  })

  it('keeps unknown tokens as text and counts them', () => {
    const odd = runner('XQZ', 'Odd One', { HCP: '??', Time: 'soon', Stakes: 'TBA', Fav: 'no' })
    const html = page(race(1, two + odd))
    const found = starters(html).find(({ horseName }) => horseName === 'Odd One')
    expect(found).toMatchObject({
      finishRaw: 'XQZ',
      scratched: false,
      favouriteRanks: 'no',
      more: { Book: 'XQZ', HCP: '??', Time: 'soon', Stakes: 'TBA' },
    })
    expect(found).not.toHaveProperty('finishPosition')
    expect(codes(html)).toEqual(
      expect.arrayContaining([
        'unknown-placing',
        'unknown-draw',
        'unknown-time',
        'unknown-stake',
        'unknown-favourite',
        'unknown-book-number',
      ]),
    )
  })

  it('takes a standing start with both handicap and barrier', () => {
    const html = page(
      race(1, two + runner('3', 'Back', { HCP: '10m Fr2' }), '<h4>HCP TROT 2600m</h4>'),
    )
    expect(starters(html)[2]).toMatchObject({ handicapM: 10, barrier: 'Fr2' })
    expect(parse(html).observation.races[0]).toMatchObject({
      startType: 'standing',
      isHandicap: true,
      gait: 'trot',
      distanceM: 2600,
    })
  })

  it('does not conclude a standing start from a missing word', () => {
    const html = page(race(1, two, '<h4>NON-WINNERS PACE 2200m</h4>'))
    expect(parse(html).observation.races[0]).not.toHaveProperty('startType')
  })

  it('drops a doubled row and a doubled race, and says so', () => {
    const html = page(race(1, two + runner('2', 'Second Horse')) + race(1, two))
    expect(parse(html).observation.races).toHaveLength(1)
    expect(starters(html)).toHaveLength(2)
    expect(codes(html)).toEqual(expect.arrayContaining(['doubled-row', 'doubled-race']))
  })

  it('keeps two horses of one name apart', () => {
    const html = page(race(1, two + runner('3', 'First Horse')))
    const keys = starters(html).map(({ key }) => key)
    expect(new Set(keys).size).toBe(3)
    expect(codes(html)).toContain('name-twice')
  })

  it('takes a race that was abandoned, and a meeting of nothing else', () => {
    const lost = '<div id="results-page-race-2"><h3>Race 2</h3><p>ABANDONED</p></div>'
    const { observation } = parse(page(race(1, two) + lost))
    expect(observation.races[1]).toMatchObject({ number: 2, status: 'abandoned', starters: [] })
    expect(observation.status).toBe('final')
    const all = page('<p>Meeting abandoned: track unsafe</p>')
    expect(parse(all).observation).toMatchObject({ status: 'abandoned', races: [] })
  })

  it('notes what a whole race does not do', () => {
    const html = page(
      race(1, runner('2', 'Second', { Stakes: '$9,500', Driver: '' }) + runner('3', 'Third')),
    )
    expect(codes(html)).toEqual(
      expect.arrayContaining(['winner-missing', 'stakes-above-purse', 'driver-missing']),
    )
  })

  it('cuts cells of a megabyte, and counts them', () => {
    const html = page(race(1, two + runner('3', 'X'.repeat(1_000_000), { Time: '9'.repeat(1e6) })))
    expect(JSON.stringify(parse(html).observation).length).toBeLessThan(10_000)
    expect(codes(html)).toContain('text-cut')
  })

  it('reads a page in windows-1252 whether or not it says so', () => {
    const named = page(race(1, two.replace('First', 'O?Brien')))
    const bytes = Buffer.from(named, 'latin1')
    bytes[bytes.indexOf('O?Brien') + 1] = 0x92
    for (const contentType of [null, 'text/html; charset=windows-1252', 'text/html']) {
      const { observation } = pages.parseResults(bytes, { url, contentType })
      expect(observation.races[0]?.starters[0]?.horseName).toBe('O\u2019Brien Horse')
    }
  })

  it('learns club and address of a saved page from what the browser wrote into it', () => {
    const saved = page(race(1, two)).replace('<html>', `<!-- saved from url=(0049)${url} --><html>`)
    const { observation } = parse(saved, { url: 'file:///tmp/my%20page.html' })
    expect(observation).toMatchObject({
      hrnzUrl: url,
      clubNumber: '09',
      key: 'hrnz:meeting:2026-05-21/09',
    })
    const named = parse(page(race(1, two)), { url: 'file:///tmp/052109rs.htm' }).observation
    expect(named).toMatchObject({ clubNumber: '09' })
    expect(named).not.toHaveProperty('hrnzUrl')
    const renamed = parse(page(race(1, two)), { url: 'file:///tmp/x.html' }).observation
    expect(renamed.key).toBe('hrnz:meeting:2026-05-21/invented-t-c')
  })
})

describe('listings', () => {
  const month = (body: string) =>
    pages.parseMonth(Buffer.from(body), 'https://hrnz.invalid/datahrs/results/rlts_may.htm')

  it('follows relative and absolute links of six and eight digits, on the own host only', () => {
    const { meetings } = month(
      `<ul><li><a href="052109rs.htm">Invented T.C.</a> 21 May 2026</li>
       <li><a href="HTTPS://HRNZ.invalid/DataHRS/results/21052632RS.HTM#top">Metro</a> 22&nbsp;May&nbsp;2026</li>
       <li><a href="https://elsewhere.invalid/052109rs.htm">Other</a> 21 May 2026</li>
       <li><a href="052109fd.htm">Fields</a> 21 May 2026</li></ul>`,
    )
    expect(meetings.map(({ date, club, clubNumber }) => [date, club, clubNumber])).toEqual([
      ['2026-05-21', 'Invented T.C.', '09'],
      ['2026-05-22', 'Metro', '32'],
    ])
    expect(meetings[0]?.url).toBe(url)
  })

  it('notes a link whose date has no year', () => {
    const { meetings, issues } = month('<p><a href="052109rs.htm">Invented</a> 21 May</p>')
    expect(meetings).toEqual([])
    expect(issues.map(({ code }) => code)).toEqual(['listing-without-date'])
  })

  it('is refused when it lists nothing at all', () => {
    expect(() => month('<h1>Checking your browser</h1>')).toThrow(LayoutChangedError)
  })
})

describe('pages that nobody made', () => {
  const world = makeWorld({
    seed: 'fuzz',
    from: '2026-02-01',
    to: '2026-02-14',
    racesPerMeeting: [2, 3],
    startersPerRace: [4, 6],
  })
  const now = Date.parse('2026-06-01T00:00:00Z')
  const sound = world.meetings.flatMap((meeting) => resultsPageHtml(world, meeting, now) ?? [])
  const tags = sound.map((html) => html.split(/(?=<)/))

  /** Deleted, doubled, swapped and broken pieces of a sound page. */
  const mutated = fc
    .tuple(
      fc.nat(tags.length - 1),
      fc.array(
        fc.tuple(
          fc.constantFrom('delete', 'double', 'swap', 'wrap', 'text', 'megabyte', 'cut'),
          fc.nat(),
          fc.nat(),
        ),
        { minLength: 1, maxLength: 12 },
      ),
      fc.string({ maxLength: 30 }),
    )
    .map(([which, changes, text]) => {
      const pieces = [...(tags[which] ?? [])]
      for (const [kind, a, b] of changes) {
        const at = a % pieces.length
        const other = b % pieces.length
        const piece = pieces[at] ?? ''
        if (kind === 'delete') pieces.splice(at, 1 + (b % 5), '')
        if (kind === 'double') pieces.splice(at, 0, ...pieces.slice(at, at + 1 + (b % 40)))
        if (kind === 'swap') [pieces[at], pieces[other]] = [pieces[other] ?? '', piece]
        if (kind === 'wrap') pieces[at] = `<div><table><a>${piece}`
        if (kind === 'text') pieces[at] = `${piece}${text}\u00a0`
        if (kind === 'megabyte') pieces[at] = piece + 'x '.repeat(b % 200_000)
        if (kind === 'cut' && pieces.length > 20) pieces.length = Math.max(20, at)
      }
      return pieces.join('')
    })

  it('end as a meeting with whole keys, or as a named refusal', () => {
    fc.assert(
      fc.property(
        mutated,
        fc.constantFrom('utf8' as const, 'latin1' as const, 'utf16le' as const),
        (html, encoding) => {
          let observation: MeetingObservation
          try {
            observation = pages.parseResults(Buffer.from(html, encoding), { url: null }).observation
          } catch (error) {
            expect(error).toBeInstanceOf(LayoutChangedError)
            return
          }
          const starters = observation.races.flatMap((one) => one.starters)
          expect(observation.date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
          expect(new Set(observation.races.map(({ number }) => number)).size).toBe(
            observation.races.length,
          )
          expect(new Set(starters.map(({ key }) => key)).size).toBe(starters.length)
          for (const { horseName } of starters) expect(horseName.length).toBeLessThanOrEqual(160)
        },
      ),
      { numRuns: 250 },
    )
  })
})
