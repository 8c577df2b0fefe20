import { expect, it } from 'vitest'
import { LayoutChangedError } from '../../../src/errors.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const staticUrl = 'https://a.invalid'
const pages = hrnzPages({ baseUrl: staticUrl })
const dynamic = dynamicPages({ baseUrl: 'https://b.invalid' })

const recognise = (bytes: Uint8Array) =>
  pages.recognise({ name: 'x.html', url: null, bytes, contentType: null, savedAt: null })
const search = (bytes: Uint8Array) =>
  dynamic.parseSearch({ url: 'https://b.invalid/w', bytes, contentType: null })
const links = (href: (n: number) => string) =>
  Array.from({ length: 5000 }, (_, n) => `<a href="${href(n)}"></a>`).join('')

/** Each of them took minutes when it had the size that an answer may have. */
it.each<[string, (bytes: Uint8Array) => unknown, string]>([
  ['ends of elements that were never begun', recognise, '<b>'.repeat(4000) + '</x>'.repeat(20_000)],
  ['forms in a form', recognise, '<b>'.repeat(3900) + '<form>'.repeat(20_000)],
  [
    'race days by the thousand in one row',
    search,
    `<table><tr><td>${links((n) => `/w?RacesDisplay&RacedayID=${n}`)}`,
  ],
  [
    'meetings by the thousand after a thousand empty elements',
    (bytes) => pages.parseIndex(bytes, `${staticUrl}/datahrs/results/results.htm`),
    `<table><tr><td>${'<i></i>'.repeat(10_000)}${links(() => '/datahrs/results/010101rs.htm')}`,
  ],
  [
    'blocks in blocks',
    recognise,
    '<div class="hrnz-block--padding">'.repeat(190) + '<i></i>'.repeat(60_000),
  ],
])('a page with %s is refused before it takes long', (_, read, html) => {
  expect(() => read(Buffer.from(html))).toThrow(LayoutChangedError)
})

it('a calendar whose lines are longer than any real one is refused: its library squares them', () => {
  const calendar = (parameters: string) =>
    Buffer.from(
      `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260905\r\nSUMMARY${parameters}:Weka T.C.\r\n` +
        'END:VEVENT\r\nEND:VCALENDAR\r\n',
    )
  expect(pages.parseCalendar(calendar(';X=1'), 'x')).toHaveLength(1)
  // Folded, so that no line looks long.
  expect(() => pages.parseCalendar(calendar('\r\n ;X="1"'.repeat(3000)), 'x')).toThrow(
    LayoutChangedError,
  )
})
