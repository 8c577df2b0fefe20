import { isPlainDate, isoInstant } from '../../domain/dates.ts'

/**
 * What TAB writes where it has nothing to say: empty text, 0 and the year 1. None of these may
 * become a value.
 */
export function textOf(value: string | null | undefined, longest = 300): string | undefined {
  if (value === null || value === undefined) return undefined
  const text = value.replace(invisible, ' ').replace(/\s+/g, ' ').trim().slice(0, longest)
  return text === '' ? undefined : text
}

/** A number above 0. */
export function amountOf(value: number | null | undefined): number | undefined {
  return value === null || value === undefined || !(value > 0) ? undefined : value
}

/** A whole number from 1 to `largest`. */
export function countOf(value: number | null | undefined, largest: number): number | undefined {
  const amount = amountOf(value)
  return amount !== undefined && Number.isInteger(amount) && amount <= largest ? amount : undefined
}

/** An instant written in ISO 8601, in UTC or with an offset. */
export function instantOf(value: string | null | undefined): string | undefined {
  const text = textOf(value)
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined
  return plausibleInstant(Date.parse(text))
}

/** An instant in seconds since 1970. */
export function epochOf(value: number | null | undefined): string | undefined {
  const seconds = amountOf(value)
  return seconds === undefined ? undefined : plausibleInstant(Math.round(seconds * 1000))
}

/** The date at the start of a text; TAB dresses racing dates up as midnight UTC. */
export function dateOf(value: string | null | undefined): string | undefined {
  const date = textOf(value)?.slice(0, 10)
  return date !== undefined && isPlainDate(date) && date > '1900' ? date : undefined
}

/** Seconds with decimals, as milliseconds. */
export function millisecondsOf(seconds: number | null | undefined): number | undefined {
  const amount = amountOf(seconds)
  return amount === undefined || amount > 3600 ? undefined : Math.round(amount * 1000)
}

/** Dollars, as cents. */
export function centsOf(dollars: number | null | undefined): number | undefined {
  const amount = amountOf(dollars)
  return amount === undefined || amount > 100_000_000 ? undefined : Math.round(amount * 100)
}

/** Values under their labels, without those that say nothing; undefined where none is left. */
export function labelled(
  values: Readonly<Record<string, string | number | null | undefined>>,
): Readonly<Record<string, string>> | undefined {
  const kept: Record<string, string> = {}
  for (const [label, value] of Object.entries(values)) {
    const text = typeof value === 'number' ? textOf(String(value)) : textOf(value)
    if (text !== undefined) kept[label] = text
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** An object without its undefined properties: an absent property is what "not said" means. */
export function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** From 1990 to 2100: TAB's year 1 and the epoch itself are no times. */
function plausibleInstant(epochMs: number): string | undefined {
  return epochMs > 631_152_000_000 && epochMs < 4_102_444_800_000 ? isoInstant(epochMs) : undefined
}

const invisible = /[\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff]/g
