import { Args } from '@oclif/core'
import { delayFor } from '../cli/context/config.ts'
import type { Context } from '../cli/context/context.ts'
import { parseRange, rangeText } from '../cli/command/flags.ts'
import { ScheduledCommand } from '../cli/command/scheduled-command.ts'
import { scrapeFlags } from '../cli/command/scrape-flags.ts'
import type { Finished } from '../cli/command/write-summary.ts'

export default class Scrape extends ScheduledCommand<typeof Scrape> {
  static override job = 'hrnz' as const

  static override description =
    'Fetches the registered pages that are due, one at a time. What cannot be read stays due; a run that was ended goes on where it was.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from 2026-02-01 --to 2026-02-28 --auto-discover',
    '<%= config.bin %> <%= command.id %> --file saved-pages/',
    '<%= config.bin %> <%= command.id %> --wanted --days 14',
    '<%= config.bin %> <%= command.id %> --share --db postgres://user@host/harness',
  ]
  static override args = {
    url: Args.string({
      multiple: true,
      ignoreStdin: true,
      description: 'Results pages to read now, due or not.',
    }),
  }
  static override flags = scrapeFlags
  static override summary = 'read the HRNZ pages that are due'

  protected async work(context: Context): Promise<Finished> {
    const { flags } = this
    const range = await parseRange(flags, context.clock)
    if (range !== undefined) this.say(`pages of meetings from ${rangeText(range)}`)
    const { runScrape } = await import('../app/scrape/run-scrape.ts')
    const { settings } = context.config
    const { reparse, wanted, refresh, limit, dynamic, file: files } = flags
    const from = { urls: this.args.url ?? [], files, urlsFile: flags['urls-file'] }
    const way = { reparse, wanted, refresh, dynamic, limit, dryRun: flags['dry-run'] }
    const caps = { maxRequests: flags['max-requests'], maxMinutes: flags['max-minutes'] }
    const autoDiscover = flags['auto-discover']
    const paceMs = delayFor(settings, settings.hrnzUrl)
    const deps = { ...context.deps, ...(await context.sources.ofScrape()) }
    const worker = this.isShared ? await context.locks.enlist(context.runId) : undefined
    return await runScrape(deps, { ...from, ...way, ...caps, range, autoDiscover, paceMs, worker })
  }
}
