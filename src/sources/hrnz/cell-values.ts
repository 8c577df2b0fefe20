import { isPlainDate } from '../../domain/dates.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'

/**
 * Readings of single texts. Each gives undefined for what it does not know: the caller keeps the raw
 * text and counts it, so that nothing is guessed and nothing is lost.
 */

/**
 * Milliseconds of `2-24.6`, `2:24.3`, `2.24.3`, `2:24:3` (tenths last), `144.3`, with a trailing mark
 * (`1:48.3MS`) or a mile rate in brackets after it. Zero times are placeholders, not times.
 */
export function timeMs(text: string): number | undefined {
  const match =
    /^(?:0?(\d)[-:.])?(\d{1,3})(?:[.:](\d{1,2}))?\s{0,2}[a-z]{0,3}(?:\s{0,2}\(.{0,20}\))?$/i.exec(
      text.trim(),
    )
  const seconds = Number(match?.[2])
  if (match === null || (match[1] !== undefined && seconds >= 60)) return undefined
  const fraction = match[3] ?? ''
  // `2.24` would be two minutes or two seconds: without a fraction minutes need their own sign.
  if (match[1] !== undefined && match[3] === undefined && /^\d\.\d/.test(text.trim()))
    return undefined
  const ms = Number(match[1] ?? 0) * 60_000 + seconds * 1000 + Number(fraction.padEnd(3, '0'))
  return ms > 0 ? ms : undefined
}

/** `0`, `0-0`, `0::0`, `-`: somebody had to put something there. */
export const isPlaceholder = (text: string): boolean => /^[-–—.:0\s]{0,12}$/.test(text)

/** Nothing, or dashes for nothing. */
export const isLeftOut = (text: string): boolean =>
  text === '' || ('-–—'.includes(text.charAt(0)) && /^[-–—]+$/.test(text))

/** Cents of `$6,050`, `$192.50`, `1705`. */
export function cents(text: string): number | undefined {
  const match = /^\$?\s{0,2}(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.(\d{2}))?$/.exec(text.trim())
  if (match === null) return undefined
  const dollars = match[1] ?? ''
  const plain = dollars.includes(',') ? dollars.replaceAll(',', '') : dollars
  return Number(plain) * 100 + Number(match[2] ?? 0)
}

export interface Placing {
  readonly scratched: boolean
  readonly position?: number
  /** False for a token whose meaning is not known for sure. */
  readonly known: boolean
}
/** `1`, `3=`, `2nd`, `SCR`; other tokens mean a start without a placing. */
export function placing(text: string): Placing {
  // Most rows, before the forms that take more looking at.
  if (/^(?:[1-9]|[1-3]\d)$/.test(text))
    return { scratched: false, position: Number(text), known: true }
  if (/^(?:late?\s?|l[-/\s]?)?scr(?:atched)?\b/i.test(text)) return { scratched: true, known: true }
  const number = /^=?(\d{1,2})(?:st|nd|rd|th)?\s?(?:=|dh|d\/h)?$/i.exec(text)
  const position = Number(number?.[1])
  if (number !== null && position >= 1 && position <= 40)
    return { scratched: false, position, known: true }
  // A dash: ran, and was given no placing.
  if (/^[-–—]$/.test(text)) return { scratched: false, known: true }
  return { scratched: false, known: withoutPlacing.has(text.toUpperCase().replace(/[^A-Z]/g, '')) }
}
const withoutPlacing = new Set(['PUP', 'DNF', 'DSQ', 'DISQ', 'DQ', 'FELL', 'LDR', 'DIST'])

export interface Draw {
  readonly barrier?: string
  readonly handicapM?: number
}
/**
 * The cell `HCP`: `10m` is a handicap, `Fr3`, `Sr2`, `U1` or `3` a barrier, `10m Fr2` both.
 * The row matters: a second-row draw is another thing than the number alone.
 */
