import { describe, expect, it } from 'vitest'
import { LayoutChangedError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const base = 'https://results.example'
const pages = hrnzPages({ baseUrl: base })
const bytes = (text: string) => Buffer.from(text)
const fieldsUrl = `${base}/datahrs/fields/022861fd.htm`
const reportUrl = `${base}/datahrs/stipes/racedayreport/2026/stipes_rpt_20260228_061.htm`
const guid = '1B9D6BCD-BBFD-4B2D-9B5D-AB8DFBBD4BED'

const card = `<h1>Kereru Harness Racing Club Inc</h1><div id="fields-61-race-1">
  <dl><dt>Race Number:</dt><dd>Race 1</dd><dt>Race Time:</dt><dd><time>5:13pm</time></dd></dl>
  <div class="hrnz-race__name"><h3>The Invented Trot</h3><h4>$12,000, MAIDEN STANDING TROT 2600m</h4></div>
  <table><tr class="hrnz-participant"><td data-label="Book">1</td><td data-label="Form">1x2</td>
    <td data-label="Name">Fernbank</td><td data-label="Sex">m</td><td data-label="HCP/Draw">10m</td>
    <td data-label="Driver">A Person (J)</td><td data-label="Trainer">B Person</td>
    <td data-label="Rating"><a href="/x?Arg=hrnzg-HorseId&amp;Arg=${guid}">52</a></td></tr>
  <tr class="hrnz-participant"><td data-label="Book">2</td>
    <td data-label="Name"><span class="scratchedFont">Hollow Tree</span></td>
    <td data-label="HCP/Draw">Fr 2</td><td data-label="Driver"></td><td data-label="Trainer">C</td></tr>
  </table></div>`

describe('a fields page', () => {
  it('is read cell by cell, the horse from the link of its rating', () => {
    const { observation, issues } = pages.parsePage('fields', bytes(card), {
      url: fieldsUrl,
      expectedDate: '2026-02-28',
    })
    expect(issues).toEqual([])
    expect(observation).toMatchObject({
      kind: 'fields',
      key: 'hrnz:meeting:2026-02-28/61',
      date: '2026-02-28',
      club: 'Kereru Harness Racing Club Inc',
    })
    expect(observation.hrnzUrl).toBeUndefined()
    const [race] = observation.races
    // 5:13 pm in New Zealand's summer.
    expect(race).toMatchObject({
      number: 1,
      name: 'The Invented Trot',
      gait: 'trot',
      startType: 'standing',
      distanceM: 2600,
      stakeCents: 1_200_000,
      startTime: '2026-02-28T04:13:00.000Z',
    })
    expect(race?.starters).toMatchObject([
      {
        number: 1,
        horseName: 'Fernbank',
        handicapM: 10,
        driver: 'A Person',
        driverMark: 'J',
        identifiers: [{ scheme: 'hrnz_guid', value: guid }],
        sex: 'M',
        more: { form: '1x2', Rating: '52' },
      },
      { number: 2, horseName: 'Hollow Tree', barrier: 'Fr2', scratched: true },
    ])
    expect(race?.starters[0]).not.toHaveProperty('finishPosition')
  })

  it.each([
    ['g', { sex: 'G' }, undefined],
    ['Filly', { sex: 'Filly' }, undefined],
    ['4yo g', { sex: 'G' }, '4'],
    ['5 m', { sex: 'M' }, '5'],
    ['?', {}, undefined],
    ['xyz', {}, undefined],
  ])('takes the sex %s for what it is, and an age for no foal year', (text, sex, age) => {
    const page = card.replace('data-label="Sex">m<', `data-label="Sex">${text}<`)
    const parsed = pages.parsePage('fields', bytes(page), {
      url: fieldsUrl,
      expectedDate: '2026-02-28',
    })
    const starter = parsed.observation.races[0]?.starters[0]
    expect(starter).toMatchObject(sex)
    expect(starter?.foaledOn).toBeUndefined()
    expect(starter?.more?.['age']).toBe(age)
    const isKnown = Object.keys(sex).length > 0
    expect(starter?.more?.['Sex']).toBe(isKnown ? undefined : text)
    expect(parsed.issues.map(({ code }) => code)).toEqual(isKnown ? [] : ['unknown-sex'])
  })

  it('needs its date from the index, and is refused under another', () => {
    const parse = (html: string, expectedDate: string | null) => () =>
      pages.parsePage('fields', bytes(html), { url: fieldsUrl, expectedDate })
    expect(parse(card, null)).toThrow(/no date/)
    const dated = card.replace('Club Inc', 'Club Inc 28 February 2025')
    expect(parse(dated, '2026-02-28')).toThrow(/2025-02-28/)
    expect(parse('<h1>Checking your browser</h1>', '2026-02-28')).toThrow(LayoutChangedError)
  })

  it('is listed with a day and a month, taken as the nearest one', () => {
    const list = (date: string) =>
      bytes(`<h1>Fields</h1><table><tr><td data-label="Name"><a href="010261fd.htm">Kereru H.R.C.</a></td>
        <td data-label="Date">${date}</td></tr></table>`)
    const dateOf = (text: string, today: string) =>
      pages.parseFieldsIndex(list(text), pages.fieldsIndexUrl, today)[0]?.date
    expect(dateOf('Fri&nbsp;2&nbsp;Jan', '2025-12-30')).toBe('2026-01-02')
    expect(dateOf('Fri, 2 Jan', '2026-01-03')).toBe('2026-01-02')
    expect(dateOf('', '2026-01-03')).toBeUndefined()
    expect(pages.parseFieldsIndex(bytes('<h1>Fields</h1>'), base, '2026-01-03')).toEqual([])
  })
})

describe("a stewards' report", () => {
  const report = `<h1>Kereru H.R.C.</h1><h3>Race 1 - The Invented Trot</h3>
    <p>FERNBANK broke in the straight.</p><p>HOLLOW TREE relegated to 2nd placing.</p>
    <h3>Race 2</h3><p>Nothing to report.</p>`

  it('gives the words on each race; its name tells date and club', () => {
    const { observation } = pages.parsePage('stewards', bytes(report), { url: reportUrl })
    expect(observation).toMatchObject({
      kind: 'stewards',
      key: 'hrnz:meeting:2026-02-28/61',
      races: [
        {
          number: 1,
          starters: [],
          stewardsText:
            'The Invented Trot\nFERNBANK broke in the straight.\nHOLLOW TREE relegated to 2nd placing.',
        },
        { number: 2, stewardsText: 'Nothing to report.' },
      ],
    })
  })

  it('keeps what comes before the first race; a ruling told there is an issue', () => {
    const general = report.replace(
      '<h3>Race 1',
      '<p>Late scratching: Race 2 FERNBANK. No horse was disqualified. Fine night.</p><h3>Race 1',
    )
    const parsed = pages.parsePage('stewards', bytes(general), { url: reportUrl })
    expect(parsed.observation.more?.['general']).toMatch(/^Kereru H.R.C.\nLate scratching/)
    expect(parsed.observation.races.map(({ number }) => number)).toEqual([1, 2])
    expect(parsed.issues).toMatchObject([
      { code: 'ruling-without-race', excerpt: 'Late scratching: Race 2 FERNBANK.' },
    ])
  })

  it('takes a sentence that begins with another race for a sentence', () => {
    const told = report.replace('Nothing to report.', 'Race 7 acceptor FERNBANK was scratched.')
    const [, second] = pages.parsePage('stewards', bytes(told), { url: reportUrl }).observation
      .races
    expect(second).toMatchObject({
      number: 2,
      stewardsText: 'Race 7 acceptor FERNBANK was scratched.',
    })
  })

  it('is refused for another day and when it speaks of no race', () => {
    expect(() =>
      pages.parsePage('stewards', bytes(report), { url: reportUrl, expectedDate: '2026-02-27' }),
    ).toThrow(/2026-02-28/)
    expect(() => pages.parsePage('stewards', bytes('<h1>Gone</h1>'), { url: reportUrl })).toThrow(
      LayoutChangedError,
    )
  })

  it('is found by the link of the results page, of that day only', () => {
    const results = (
      href: string,
    ) => `<h1>Kereru H.R.C. 28 Feb 2026</h1><a href="${href}">Stewards</a>
      <div id="results-022861-race-1"><h3>Trot</h3><h4>TROT 2600m</h4><table><tr><td data-label="Placing">1</td>
      <td data-label="Horse">Fernbank</td><td data-label="Driver">A</td></tr></table></div>`
    const linked = (href: string) =>
      pages.parseResults(bytes(results(href)), {
        url: `${base}/datahrs/results/022861rs.htm`,
      }).stewardsUrl
    expect(linked('../stipes/racedayreport/2026/stipes_rpt_20260228_061.htm')).toBe(reportUrl)
    expect(linked('../stipes/racedayreport/2025/stipes_rpt_20250228_061.htm')).toBeUndefined()
  })

  it('is told from other pages by its address', () => {
    expect([reportUrl, fieldsUrl, `${base}/022861rs.htm`, base].map(pages.kindOf)).toEqual([
      'stewards',
      'fields',
      'results',
      null,
    ])
  })
})
