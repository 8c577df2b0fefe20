import { Flags } from '@oclif/core'
import type { Clock } from '../../app/ports.ts'
import type { DateRange } from '../../domain/dates.ts'
import { UsageError } from '../../errors.ts'
import { formats } from '../text/render.ts'

/** `--from`, `--to` for commands that work on a range of racing dates. */
export const rangeFlags = {
  from: Flags.string({
    helpValue: 'DATE',
    summary: 'First racing date: YYYY-MM-DD, today, yesterday or -3d.',
  }),
  to: Flags.string({ helpValue: 'DATE', summary: 'Last racing date, included.' }),
}

export const daysFlag = {
  days: Flags.integer({
    min: 1,
    max: 36_600,
    helpValue: 'N',
    summary: 'The last N racing dates, today included.',
    exclusive: ['from', 'to'],
  }),
}

export const dryRunFlag = {
  'dry-run': Flags.boolean({ summary: 'Show what would be done, change nothing.' }),
}

export const limitFlag = {
  limit: Flags.integer({ min: 1, max: 1_000_000, helpValue: 'N', summary: 'At most N of them.' }),
}

export const formatFlag = {
  format: Flags.option({
    options: formats,
    summary: 'How the rows are written; --json is the same as --format json.',
  })(),
}

export interface RangeWords {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly days?: number | undefined
}

/**
 * The range that the flags ask for, as NZ racing dates of the shown time. Nothing asked for is
 * undefined; with one end alone the other is that same date (`--from`: up to today).
 */
export async function parseRange(words: RangeWords, clock: Clock): Promise<DateRange | undefined> {
  const { addDays, racingDate } = await import('../../domain/dates.ts')
  const today = racingDate(clock.now())
  if (words.days !== undefined) return { from: addDays(today, 1 - words.days), to: today }
  if (words.from === undefined && words.to === undefined) return undefined
  const from = await parseDate(
    words.from ?? words.to ?? '',
    clock,
    words.from === undefined ? '--to' : '--from',
  )
  const to =
    words.to === undefined
      ? from > today
        ? from
        : today
      : await parseDate(words.to, clock, '--to')
  if (from > to)
    throw new UsageError(
      `the range is reversed: --from ${from} is after --to ${to}`,
      'Swap the two dates; ranges include both ends.',
    )
  return { from, to }
}

/** One date word as a NZ racing date. `where`: the flag, for the message. */
export async function parseDate(word: string, clock: Clock, where: string): Promise<string> {
  const { addDays, isPlainDate, racingDate } = await import('../../domain/dates.ts')
  const today = racingDate(clock.now())
  if (word === 'today') return today
  if (word === 'yesterday') return addDays(today, -1)
  const back = /^-(\d{1,5})d$/.exec(word)
  if (back !== null) return addDays(today, -Number(back[1]))
  if (isPlainDate(word)) return word
  throw new UsageError(
    `${where} ${JSON.stringify(word.slice(0, 40))} is no date`,
    'Dates are YYYY-MM-DD, today, yesterday, or -3d for three days ago.',
  )
}

/** The resolved range in words, for the terminal: the user sees which dates were meant. */
export function rangeText(range: DateRange): string {
  return range.from === range.to
    ? `${range.from} (NZ racing date)`
    : `${range.from} to ${range.to} (NZ racing dates)`
}
