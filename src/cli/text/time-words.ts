import type { Clock } from '../../app/ports.ts'
import { UsageError } from '../../errors.ts'

/** `30m`, `90s`, `1h` as milliseconds. `where`: the flag, for the message. */
export function parseDuration(word: string, where: string): number {
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(word) ?? []
  const ms = Number(count) * (unit === 'h' ? 3_600_000 : unit === 'm' ? 60_000 : 1000)
  if (ms >= 1000 && ms <= 24 * 3_600_000) return ms
  throw new UsageError(
    `${where} ${JSON.stringify(word.slice(0, 40))} is no time between 1s and 24h`,
    'Write 30m, 90s or 1h.',
  )
}

/** `23:30` on today's New Zealand clock, or an instant with its zone, as epoch ms. */
export async function parseInstant(word: string, clock: Clock, where: string): Promise<number> {
  const { nzInstant, racingDate } = await import('../../domain/dates.ts')
  if (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(word)) return nzInstant(racingDate(clock.now()), word)
  const instant = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(word)
    ? Date.parse(word)
    : Number.NaN
  if (!Number.isNaN(instant)) return instant
  throw new UsageError(
    `${where} ${JSON.stringify(word.slice(0, 40))} is no time`,
    'Write 23:30 for the New Zealand clock today, or an instant such as 2026-03-06T11:00:00Z.',
  )
}
