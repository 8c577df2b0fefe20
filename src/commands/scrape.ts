import { Args, Flags } from '@oclif/core'
import { delayFor } from '../cli/config.ts'
import type { Context } from '../cli/context.ts'
import { daysFlag, dryRunFlag, limitFlag, parseRange, rangeFlags, rangeText } from '../cli/flags.ts'
import type { Finished } from '../cli/write-summary.ts'
import { WritingCommand } from '../cli/writing-command.ts'
import type { DateRange } from '../domain/dates.ts'
import { UsageError } from '../errors.ts'

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
    if (this.flags.file !== undefined) return await this.#saved(context, this.flags.file)
    if (this.flags.reparse) return await this.#reparse(context, range)
    if (this.flags['dry-run']) return await this.#preview(context, range)
    const deps = await this.#sources(context)
    const { sumResults } = await import('../app/sum-results.ts')
    const found = this.flags['auto-discover'] ? [await this.#discover(context, range)] : []
    // A source that refused the index will not serve its pages.
    if (found[0]?.stopped !== undefined) return sumResults(found)
    const { scrapeMeetings } = await import('../app/scrape-meetings.ts')
    return sumResults([...found, await scrapeMeetings(deps, this.#request(range))])
  }

  #request(range: DateRange | undefined) {
    const { refresh, limit, 'max-requests': maxRequests, 'max-minutes': maxMinutes } = this.flags
    return {
      refresh,
      urls: this.args.url ?? [],
      ...(range === undefined ? {} : { range }),
      ...(limit === undefined ? {} : { limit }),
      ...(maxRequests === undefined ? {} : { maxRequests }),
      ...(maxMinutes === undefined ? {} : { maxMinutes }),
    }
  }

  async #sources(context: Context) {
    return {
      ...context.deps,
      hrnz: await context.hrnzPages(),
      fetcher: await context.fetcher('hrnz'),
    }
  }

  async #discover(context: Context, range: DateRange | undefined) {
    if (range === undefined)
      throw new UsageError('--auto-discover needs dates', 'Add --days 7, or --from DATE --to DATE.')
    const { discoverMeetings } = await import('../app/discover-meetings.ts')
    const { noCounts } = await import('../app/counts.ts')
    const { settings } = context.config
    const { warnings, partial, outcome, stopped } = await discoverMeetings(
      await this.#sources(context),
      { range, dryRun: false, paceMs: delayFor(settings, settings.hrnzUrl) },
    )
    this.say(outcome)
    return {
      counts: noCounts(),
      warnings,
      partial,
      outcome,
      ...(stopped === undefined ? {} : { stopped }),
    }
  }

  async #saved(context: Context, paths: readonly string[]): Promise<Finished> {
    const saved = await import('../app/import-saved-pages.ts')
    const deps = { ...context.deps, hrnz: await context.hrnzPages() }
    if (!this.flags['dry-run']) return await saved.importSavedPages(deps, paths)
    const { previewOf } = await import('../app/preview-scrape.ts')
    return previewOf(await saved.parseSavedPages(deps.hrnz, paths))
  }

  async #reparse(context: Context, range: DateRange | undefined): Promise<Finished> {
    const { reparseResults } = await import('../app/reparse-results.ts')
    const { reparseTab } = await import('../app/capture-reparse.ts')
    const { sumResults } = await import('../app/sum-results.ts')
    const deps = { ...context.deps, hrnz: await context.hrnzPages(), tab: await context.tabApi() }
    const options = range === undefined ? {} : { range }
    return sumResults([await reparseResults(deps, options), await reparseTab(deps, options)])
  }

  async #preview(context: Context, range: DateRange | undefined): Promise<Finished> {
    const { previewScrape } = await import('../app/preview-scrape.ts')
    return await previewScrape(await this.#sources(context), this.#request(range))
  }
}
