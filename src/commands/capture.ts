import { Flags } from '@oclif/core'
import { changeStream } from '../cli/command/change-stream.ts'
import type { WatchRound } from '../app/capture/capture-watch.ts'
import type { Context } from '../cli/context/context.ts'
import { dryRunFlag, parseDate, parseRange, rangeFlags } from '../cli/command/flags.ts'
import { parseDuration, parseInstant } from '../cli/text/time-words.ts'
import { ScheduledCommand } from '../cli/command/scheduled-command.ts'
import type { Finished } from '../cli/command/write-summary.ts'

export default class Capture extends ScheduledCommand<typeof Capture> {
  static override job = 'capture' as const
  static override endsOnTerm = true

  static override description = `Reads every race that is not settled: entries before the start, results after it. \
TAB lists meetings up to 13 days back. With --watch it keeps going and follows each race; without, one look is taken.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from -13d',
    '<%= config.bin %> <%= command.id %> --watch --until 23:59',
    '<%= config.bin %> <%= command.id %> --watch --format ndjson | jq .kind',
  ]
  static override flags = {
    ...rangeFlags,
    ...dryRunFlag,
    date: Flags.string({
      helpValue: 'DATE',
      summary: 'One racing date; today when no date is given.',
      exclusive: ['from', 'to'],
    }),
    format: Flags.option({
      options: ['ndjson'] as const,
      summary: 'One line of JSON on stdout for each change, as it happens; the summary on stderr.',
      exclusive: ['json', 'dry-run'],
    })(),
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

  protected async work(context: Context): Promise<Finished> {
    const { date, from, to, watch, interval, until } = this.flags
    const day = await parseDate(date ?? 'today', context.clock, '--date')
    const range = (await parseRange({ from, to }, context.clock)) ?? { from: day, to: day }
    const pause = parseDuration(interval ?? '30m', '--interval')
    const end =
      until === undefined ? {} : { until: await parseInstant(until, context.clock, '--until') }
    const deps = {
      ...context.deps,
      tab: await context.sources.tabApi(),
      fetcher: await context.sources.fetcher('tab'),
      ...(this.flags.format === undefined ? {} : { onChanges: changeStream() }),
    }
    const streamed = this.flags.format !== undefined
    if (watch) {
      const { watchRaces } = await import('../app/capture/capture-watch.ts')
      const onRound = ({ stopped, outcome }: WatchRound) =>
        this.beat(context, stopped === undefined, outcome)
      return {
        ...(await watchRaces({ ...deps, onRound }, { intervalMs: pause, ...end })),
        streamed,
      }
    }
    const { captureRaces } = await import('../app/capture/capture-races.ts')
    return { ...(await captureRaces(deps, { range, dryRun: this.flags['dry-run'] })), streamed }
  }
}
