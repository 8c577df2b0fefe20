import { Args, Flags } from '@oclif/core'
import { delayFor } from '../cli/config.ts'
import type { Context } from '../cli/context.ts'
import { daysFlag, dryRunFlag, limitFlag, parseRange, rangeFlags, rangeText } from '../cli/flags.ts'
import { ScheduledCommand } from '../cli/scheduled-command.ts'
import type { Finished } from '../cli/write-summary.ts'

const ways = ['auto-discover', 'refresh', 'reparse']

export default class Scrape extends ScheduledCommand<typeof Scrape> {
  static override job = 'hrnz' as const

  static override description =
    'Fetches the registered pages that are due, one at a time. What cannot be read stays due; a run that was ended goes on where it was.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from 2026-02-01 --to 2026-02-28 --auto-discover',
    '<%= config.bin %> <%= command.id %> --file saved-pages/',
    '<%= config.bin %> <%= command.id %> --wanted --days 14',
  ]
  static override args = {
    url: Args.string({
      multiple: true,
      ignoreStdin: true,
      description: 'Results pages to read now, due or not.',
    }),
  }
  static override flags = {
    ...rangeFlags,
    ...daysFlag,
    ...dryRunFlag,
    ...limitFlag,
    'auto-discover': Flags.boolean({ summary: 'Look for meetings of the range first.' }),
    file: Flags.string({
      multiple: true,
      helpValue: 'PATH',
      summary: 'Read saved pages (HTML, MHTML, HAR, zip), or folders of them; no network.',
      exclusive: [...ways, 'from', 'to', 'days', 'limit'],
    }),
    dynamic: Flags.boolean({
      summary:
        "Read due race days of HRNZ's database (see discover --dynamic); needs HARNESS_CONTACT.",
      exclusive: [...ways, 'file', 'wanted', 'urls-file', 'dry-run'],
    }),
    refresh: Flags.boolean({ summary: 'Ask for final pages too, conditionally.' }),
    reparse: Flags.boolean({
      summary: 'Read everything in the archive again, both sources; no network.',
      exclusive: ['auto-discover', 'refresh', 'limit', 'dry-run'],
    }),
    share: Flags.boolean({
      summary:
        'Read the due pages together with other runs that say --share, on any machine (Postgres). Discover first.',
    }),
    wanted: Flags.boolean({
      summary: 'List the meetings whose page is missing, for saving by hand; no network.',
      exclusive: [...ways, 'file', 'limit', 'dry-run'],
    }),
    'urls-file': Flags.string({
      helpValue: 'FILE',
      summary: 'Read the pages whose addresses stand in FILE, one a line.',
      exclusive: [...ways, 'file', 'wanted'],
    }),
    'max-requests': Flags.integer({ min: 1, helpValue: 'N', summary: 'Send at most N requests.' }),
    'max-minutes': Flags.integer({ min: 1, helpValue: 'N', summary: 'Stop after N minutes.' }),
  }
  static override summary = 'read the HRNZ pages that are due'

  protected override get isShared(): boolean {
    return this.flags.share
  }

  protected async work(context: Context): Promise<Finished> {
    const { flags } = this
    const range = await parseRange(flags, context.clock)
    if (range !== undefined) this.say(`pages of meetings from ${rangeText(range)}`)
    const { runScrape } = await import('../app/run-scrape.ts')
    const { settings } = context.config
    const { reparse, wanted, refresh, limit, dynamic, file: files } = flags
    const from = { urls: this.args.url ?? [], files, urlsFile: flags['urls-file'] }
    const way = { reparse, wanted, refresh, dynamic, limit, dryRun: flags['dry-run'] }
    const caps = { maxRequests: flags['max-requests'], maxMinutes: flags['max-minutes'] }
    const autoDiscover = flags['auto-discover']
    const paceMs = delayFor(settings, settings.hrnzUrl)
    const deps = { ...context.deps, ...(await context.scrapeSources()) }
    const worker = this.isShared ? await context.enlist() : undefined
    return await runScrape(deps, { ...from, ...way, ...caps, range, autoDiscover, paceMs, worker })
  }
}
