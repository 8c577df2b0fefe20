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

/** Full stops go first (`T.C.` is `tc`), TAB's code mark `(H)` too. */
function allWords(text: string): string {
  return plain(text.replace(/\(\s*H\s*\)/gi, ' ').replaceAll('.', ''))
}

/** The known places: which texts mean the same venue. Built once from the alias table. */
export class VenueDirectory {
  readonly #aliases = new Map<string, VenueAlias[]>()
  readonly #shared = new Set<string>()

  constructor(aliases: readonly VenueAlias[]) {
    const wordsOf = new Map<string, Set<string>>()
    for (const alias of aliases) {
      const key = aliasKey(alias.kind, alias.text)
      this.#aliases.set(key, [...(this.#aliases.get(key) ?? []), alias])
      const telling = venueWords(alias.venue)
      wordsOf.set(telling, (wordsOf.get(telling) ?? new Set()).add(allWords(alias.venue)))
    }
    // Two known venues that differ only in `park` must keep it, or the one turns into the other.
    for (const [telling, venues] of wordsOf) if (venues.size > 1) this.#shared.add(telling)
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
    const venue = alias?.venue ?? text
    const telling = venueWords(venue)
    return this.#shared.has(telling) ? allWords(venue) : telling
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
}

/** How alike two place keys are, 0 to 1. */
export function venueSimilarity(a: string, b: string): number {
  return a === b ? 1 : Math.max(sequenceRatio(a, b), wordRatio(a, b))
}
