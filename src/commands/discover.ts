import { Flags } from '@oclif/core'
import type { Context } from '../cli/context/context.ts'
import { delayFor } from '../cli/context/config.ts'
import { daysFlag, dryRunFlag, parseRange, rangeFlags, rangeText } from '../cli/command/flags.ts'
import { ScheduledCommand } from '../cli/command/scheduled-command.ts'
import type { Finished } from '../cli/command/write-summary.ts'
import { UsageError } from '../errors.ts'

export default class Discover extends ScheduledCommand<typeof Discover> {
  static override job = 'hrnz' as const

  static override description = `Follows the results index and its month pages, and registers the results pages \
of the range for scrape. The static pages reach about a year back. The racing dates and the calendar tell \
which meetings have no page yet, and which will have none.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --days 7',
    '<%= config.bin %> <%= command.id %> --from 2026-02-01 --to 2026-02-28',
    '<%= config.bin %> <%= command.id %> --from 2023-08-01 --to 2023-08-31 --dynamic',
  ]
  static override flags = {
    ...rangeFlags,
    ...daysFlag,
    ...dryRunFlag,
    dynamic: Flags.boolean({
      summary:
        "Search HRNZ's database instead: years without static pages, five seconds a request; needs HARNESS_CONTACT.",
    }),
  }
  static override summary = "find HRNZ's meetings and register their pages"

  protected async work(context: Context): Promise<Finished> {
    const range = await parseRange(this.flags, context.clock)
    if (range === undefined)
      throw new UsageError('which dates?', 'Name a range: --days 7, or --from DATE --to DATE.')
    this.say(`looking for meetings from ${rangeText(range)}`)
    if (this.flags.dynamic) {
      const { discoverDynamic } = await import('../app/discover/discover-dynamic.ts')
      const fetcher = await context.sources.dynamicFetcher()
      const deps = { ...context.deps, fetcher, dynamic: await context.sources.dynamicPages() }
      const done = await discoverDynamic(deps, { range, dryRun: this.flags['dry-run'] })
      const { counts, warnings, racedays } = done
      const lines = racedays.map(
        ({ date, club, url, state }) => `${date}  ${club}  ${state}  ${url}`,
      )
      return { ...done, lines, json: { range, counts, meetings: racedays, warnings } }
    }
    const { discoverMeetings } = await import('../app/discover/discover-meetings.ts')
    const { settings } = context.config
    const found = await discoverMeetings(
      {
        ...context.deps,
        hrnz: await context.sources.hrnzPages(),
        fetcher: await context.sources.fetcher('hrnz'),
      },
      { range, dryRun: this.flags['dry-run'], paceMs: delayFor(settings, settings.hrnzUrl) },
    )
    const { counts, meetings, warnings, partial, outcome, stopped } = found
    return {
      counts,
      warnings,
      partial,
      outcome,
      lines: meetings.map(
        ({ date, club, url, state, reason }) =>
          `${date}  ${club}  ${state}  ${url ?? reason ?? '-'}`,
      ),
      json: { range: found.range, counts, meetings, warnings },
      ...(stopped === undefined ? {} : { stopped }),
    }
  }
}
