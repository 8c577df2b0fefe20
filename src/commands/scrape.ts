import { Args, Flags } from '@oclif/core'
import { delayFor } from '../cli/config.ts'
import type { Context } from '../cli/context.ts'
import { daysFlag, dryRunFlag, limitFlag, parseRange, rangeFlags, rangeText } from '../cli/flags.ts'
import type { Finished } from '../cli/write-summary.ts'
import { WritingCommand } from '../cli/writing-command.ts'

export default class Scrape extends WritingCommand<typeof Scrape> {
  static override job = 'hrnz' as const

  static override description = `Fetches the registered pages that are due, one at a time, and reads them into the database. \
A page that cannot be read stays due. A run that was ended goes on where it was when it is started again.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --from 2026-02-01 --to 2026-02-28 --auto-discover',
    '<%= config.bin %> <%= command.id %> --max-minutes 50',
    '<%= config.bin %> <%= command.id %> --file saved-pages/',
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
      summary: 'Read saved HTML pages, or folders of them; no network.',
      exclusive: ['auto-discover', 'refresh', 'reparse', 'from', 'to', 'days', 'limit'],
    }),
    refresh: Flags.boolean({ summary: 'Ask for final pages too, conditionally.' }),
    reparse: Flags.boolean({
      summary: 'Read everything in the archive again, both sources; no network.',
      exclusive: ['auto-discover', 'refresh', 'limit', 'dry-run'],
    }),
    'max-requests': Flags.integer({ min: 1, helpValue: 'N', summary: 'Send at most N requests.' }),
    'max-minutes': Flags.integer({ min: 1, helpValue: 'N', summary: 'Stop after N minutes.' }),
  }
  static override summary = 'read the HRNZ pages that are due'

  protected async work(context: Context): Promise<Finished> {
    const range = await parseRange(this.flags, context.clock)
    if (range !== undefined) this.say(`pages of meetings from ${rangeText(range)}`)
    const { file, reparse, refresh, limit, 'dry-run': dryRun } = this.flags
    const base = { ...context.deps, hrnz: await context.hrnzPages() }
    if (file !== undefined) {
      const { importSavedPages, parseSavedPages } = await import('../app/import-saved-pages.ts')
      if (!dryRun) return await importSavedPages(base, file)
      const { previewOf } = await import('../app/preview-scrape.ts')
      return previewOf(await parseSavedPages(base.hrnz, file))
    }
    if (reparse) {
      const { reparseArchive } = await import('../app/reparse-archive.ts')
      return await reparseArchive({ ...base, tab: await context.tabApi() }, given({ range }))
    }
    const deps = { ...base, fetcher: await context.fetcher('hrnz') }
    const { settings } = context.config
    const request = {
      refresh,
      urls: this.args.url ?? [],
      paceMs: delayFor(settings, settings.hrnzUrl),
      ...given({
        range,
        limit,
        maxRequests: this.flags['max-requests'],
        maxMinutes: this.flags['max-minutes'],
      }),
    }
    if (dryRun) {
      const { previewScrape } = await import('../app/preview-scrape.ts')
      return await previewScrape(deps, request)
    }
    if (this.flags['auto-discover']) {
      const { discoverAndScrape } = await import('../app/discover-and-scrape.ts')
      return await discoverAndScrape(deps, request)
    }
    const { scrapeMeetings } = await import('../app/scrape-meetings.ts')
    return await scrapeMeetings(deps, request)
  }
}

/** Without what was not asked for. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
