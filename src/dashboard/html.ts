/** Text that is HTML already. Whatever else comes into a template is escaped. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

type Part = Html | string | number | null | undefined | readonly Part[]

/** A template of HTML; attributes stand in double quotes. Null and undefined leave nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.reduce((text, string, index) => text + rendered(parts[index - 1]) + string),
  )
}

function rendered(part: Part): string {
  if (part === null || part === undefined) return ''
  if (part instanceof Html) return part.toString()
  if (typeof part === 'object') return part.map(rendered).join('')
  return escaped(plain(String(part)))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => entities[mark]!)
}

/** Letters of a text of a source that are shown; what is said beyond is no name and no reason. */
const longest = 300

/**
 * Text on one line, without what steers a reader's eye or machine: control characters, marks that
 * turn the direction of writing, halves of surrogate pairs. Cut first: a name may have a megabyte.
 */
export function plain(text: string, length = longest): string {
  const cut = text.length > 4 * length ? text.slice(0, 4 * length) : text
  const clean = cut
    .replaceAll(/[\p{Zl}\p{Zp}\s]+/gu, (space) => (space === narrowSpace ? space : ' '))
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
  const letters = [...clean]
  return letters.length <= length ? clean : `${letters.slice(0, length - 1).join('')}…`
}

/** Separates the thousands: narrow, and no line breaks at it. */
export const narrowSpace = '\u202f'

/** A link to a page of a source, or its words alone where the address is none of the web. */
export function link(address: string | null, words: string): Html {
  const href = webAddress(address)
  if (href === null) return html`<bdi>${words}</bdi>`
  return html`<a href="${new Html(escaped(href))}" rel="noopener noreferrer"
    ><bdi>${words}</bdi></a
  >`
}

/** Only http and https, and no names and passwords in front of the host. */
export function webAddress(address: string | null): string | null {
  if (address === null || address.length > 2000 || !URL.canParse(address)) return null
  const url = new URL(address)
  const web = url.protocol === 'https:' || url.protocol === 'http:'
  return web && url.username === '' && url.password === '' ? url.href : null
}
