import type { HorseIdentifier } from './observation.ts'

/**
 * The key under which two spellings of one name are the same name.
 * Case, diacritics, apostrophes of every kind, punctuation and white space do not tell horses apart;
 * `*`, `(ET)`, `(THOR)` and a country in brackets are marks beside the name, not part of it.
 * A trailing single letter stays (`Bit Of A Legend`): no source read here uses it as a country mark.
 */
export function nameKey(text: string): string {
  const known = nameKeys.get(text)
  if (known !== undefined) return known
  const key = plain(text.replace(bracketedMark, ' '))
  if (nameKeys.size >= mostNameKeys) nameKeys.clear()
  nameKeys.set(text, key)
  return key
}

/** The country written beside a name, `NZ` for `Joyride(NZ)`; undefined where none is written. */
export function countryMark(text: string): string | undefined {
  if (!text.includes('(')) return undefined
  for (const match of text.matchAll(bracketedMark)) {
    const mark = match[1]?.toUpperCase()
    if (mark !== undefined && !notCountries.has(mark)) return mark
  }
  return undefined
}

/** `Unnamed`, `Unknown`, `Vacant` and the like stand where a name is missing; they match nothing. */
export function isNoName(text: string): boolean {
  const key = nameKey(text)
  return key === '' || noNames.has(key)
}

/** Letters and digits in lower case with single spaces: the shared first step of every text key. */
export function plain(text: string): string {
  return (
    text
      // NFKD would turn the acute accent that stands for an apostrophe into a space.
      .replaceAll('\u00b4', "'")
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/[øł]/g, (letter) => (letter === 'ø' ? 'o' : 'l'))
      .replace(apostrophesAndUnseen, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  )
}

/** Apostrophes of every kind, and what nobody sees: soft hyphens, zero widths. */
const apostrophesAndUnseen = /['`\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032]|\p{Cf}/gu

/** `tab_horse:nz:354001`: one text for an identifier, as judgements and exports write it. */
export function identifierKey(identifier: HorseIdentifier): string {
  return `${identifier.scheme}:${identifier.value}`
}

/** Names come again and again, and normalising one takes microseconds; bounded, so it cannot grow. */
const nameKeys = new Map<string, string>()
const mostNameKeys = 50_000

const bracketedMark = /\*|\(\s*([A-Za-z]{2,4})\s*\)/g
const notCountries = new Set(['ET', 'THOR'])
const noNames = new Set('unnamed,unregistered,unknown,not known,vacant,vacant box,tba'.split(','))