export function draw(text: string): Draw | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  if (/^\d{1,2}$/.test(trimmed)) return { barrier: trimmed }
  const metres = /(?:^|[\s,/(])(\d{1,3})\s?m(?:etres)?(?=$|[\s,/)])/i.exec(trimmed)
  const isFront = /^(?:ft|front|scratch)$/i.test(trimmed)
  if (isFront) return { handicapM: 0 }
  const rest = (metres === null ? trimmed : trimmed.replace(metres[0], ' '))
    .replace(/^[\s,/()-]+|[\s,/()-]+$/g, '')
    .trim()
  if (rest !== '' && !/^(?:[a-z]{1,3}\s?)?\d{1,2}$/i.test(rest)) return undefined
  return {
    ...(rest === '' ? {} : { barrier: rest.replace(' ', '') }),
    ...(metres === null ? {} : { handicapM: Number(metres[1]) }),
  }
}

/** `Name (J)`: a licence mark is no part of the name. */
export function person(text: string): { readonly name: string; readonly mark?: string } {
  if (!text.endsWith(')')) return { name: text }
  const match = /^(.{1,150}?)\s{0,3}\(([^()]{1,20})\)$/.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) return { name: text }
  return { name: match[1].trim(), mark: match[2].trim() }
}

const shortestId = 'horseid=1'.length

/** The horse of a link, in either of the site's two numberings. */
export function horseId(href: string | undefined): HorseIdentifier | undefined {
  if (href === undefined || href.length < shortestId || href.length > 2000) return undefined
  // The site's own form names arguments in pairs: `Arg=hrnzg-HorseId&Arg=<id>`.
  const isWrapped = href.includes('%') || href.includes('{') || href.includes('}')
  const plain = isWrapped
    ? href
        .replace(/%7B|%7D|[{}]/gi, '')
        .replace(/%3D/gi, '=')
        .replace(/%26/gi, '&')
    : href
  const match =
    /horse-?id(?:=|&(?:amp;)?arg=)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{1,19})(?![\w-])/i.exec(
      plain,
    )
  const value = match?.[1]
  if (value === undefined) return undefined
  return value.includes('-')
    ? { scheme: 'hrnz_guid', value: value.toUpperCase() }
    : { scheme: 'hrnz_number', value: value.replace(/^0+(?=\d)/, '') }
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** The first full date in a text: `23 Feb 2026`, `Thursday, 21st May 2026`, `21/05/2026`. */
export function dateIn(text: string): string | undefined {
  const bounded = text.slice(0, 2000)
  const worded =
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]{1,3}(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?[\s-]{1,3}(\d{4})(?!\d)/i.exec(
      bounded,
    )
  if (worded !== null) {
    const month = months.indexOf((worded[2] ?? '').toLowerCase()) + 1
    return plainDate(worded[3], month, worded[1])
  }
  const digits = /(?<!\d)(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)/.exec(bounded)
  if (digits !== null) return plainDate(digits[4], Number(digits[3]), digits[1])
  const iso = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(bounded)
  return iso === null ? undefined : plainDate(iso[1], Number(iso[2]), iso[3])
}

function plainDate(
  year: string | undefined,
  month: number,
  day: string | undefined,
): string | undefined {
  const date = `${year}-${String(month).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`
  return isPlainDate(date) ? date : undefined
}

/** Metres at the end of a class line: `… MOBILE PACE 2200m`. */
export function distanceIn(text: string): number | undefined {
  const all = [...text.slice(0, 1000).matchAll(/(?<![\d.,])(\d{3,4})\s?m(?:et(?:re|er)s?)?\b/gi)]
  const metres = Number(all.at(-1)?.[1])
  return metres >= 800 && metres <= 5000 ? metres : undefined
}

/** The stake in a class line: `$12,000, C1 …`. */
export function stakeIn(text: string): number | undefined {
  const match = /\$\s{0,2}(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.(\d{2}))?(?![\d.])/.exec(
    text.slice(0, 1000),
  )
  return match === null ? undefined : cents(match[0])
}
