import type { Gait, RaceStatus, StartType } from '../../domain/observation.ts'
import { textOf } from './plain-values.ts'

/**
 * TAB's words for the state of a race; `Live` is known from the same API abroad, where the race is
 * being run. Undefined for no word, null for one that is not known.
 */
export function raceStatus(word: string | null | undefined): RaceStatus | null | undefined {
  const text = textOf(word)?.toLowerCase()
  if (text === undefined) return undefined
  return statuses.get(text) ?? null
}

/** The gait as TAB's own field says it, else as the race's name says it. */
export function gaitOf(
  word: string | null | undefined,
  name: string | null | undefined,
): Gait | undefined {
  const said = textOf(word)?.toLowerCase()
  if (said !== undefined) {
    if (/^(?:p|pace|pacer|pacers|pacing)$/.test(said)) return 'pace'
    if (/^(?:t|trot|trotter|trotters|trotting)$/.test(said)) return 'trot'
  }
  const text = name ?? ''
  const pace = /\b(?:pace|pce|pacers?|pacing)\b/i.test(text)
  const trot = /\b(?:trot|trt|trotters?|trotting)\b/i.test(text)
  // A name with both words (a pace named after a trotter) does not say which it is.
  if (pace === trot) return undefined
  return pace ? 'pace' : 'trot'
}

/** Mobile or standing. A name without `mobile` proves nothing, so it gives no standing start. */
export function startTypeOf(
  word: string | null | undefined,
  name: string | null | undefined,
): StartType | undefined {
  const said = textOf(word)?.toLowerCase()
  if (said !== undefined) {
    if (/^(?:m|mobile|mobile start|ms)$/.test(said)) return 'mobile'
    if (/^(?:s|standing|stand|standing start|ss)$/.test(said)) return 'standing'
  }
  if (/\b(?:mobile|mbl)\b/i.test(name ?? '')) return 'mobile'
  return /\b(?:standing|stand)\b/i.test(name ?? '') ? 'standing' : undefined
}

/** True where the name or the conditions call the race a handicap; no word proves the contrary. */
export function handicapOf(...texts: readonly (string | null | undefined)[]): true | undefined {
  return texts.some((text) => /\b(?:hcp|hcap|handicap)\b/i.test(text ?? '')) ? true : undefined
}

const statuses: ReadonlyMap<string, RaceStatus> = new Map([
  ['open', 'open'],
  ['live', 'closed'],
  ['closed', 'closed'],
  ['interim', 'interim'],
  ['final', 'final'],
  ['abandoned', 'abandoned'],
  ['postponed', 'postponed'],
])
