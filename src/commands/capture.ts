import { Flags } from '@oclif/core'
import type { CaptureResult } from '../app/capture-races.ts'
import type { Context } from '../cli/context.ts'
import { dryRunFlag, parseDate, parseRange, rangeFlags } from '../cli/flags.ts'
import { WritingCommand } from '../cli/writing-command.ts'
import { UsageError } from '../errors.ts'

export default class Capture extends WritingCommand<typeof Capture> {
  static override job = 'capture' as const
  static override endsOnTerm = true

  static override description = `Reads every race that is not settled: entries before the start, results after it. \
TAB lists meetings up to 13 days back. With --watch it keeps going and follows each race; without, one look is taken.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from -13d',
    '<%= config.bin %> <%= command.id %> --watch --until 23:59',
  ]
  static override flags = {
    ...rangeFlags,
    ...dryRunFlag,
    date: Flags.string({
      helpValue: 'DATE',
      summary: 'One racing date; today when no date is given.',
      exclusive: ['from', 'to'],
    }),
    watch: Flags.boolean({
      summary: 'Keep going, following each race until it is settled.',
      exclusive: ['date', 'from', 'to', 'dry-run'],
    }),
    interval: Flags.string({
      dependsOn: ['watch'],
      helpValue: 'TIME',
      summary: 'The longest pause while a race is unfinished: 30m, 90s, 1h. (default: 30m)',
    }),
    until: Flags.string({
      dependsOn: ['watch'],
      helpValue: 'TIME',
      summary: 'When to stop: 23:30 on the New Zealand clock, or an instant in ISO 8601.',
    }),
  }
  static override summary = "read New Zealand's harness meetings from TAB"

  protected async work(context: Context): Promise<CaptureResult> {
    const { date, from, to, watch, interval, until } = this.flags
    const day = await parseDate(date ?? 'today', context.clock, '--date')
    const range = (await parseRange({ from, to }, context.clock)) ?? { from: day, to: day }
    const pause = durationMs(interval ?? '30m')
    const end = until === undefined ? undefined : await instantMs(until, context)
    const deps = {
      ...context.deps,
      tab: await context.tabApi(),
      fetcher: await context.fetcher('tab'),
    }
    if (watch) {
      const { watchRaces } = await import('../app/capture-watch.ts')
      return await watchRaces(deps, {
        intervalMs: pause,
        ...(end === undefined ? {} : { until: end }),
      })
    }
    const { captureRaces } = await import('../app/capture-races.ts')
    return await captureRaces(deps, { range, dryRun: this.flags['dry-run'] })
  }
}

function durationMs(text: string): number {
  const [, count, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? []
  const ms = Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit ?? 's']!
  if (ms >= 1000 && ms <= 24 * 3_600_000) return ms
  throw new UsageError(
    `--interval ${JSON.stringify(text.slice(0, 40))} is no pause between 1s and 24h`,
    'Write 30m, 90s or 1h.',
  )
}

async function instantMs(text: string, context: Context): Promise<number> {
  const { nzInstant, racingDate } = await import('../domain/dates.ts')
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) {
    return nzInstant(racingDate(context.clock.now()), text)
  }
  const instant = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN
  if (!Number.isNaN(instant)) return instant
  throw new UsageError(
    `--until ${JSON.stringify(text.slice(0, 40))} is no time`,
    'Write 23:30 for the New Zealand clock today, or an instant such as 2026-03-06T11:00:00Z.',
  )
}
