import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { Html, html, link, plain, webAddress } from '../../src/dashboard/html.ts'

/** Text that has a try at every way out of an element or an attribute. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '</p>',
        '<script>',
        '<!--',
        '-->',
        ']]>',
        '&#34;',
        '\0',
        '\u202e',
        '\ud800',
        'ā',
        ' ',
        '\n',
      ),
    )
    .map((parts) => parts.join('')),
)

const open = (text: string) => parseHTML(`<!doctype html><html><body>${text}</body></html>`)

describe('html', () => {
  it('makes no element and no attribute of any text, and loses none of its letters', () => {
    fc.assert(
      fc.property(nasty, nasty, (inside, attribute) => {
        const { document } = open(html`<p title="${attribute}">${inside}</p>`.toString())
        const all = [...document.body.querySelectorAll('*')]
        expect(all.map(({ tagName }) => tagName)).toEqual(['P'])
        expect([...all[0]!.attributes].map(({ name }) => name)).toEqual(['title'])
        expect(all[0]!.textContent).toBe(plain(inside))
      }),
    )
  })

  it('takes HTML and lists of it as they are, and nothing for what is not there', () => {
    expect(html`${new Html('<b>')}${[html`<i>${1}</i>`, ['a', null]]}${undefined}`.toString()).toBe(
      '<b><i>1</i>a',
    )
  })
})

describe('plain', () => {
  it('leaves nothing that a machine obeys or that turns writing around, on one line', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
        expect([...plain(text, 10)].length).toBeLessThanOrEqual(10)
      }),
    )
  })

  it('keeps letters of every kind, and the space in a figure', () => {
    expect(plain('Te Ākau\u202f300 — 競馬 🐎')).toBe('Te Ākau\u202f300 — 競馬 🐎')
    expect(plain('\u202f')).toBe('\u202f')
  })

  it('cuts a name of a megabyte in no time', () => {
    expect(plain('a'.repeat(1_000_000))).toBe(`${'a'.repeat(299)}…`)
  })
})

describe('link', () => {
  it('leads to the web and nowhere else', () => {
    expect(webAddress('https://hrnz.invalid/a?b=1&c=2')).toBe('https://hrnz.invalid/a?b=1&c=2')
    for (const address of [
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'file:///etc/passwd',
      'https://user:secret@hrnz.invalid/',
      '//hrnz.invalid/',
      'x',
      '',
      `https://hrnz.invalid/${'a'.repeat(3000)}`,
      null,
    ])
      expect(webAddress(address)).toBeNull()
  })

  it('shows words alone where there is no address', () => {
    expect(link('javascript:alert(1)', 'HRNZ').toString()).toBe('<bdi>HRNZ</bdi>')
  })

  it('keeps any address within its attribute', () => {
    fc.assert(
      fc.property(nasty, nasty, (path, words) => {
        const text = link(`https://hrnz.invalid/${path}`, words).toString()
        const { document } = open(text)
        const tags = [...document.body.querySelectorAll('*')].map(({ tagName }) => tagName)
        expect([['A', 'BDI'], ['BDI']]).toContainEqual(tags)
        const names = [...(document.querySelector('a')?.attributes ?? [])].map(({ name }) => name)
        expect([['href', 'rel'], []]).toContainEqual(names)
      }),
    )
  })
})
