import { groupBy } from '../group-by.ts'
import { storable } from '../storable.ts'
import { marked, type RaceNames, rulingSentences, rulingWord } from './marked-sentences.ts'
import { isDenial, isDoubtful, takesBack } from './ruling-doubts.ts'
import { fitting, type RulingKind } from './ruling-patterns.ts'

/** What stewards decided of one starter, as one sentence of their words says it. */
export interface Ruling {
  readonly kind: RulingKind
  /** Placing at the post and after the ruling, where they are told. */
  readonly from: number | null
  readonly to: number | null
  /** The starter that it is put behind, by its place in the list of names. */
  readonly behind: number | null
  /** Of a late scratching: the time on the clock, `17:40`. */
  readonly time: string | null
  readonly reason: string | null
  readonly text: string
}

export interface ReadRulings {
  readonly rulings: readonly (Ruling & { readonly starter: number })[]
  /** Sentences that look like a ruling, and are neither understood nor plainly none. */
  readonly unclear: readonly string[]
}

/**
 * Reads the rulings out of the stewards' words on one race. A sentence has to fit a pattern from its
 * first word to its last and must hold no word of doubt: reports tell of other days and races, of
 * protests that failed and of what was only considered, and a wrong fact is worse than none.
 */
export function readRulings(
  text: string,
  race: { readonly number: number; readonly names: RaceNames },
): ReadRulings {
  const rulings: (Ruling & { starter: number })[] = []
  const unclear: string[] = []
  const isTakenBack = takesBack.test(text)
  for (const sentence of rulingSentences(text)) {
    const { shape, marks } = marked(sentence, race.names)
    // The word was a horse's name: `SCRATCHED was slow to begin`.
    if (!rulingWord.test(shape)) continue
    const found = isTakenBack || isDoubtful(shape, race.number) ? undefined : fitting(shape)
    const starters = found?.subjects.map((mark) => only(marks[mark]))
    const behind = found?.behind === undefined ? null : only(marks[found.behind])
    if (found === undefined || starters?.includes(undefined) === true || behind === undefined) {
      if (!isDenial(shape)) unclear.push(sentence)
      continue
    }
    const { kind, from, to, tail } = found
    const words = tail.replace(/<(\d+)>/g, (_, mark) => marks[Number(mark)]?.written ?? '')
    const told = { kind, from, to, behind, ...timeAndReason(kind, words), text: sentence }
    for (const starter of starters ?? []) rulings.push({ ...told, starter: starter! })
  }
  return withoutContradictions(rulings, unclear)
}

/** The starter that a mark means; undefined where it may be one of several. */
function only(mark: { readonly starters: readonly number[] } | undefined): number | undefined {
  return mark?.starters.length === 1 ? mark.starters[0] : undefined
}

/** One ruling of a kind for a starter: said twice it counts once, said in two ways not at all. */
function withoutContradictions(
  rulings: readonly (Ruling & { readonly starter: number })[],
  unclear: readonly string[],
): ReadRulings {
  const kept: (Ruling & { readonly starter: number })[] = []
  const disputed: string[] = []
  for (const [, told] of groupBy(rulings, ({ starter, kind }) => `${starter} ${kind}`)) {
    const ways = new Set(told.map(({ from, to, behind }) => `${from} ${to} ${behind}`))
    if (ways.size === 1) kept.push(told[0]!)
    else disputed.push(...told.map(({ text }) => text))
  }
  // A text that was cut must come back from the database as it is here.
  return storable({ rulings: kept, unclear: [...new Set([...unclear, ...disputed])] })
}

const clock = /\b(\d{1,2})[.:](\d{2})\s?([ap]\.?m)?/

/** A time without am or pm is taken only where it can be one alone: 17.40. */
function timeAndReason(
  kind: RulingKind,
  tail: string,
): { readonly time: string | null; readonly reason: string | null } {
  const [told = '', hours, minutes, half] = (kind === 'scratched' && clock.exec(tail)) || []
  const isKnown = half === undefined ? Number(hours) > 12 : Number(hours) <= 12
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half[0] === 'p' ? 12 : 0)
  const time =
    told !== '' && isKnown && hour < 24 && Number(minutes) < 60
      ? `${String(hour).padStart(2, '0')}:${minutes}`
      : null
  const reason = tail
    .replace(/(?:\bat )?\b\d{1,2}[.:]\d{2}(?:\s?[ap]\.?m\.?)?(?: hours| hrs)?/g, ' ')
    .replace(/^[\s,:–-]+|[\s,.]+$/g, '')
    .replace(/^\(([^()]*)\)$/, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return { time, reason: reason === '' ? null : reason.slice(0, 200) }
}
