import type { RaceObservation, StarterObservation } from '../observation.ts'

/**
 * Book numbers that a protest text calls disqualified. The text is free:
 * `#3 Name has been disqualifed for galloping`, `Disqualification: #6 (first past the post) …`,
 * `Protest DISMISSED - 4th (#9) v 2nd (#6)`. Where the wording leaves a doubt nobody is named.
 */
export function disqualifiedNumbers(text: string): number[] {
  const named = new Set<number>()
  const parts = text.slice(0, 2000).split(numberMark)
  // parts: words, number, words, number, words …
  for (let index = 1; index < parts.length; index += 2) {
    const number = Number(parts[index])
    const before = parts[index - 1] ?? ''
    if (isVerdict(parts[index + 1] ?? '') || announces.test(before)) {
      named.add(number)
      // `#3 and #5 disqualified`: the verdict is on both.
      for (let back = index - 2; back > 0 && joins.test(parts[back + 1] ?? ''); back -= 2) {
        if (!takesAim.test(parts[back - 1] ?? '')) named.add(Number(parts[back]))
      }
    } else if (joins.test(before) && named.has(Number(parts[index - 2])) && sequel(parts, index)) {
      named.add(number)
    }
  }
  return [...named].sort((a, b) => a - b)
}

/** The race with its disqualified starters without a placing; the text stays on the race. */
export function withVerdicts(race: RaceObservation): RaceObservation {
  const numbers = new Set(disqualifiedNumbers(race.protestText ?? ''))
  if (numbers.size === 0) return race
  return {
    ...race,
    starters: race.starters.map((starter) =>
      starter.number !== undefined && numbers.has(starter.number) && starter.scratched !== true
        ? disqualified(starter)
        : starter,
    ),
  }
}

function disqualified(starter: StarterObservation): StarterObservation {
  const { finishPosition, stakeCents: _earned, ...rest } = starter
  return {
    ...rest,
    finishRaw: 'DSQ',
    ...(finishPosition === undefined
      ? {}
      : { more: { ...rest.more, placingInResults: String(finishPosition) } }),
  }
}

const numberMark = /(?:#|\bno\.?|\bnumber|\brunner)\s{0,2}(\d{1,2})(?!\d)/i
/** Misspelt in the wild: `disqualifed`. */
const verdict = /\bdis-?qualif/i
/** A relegation (`disqualified from 2nd and placed 5th`) keeps a placing; a denial is no verdict. */
const doubt = /\b(?:not|no|never|dismissed|relegated|placed|denied|withdrawn)\b/i
const announces = /\bdis-?qualif(?:ied|ed|ication)(?:\s*[:-]|\s+of)?\s*$/i
const joins = /^\s*(?:,|and|&|,\s*and)\s*$/i
const takesAim = /\b(?:with|against|behind|to|by|v|vs|from|of)\s*\(?\s*$/i

/** What is said of a number ends with its sentence: the next one may dismiss another protest. */
function isVerdict(words: string): boolean {
  const sentence = words.split(/[.;!](?:\s|$)/)[0] ?? ''
  return verdict.test(sentence) && !doubt.test(sentence)
}

/** `Disqualified: #3 and #5`: the list goes on only when nothing else is said of the number. */
function sequel(parts: readonly string[], index: number): boolean {
  const words = parts[index + 1] ?? ''
  return announces.test(parts[0] ?? '') && !doubt.test(words)
}
