import { nameKey, plain } from '../names.ts'

/**
 * A sentence of a report with the race's own horses replaced by marks, so that a pattern can ask
 * where a horse stands without knowing its name: `<0> (a driver) was relegated from 2nd to 3rd`.
 */
export interface MarkedSentence {
  /** As it was written. */
  readonly text: string
  /** In lower case, each horse of the race as `<n>`. */
  readonly shape: string
  /** The name as it stands there, and which starters it may mean: two of a race can bear one name. */
  readonly marks: readonly { readonly written: string; readonly starters: readonly number[] }[]
}

const mostSentence = 600

/** What looks like a ruling: only sentences with one of these words are read further. */
export const rulingWord = /scratch|relegat|demot|placed last|dis-?qualif/i

/** The sentences that look like a ruling. An overlong one is cut, and then fits no pattern. */
export function rulingSentences(text: string): string[] {
  if (!rulingWord.test(text)) return []
  return text
    .split('\n')
    .flatMap(sentencesOf)
    .filter((sentence) => rulingWord.test(sentence))
}

function sentencesOf(line: string): string[] {
  const sentences: string[] = []
  let from = 0
  for (const end of line.matchAll(/[.;!?](?=\s)/g)) {
    const before = line.slice(Math.max(0, end.index - 12), end.index)
    if (end[0] === '.' && abbreviation.test(before)) continue
    sentences.push(line.slice(from, end.index + 1))
    from = end.index + 1
  }
  sentences.push(line.slice(from))
  return sentences
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim().slice(0, mostSentence))
    .filter((sentence) => sentence !== '')
}
/** `No. 3`, `J. Person`, `p.m. on`: a full stop that ends no sentence. */
const abbreviation = /(?:^|[\s(.])(?:nos?|mrs?|ms|dr|st|vs?|approx|div|[a-z])$/i

/** What the starters of a race are called, starter by starter; sources may differ in it. */
export type RaceNames = readonly (readonly string[])[]

/** A sentence with its horses marked. */
export function marked(sentence: string, names: RaceNames): MarkedSentence {
  // A star is a mark beside a name, as nameKey has it.
  const text = sentence
    .normalize('NFC')
    .replace(/[<>*\s]+/g, ' ')
    .trim()
  const words = [...text.matchAll(/[\p{L}\p{N}'\u2019\u2018\u02bc\u0060\u00b4]+/gu)].map(
    ({ 0: word, index }) => ({ word, key: plain(word), from: index, to: index + word.length }),
  )
  const known = byFirstWord(names)
  const marks: { written: string; starters: readonly number[] }[] = []
  let shape = ''
  let at = 0
  for (let index = 0; index < words.length; index++) {
    const found = (known.get(words[index]!.key) ?? []).find(
      ({ keys }) => reads(text, words, index, keys) && standsAlone(text, words, index, keys.length),
    )
    if (found === undefined) continue
    const last = words[index + found.keys.length - 1]!
    shape += `${lower(text.slice(at, words[index]!.from))}<${marks.length}>`
    marks.push({ written: text.slice(words[index]!.from, last.to), starters: found.starters })
    at = last.to
    index += found.keys.length - 1
  }
  return { text: sentence, shape: shape + lower(text.slice(at)), marks }
}

const lower = (text: string): string => text.toLowerCase().replace(/[\u2018\u2019]/g, "'")

interface KnownName {
  readonly keys: readonly string[]
  readonly starters: readonly number[]
}

/** The race's names by their first word, the longest first: `Gift Of Life` is not `Gift`. */
function byFirstWord(names: RaceNames): Map<string, KnownName[]> {
  const startersOf = new Map<string, number[]>()
  names.forEach((called, index) => {
    for (const key of new Set(called.map(nameKey)))
      if (key !== '') startersOf.set(key, [...(startersOf.get(key) ?? []), index])
  })
  const known = new Map<string, KnownName[]>()
  for (const [key, starters] of startersOf) {
    const keys = key.split(' ')
    known.set(keys[0]!, [...(known.get(keys[0]!) ?? []), { keys, starters }])
  }
  for (const list of known.values()) list.sort((a, b) => b.keys.length - a.keys.length)
  return known
}

interface Word {
  readonly word: string
  readonly key: string
  readonly from: number
  readonly to: number
}

/** True where the words from `index` on are this name, written as a name is. */
function reads(
  text: string,
  words: readonly Word[],
  index: number,
  keys: readonly string[],
): boolean {
  return keys.every((key, offset) => {
    const word = words[index + offset]
    if (word?.key !== key) return false
    const isNamed = /^['\u2019\u2018]?[\p{Lu}\p{N}]/u.test(word.word)
    if (!isNamed && (offset === 0 || word.word.length > 3)) return false
    return offset === 0 || /^[\s.-]+$/.test(text.slice(words[index + offset - 1]!.to, word.from))
  })
}

/**
 * `STAR` in `LUCKY STAR was relegated` is another horse's name cut short. A neighbour that is written
 * as names are makes the find doubtful, and a doubtful find is none.
 */
function standsAlone(text: string, words: readonly Word[], index: number, length: number): boolean {
  const last = words[index + length - 1]!
  const before = words[index - 1]
  const after = words[index + length]
  const isOfName = nameWords(text, text.slice(words[index]!.from, last.to))
  const isBeside = (gap: string): boolean => /^[\s'\u2019-]*$/.test(gap)
  return !(
    (before !== undefined &&
      isBeside(text.slice(before.to, words[index]!.from)) &&
      isOfName(before, index === 1)) ||
    (after !== undefined && isBeside(text.slice(last.to, after.from)) && isOfName(after, false))
  )
}

/** How a word looks that may belong to a name which is written like this one. */
function nameWords(text: string, name: string): (word: Word, isFirst: boolean) => boolean {
  if (!/\p{Ll}/u.test(text)) return ({ key }) => !plainWords.has(key)
  if (!/\p{Ll}/u.test(name)) return ({ word }) => /^\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word)
  return ({ word, key }, isFirst) =>
    /^\p{Lu}/u.test(word) && !(isFirst && plainWords.has(key) && !articles.has(key))
}

const articles: ReadonlySet<string> = new Set(['the', 'a', 'an'])
/** Words that stand beside a name where a whole line is in capitals. */
const plainWords: ReadonlySet<string> = new Set(
  (
    'a an and as at be been behind by disqualified disqualification for from had has have horse in ' +
    'is late no number of on order relegated relegation runner scratched scratching scratchings ' +
    'stewards committee jca the then to was were with'
  ).split(' '),
)
