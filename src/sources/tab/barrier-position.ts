import type { StartType } from '../../domain/observation.ts'
import { countOf, textOf } from './plain-values.ts'

/** Where a runner starts, as `starters.barrier` and `starters.handicap_m` have it. */
export interface Draw {
  readonly barrier: string | undefined
  readonly handicapM: number | undefined
  /** The source's word where it is none of the known ones. */
  readonly unknown: string | undefined
}

/**
 * Reads `barrier_position`, `barrier` and `handicap`.
 * Mobile starts name row and number (`Fr3`, `Sr2`); standing starts name the mark (`FT`, `10m`), and
 * the number in `barrier` counts anew on each mark. `Fr-` stands at a scratched runner.
 */
export function readDraw(
  position: string | null | undefined,
  number: number | null | undefined,
  handicap: number | null | undefined,
  startType: StartType | undefined,
): Draw {
  const place = countOf(number, 99)
  const drawn = place === undefined ? undefined : String(place)
  // `handicap: 0` of a mobile start says nothing, at a standing start it is the front mark.
  const metres =
    handicap === null || handicap === undefined || !isMark(handicap)
      ? undefined
      : handicap > 0 || startType === 'standing'
        ? handicap
        : undefined
  const text = textOf(position)
  const word = text?.toLowerCase().replaceAll(' ', '')
  if (word === undefined) return { barrier: drawn, handicapM: metres, unknown: undefined }
  if (word === 'fr-' || word === 'sr-') {
    return { barrier: undefined, handicapM: metres, unknown: undefined }
  }
  const row = /^([fs])r(\d{1,2})$/.exec(word)
  if (row !== null) {
    const barrier = `${row[1] === 'f' ? 'Fr' : 'Sr'}${Number(row[2])}`
    return { barrier, handicapM: metres, unknown: undefined }
  }
  if (word === 'ft') return { barrier: drawn, handicapM: metres ?? 0, unknown: undefined }
  const mark = /^(\d{1,3})m(?:tr?s?)?$/.exec(word)
  if (mark !== null && isMark(Number(mark[1]))) {
    return { barrier: drawn, handicapM: Number(mark[1]), unknown: undefined }
  }
  return { barrier: text, handicapM: metres, unknown: text }
}

/** Marks seen reach 60 metres; 200 leaves room without taking a distance for a mark. */
const isMark = (metres: number): boolean => Number.isInteger(metres) && metres >= 0 && metres <= 200
