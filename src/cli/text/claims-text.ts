import { safeLine } from './safe-text.ts'
import { wrap } from './wrap.ts'

/** A claim as `reconcile why` prints it; `TracedClaim` of the use case fits. */
interface Claim {
  readonly source: string
  readonly value: unknown
  readonly taken: boolean
  readonly said_at: string
  readonly confirmed_at: string | null
  readonly url: string | null
  readonly hash: string | null
  readonly archived_in: string | null
  readonly by: string | null
}
interface StewardsRuling extends Pick<Claim, 'said_at' | 'confirmed_at' | 'url'> {
  readonly words: string
  readonly text: string
  readonly agrees: boolean | null
}
interface ClaimedField {
  readonly field: string
  readonly rule: string
  readonly value: unknown
  readonly claims: readonly Claim[]
  readonly rulings: readonly StewardsRuling[]
}

/**
 * What each source claims of a thing and why one claim was taken, for a person at 80 columns: a line
 * a field where the sources agree, the claims side by side where they do not, then the pages.
 */
export function claimsText(fields: readonly ClaimedField[]): string {
  const width = Math.max(0, ...fields.map(({ field }) => field.length))
  const lines: string[] = []
  const told = new Set<string>()
  for (const { field, rule, value, claims, rulings } of fields) {
    const agreed = claims.every((claim) => claim.value === value)
    const why = agreed ? agreement(claims) : (ruleWords[rule] ?? rule)
    lines.push(`${field.padEnd(width)}  ${shown(value)}  (${why})`)
    if (!agreed || rule === 'by-hand') {
      for (const claim of claims) {
        lines.push(`  ${claim.taken ? '*' : ' '} ${nameOf(claim)} ${shown(claim.value)}`)
        lines.push(`      ${claim.by === null ? timesOf(claim) : safeLine(claim.by)}`)
      }
    }
    // A ruling is about the placing and about its text: it is told once.
    for (const ruling of rulings.filter(({ text }) => !told.has(text))) {
      told.add(ruling.text)
      lines.push(...rulingLines(ruling))
    }
  }
  return `${[...lines, '', ...pagesOf(fields)].join('\n')}\n`
}

function rulingLines({ words, text, agrees, ...said }: StewardsRuling): string[] {
  const page = agrees === false ? [' (not so on the results page)'] : []
  return [
    `    Stewards: ${safeLine(words)}${page.join('')}`,
    ...wrap(`“${safeLine(text)}”`, 72).map((line) => `      ${line.trimEnd()}`),
    `      ${timesOf(said)}`,
    ...(said.url === null ? [] : [`      ${safeLine(said.url)}`]),
  ]
}

const ruleWords: Readonly<Record<string, string>> = {
  only: 'no other source says',
  'tab-first': 'TAB before HRNZ',
  'amended-result': 'HRNZ has the say over results from the second day on',
  'by-hand': 'set by hand, over every source',
}

const names: Readonly<Record<string, string>> = {
  tab_api: 'TAB',
  hrnz_scraper: 'HRNZ',
  manual: 'import',
  'by-hand': 'hand',
}

const nameOf = ({ source }: Claim): string => (names[source] ?? source).padEnd(6)

function agreement(claims: readonly Claim[]): string {
  if (claims.length === 0) return 'no source says'
  const told = [...new Set(claims.map(({ source }) => names[source] ?? source))]
  return told.length === 1 ? `only ${told[0]} says so` : `${told.join(' and ')} agree`
}

/** `2026-03-06 11:00 UTC` */
export const minute = (instant: string): string =>
  `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

function timesOf({
  said_at: said,
  confirmed_at: confirmed,
}: Pick<Claim, 'said_at' | 'confirmed_at'>): string {
  return confirmed === null || confirmed === said
    ? `said ${minute(said)}`
    : `said ${minute(said)}, confirmed ${minute(confirmed)}`
}

/** Each source's document once: the fields of one thing stand on the same page. */
function pagesOf(fields: readonly ClaimedField[]): string[] {
  const pages = new Map<string, string>()
  for (const claim of fields.flatMap(({ claims }) => claims)) {
    const where = claim.url === null ? [] : [safeLine(claim.url)]
    const hash = claim.hash === null ? [] : [`SHA-256 ${claim.hash.slice(0, 12)}…`]
    const moved = claim.archived_in === null ? [] : [`archived in ${safeLine(claim.archived_in)}`]
    if (claim.by !== null) continue
    const lines = [`${nameOf(claim)} ${timesOf(claim)}`, ...where, ...hash, ...moved]
    pages.set(lines.join('\n         '), lines[0]!)
  }
  return [...pages.keys()].map((text) => `  ${text}`)
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return safeLine(String(value))
}
