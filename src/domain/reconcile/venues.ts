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
 * (`nsr`, `national scenic river`) is taken as those words.
 */
export function venueSimilarity(one: string, other: string): number {
  if (one === other) return 1
  // The longest common block may be found elsewhere from the other side: always from the same one.
  const [a, b] = one < other ? [one, other] : [other, one]
  const left = spelledOut(a, b)
  const right = spelledOut(b, a)
  if (left === right) return 1
  const ratio = Math.max(sequenceRatio(left, right), wordRatio(left, right))
  return isLongForm(a, b) || isLongForm(b, a) ? Math.max(ratio, longForm) : ratio
}

/** A name of two words or more that stands whole in a longer one: very likely the same place. */
const longForm = 0.9

function isLongForm(long: string, short: string): boolean {
  return short.includes(' ') && ` ${long} `.includes(` ${short} `)
}

/** `text` with its initialisms written as the words of `other` that they stand for. */
function spelledOut(text: string, other: string): string {
  const words = other.split(' ')
  return text
    .split(' ')
    .map((word) => {
      if (word.length < 2 || words.includes(word)) return word
      for (let from = 0; from + word.length <= words.length; from++) {
        const run = words.slice(from, from + word.length)
        if (run.every((part, index) => part.length > 1 && part[0] === word[index])) {
          return run.join(' ')
        }
      }
      return word
    })
    .join(' ')
}
