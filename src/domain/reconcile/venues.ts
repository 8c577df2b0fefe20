import { plain } from '../names.ts'
import type { Source } from '../observation.ts'
import { sequenceRatio, wordRatio } from '../similarity.ts'

/** `venue` is what (source, text) means, between the dates where these are given. */
export interface VenueAlias {
  readonly source: Source | 'any'
  readonly kind: 'club' | 'venue'
  readonly text: string
  readonly venue: string
  readonly validFrom: string | null
  readonly validTo: string | null
}

/** Words that say what a place is, not which one it is. */
const commonWords = new Set([
  'raceway',
  'racecourse',
  'park',
  'trotting',
  'harness',
  'racing',
  'club',
  'inc',
  'hrc',
  'tc',
])

/**
 * The words of a venue or club without those that do not tell it from another. Whole words only, and
 * never down to nothing: removed as substrings, `Parkside` would become `side`.
 */
export function venueWords(text: string): string {
  const words = allWords(text).split(' ')
  const telling = words.filter((word) => !commonWords.has(word))
  return (telling.length > 0 ? telling : words).join(' ')
}

/** A club is known with or without `Trotting Club Inc`; of a venue every word counts. */
function aliasKey(kind: VenueAlias['kind'], text: string): string {
  return `${kind}/${kind === 'club' ? venueWords(text) : allWords(text)}`
}

/** Full stops go first (`T.C.` is `tc`), TAB's code mark `(H)` too; `Mt` is `Mount`, `&` is `and`. */
function allWords(text: string): string {
  const bare = text
    .replace(/\(\s*H\s*\)/gi, ' ')
    .replaceAll('.', '')
    .replaceAll('&', ' and ')
  const words = plain(bare).split(' ')
  return words.map((word) => shortForms.get(word) ?? word).join(' ')
}

const shortForms: ReadonlyMap<string, string> = new Map([
  ['mt', 'mount'],
  ['st', 'saint'],
])

/** The known places: which texts mean the same venue. Built once from the alias table. */
export class VenueDirectory {
  readonly #aliases = new Map<string, VenueAlias[]>()
  readonly #shared = new Set<string>()
  readonly #known = new Set<string>()

  constructor(aliases: readonly VenueAlias[]) {
    const wordsOf = new Map<string, Set<string>>()
    for (const alias of aliases) {
      const key = aliasKey(alias.kind, alias.text)
      const known = this.#aliases.get(key)
      if (known === undefined) this.#aliases.set(key, [alias])
      else known.push(alias)
    }
    for (const alias of aliases) {
      const venue = this.#ownName(alias.venue)
      const telling = venueWords(venue)
      wordsOf.set(telling, (wordsOf.get(telling) ?? new Set()).add(allWords(venue)))
    }
    // Two known venues that differ only in `park` must keep it, or the one turns into the other.
    for (const [telling, venues] of wordsOf) if (venues.size > 1) this.#shared.add(telling)
    for (const alias of aliases) this.#known.add(this.#keyOf(this.#ownName(alias.venue)))
  }

  /** The key of the place a text means for a source on a date; equal keys are the same place. */
  key(text: string, kind: 'club' | 'venue', source: Source, date: string): string {
    const known = this.#aliases
      .get(aliasKey(kind, text))
      ?.filter(
        (alias) =>
          (alias.source === source || alias.source === 'any') &&
          (alias.validFrom === null || alias.validFrom <= date) &&
          (alias.validTo === null || date <= alias.validTo),
      )
    // What one source means outranks what all of them mean.
    const alias = known?.find((entry) => entry.source === source) ?? known?.[0]
    return this.#keyOf(alias === undefined ? text : this.#ownName(alias.venue))
  }

  /** True for the key of a place in the table: two such places are never one by their names. */
  isKnown(key: string): boolean {
    return this.#known.has(key)
  }

  /** True when an alias says what a club's name means as a place. */
  knowsClub(text: string, source: Source, date: string): boolean {
    return (
      this.#aliases
        .get(aliasKey('club', text))
        ?.some(
          (alias) =>
            (alias.source === source || alias.source === 'any') &&
            (alias.validFrom === null || alias.validFrom <= date) &&
            (alias.validTo === null || date <= alias.validTo),
        ) ?? false
    )
  }

  /** An alias may name its venue by another alias: one that holds for all, and for good. */
  #ownName(venue: string): string {
    const known = this.#aliases
      .get(aliasKey('venue', venue))
      ?.find(
        (alias) => alias.source === 'any' && alias.validFrom === null && alias.validTo === null,
      )
    return known?.venue ?? venue
  }

  #keyOf(venue: string): string {
    const telling = venueWords(venue)
    return this.#shared.has(telling) ? allWords(venue) : telling
  }
}

/**
 * How alike two place keys are, 0 to 1. A word that is the initials of words on the other side
 * (`nsr`, `national scenic river`) says the same as they do: what is left beside them decides.
 */
export function venueSimilarity(one: string, other: string): number {
  if (one === other) return 1
  // The longest common block may be found elsewhere from the other side: always from the same one.
  const [a, b] = one < other ? [one, other] : [other, one]
  const [first, second] = withoutInitials(a.split(' '), b.split(' '))
  const [right, left] = withoutInitials(second, first)
  const [x, y] = [left.join(' '), right.join(' ')]
  if (x === y) return 1
  const ratio =
    x === '' || y === '' ? sequenceRatio(a, b) : Math.max(sequenceRatio(x, y), wordRatio(x, y))
  return isLongForm(a, b) || isLongForm(b, a) ? Math.max(ratio, longForm) : ratio
}

/** A name of two words or more that stands whole in a longer one: very likely the same place. */
const longForm = 0.9

function isLongForm(long: string, short: string): boolean {
  return short.includes(' ') && ` ${long} `.includes(` ${short} `)
}

/** Both sides without the initialisms of `words` and the words of `other` that they stand for. */
function withoutInitials(
  words: readonly string[],
  other: readonly string[],
): [readonly string[], readonly string[]] {
  let rest = other
  const left = words.filter((word) => {
    if (word.length < 2 || rest.includes(word)) return true
    for (let from = 0; from < rest.length; from++) {
      const length = initialsAt(word, rest, from)
      if (length === 0) continue
      rest = [...rest.slice(0, from), ...rest.slice(from + length)]
      return false
    }
    return true
  })
  return [left, rest]
}

/** How many words from there on `word` is the initials of; the common words at the end are dropped. */
function initialsAt(word: string, words: readonly string[], from: number): number {
  let length = 0
  while (length < word.length) {
    const next = words[from + length]
    if (next === undefined || next.length < 2 || next[0] !== word[length]) break
    length++
  }
  const isWhole = [...word.slice(length)].every((letter) => commonInitials.has(letter))
  return length >= 2 && isWhole ? length : 0
}

const commonInitials = new Set([...commonWords].map((word) => word[0]))
