import type { Judgement } from '../masters.ts'
import { isPlainDate } from '../dates.ts'
import { sourceOrder } from '../observation.ts'
import type { BySource } from './matched-card.ts'

export type CorrectionLevel = 'meeting' | 'race' | 'starter'
export type CorrectedValue = string | number | boolean | null

/** Fields set by hand, by the source key of what they belong to. */
export type Corrections = ReadonlyMap<string, Readonly<Record<string, CorrectedValue>>>

export const noCorrections: Corrections = new Map()

type FieldKind = 'text' | 'name' | 'whole' | 'flag' | 'date' | 'instant' | readonly string[]

const statuses = ['scheduled', 'open', 'closed', 'interim', 'final', 'abandoned', 'postponed']

/** What may be set by hand, under the names of the public columns. */
export const correctableFields: Readonly<
  Record<CorrectionLevel, Readonly<Record<string, FieldKind>>>
> = {
  meeting: {
    venue: 'name',
    club: 'text',
    status: statuses,
    track_condition: 'text',
    weather: 'text',
  },
  race: {
    race_number: 'whole',
    name: 'text',
    class_text: 'text',
    distance_m: 'whole',
    gait: ['pace', 'trot'],
    start_type: ['mobile', 'standing'],
    is_handicap: 'flag',
    start_time: 'instant',
    status: statuses,
    stake_cents: 'whole',
    winning_time_ms: 'whole',
    mile_rate_ms: 'whole',
  },
  starter: {
    number: 'whole',
    horse_name: 'name',
    barrier: 'text',
    handicap_m: 'whole',
    driver: 'text',
    trainer: 'text',
    scratched: 'flag',
    finish_position: 'whole',
    finish_raw: 'text',
    time_ms: 'whole',
    margin_raw: 'text',
    stake_cents: 'whole',
    favourite_ranks: 'text',
    sire: 'text',
    dam: 'text',
    dam_sire: 'text',
    sex: 'text',
    colour: 'text',
    country: 'text',
    foaled_on: 'date',
  },
}

/** Fields that every row has: by hand they may be another, but not nothing. */
const neverNull = new Set(['venue', 'status', 'race_number', 'horse_name', 'scratched'])

/** A value as it was typed, as the field holds it; `null` in letters is "unknown". */
export function parseCorrection(
  level: CorrectionLevel,
  field: string,
  typed: string,
): { readonly value: CorrectedValue } | { readonly problem: string } {
  const kind = Object.hasOwn(correctableFields[level], field)
    ? correctableFields[level][field]
    : undefined
  if (kind === undefined) return { problem: `a ${level} has no field ${field}` }
  const text = typed.trim()
  if (text === 'null')
    return neverNull.has(field) ? { problem: `${field} cannot be empty` } : { value: null }
  if (text === '' || text.length > 500)
    return { problem: `${field} takes a value of 1 to 500 letters` }
  if (kind === 'text' || kind === 'name') return { value: text }
  if (kind === 'whole')
    return /^\d{1,12}$/.test(text)
      ? { value: Number(text) }
      : { problem: `${field} is a whole number` }
  if (kind === 'flag') {
    if (/^(1|yes|true)$/i.test(text)) return { value: true }
    return /^(0|no|false)$/i.test(text) ? { value: false } : { problem: `${field} is yes or no` }
  }
  if (kind === 'date')
    return isPlainDate(text) ? { value: text } : { problem: `${field} is a date YYYY-MM-DD` }
  if (kind === 'instant') {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(time)
      ? { problem: `${field} is an instant such as 2026-03-06T05:12:00Z` }
      : { value: new Date(time).toISOString() }
  }
  return kind.includes(text)
    ? { value: text }
    : { problem: `${field} is one of ${kind.join(', ')}` }
}

/** The corrections that count; of two for one field the later one. */
export function correctionsOf(judgements: readonly Judgement[]): Corrections {
  const all = new Map<string, Record<string, CorrectedValue>>()
  for (const { a, b, evidence } of judgements) {
    const value = correctedValue(evidence)
    if (value !== undefined) all.set(a, { ...all.get(a), [camelCase(b)]: value })
  }
  return all
}

/** The value that a correction's evidence holds; undefined where it holds none. */
export function correctedValue(evidence: string): CorrectedValue | undefined {
  const { value } = JSON.parse(evidence) as { value?: unknown }
  const isValue = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  return isValue ? (value as CorrectedValue) : undefined
}

/** What was set by hand of one thing, under whichever of its sources' keys. */
export function setByHand(
  by: BySource<{ readonly key: string }>,
  corrections: Corrections,
): Readonly<Record<string, CorrectedValue>> {
  if (corrections.size === 0) return nothing
  let hand = nothing
  for (const source of sourceOrder) {
    const own = corrections.get(by[source]?.key ?? '')
    if (own !== undefined) hand = { ...own, ...hand }
  }
  return hand
}

const nothing: Readonly<Record<string, CorrectedValue>> = {}

/** `distance_m` → `distanceM` */
export function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** `distanceM` → `distance_m` */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
