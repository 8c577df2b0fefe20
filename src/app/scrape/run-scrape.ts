import type { DateRange } from '../../domain/dates.ts'
import { UsageError } from '../../errors.ts'
import type { WriteResult } from '../counts.ts'
import { discoverAndScrape } from './discover-and-scrape.ts'
import { importSavedPages } from '../saved/import-saved-pages.ts'
import type { AppDeps, DynamicPages, Fetcher, HrnzPages, TabApi } from '../ports.ts'
import { previewSavedPages } from '../saved/preview-saved-pages.ts'
import { previewScrape } from './preview-scrape.ts'
import { readUrlsFile } from './read-urls-file.ts'
import { reparseArchive } from './reparse-archive.ts'
import { scrapeDynamic } from './scrape-dynamic.ts'
import { scrapeMeetings, type ScrapeRequest, type ScrapeResult } from './scrape-meetings.ts'
import { wantedPages } from '../discover/wanted-pages.ts'

/** A scrape as the command line asks for it: one of its ways, with what narrows it. */
export interface RunScrapeRequest {
  readonly range: DateRange | undefined
  readonly urls: readonly string[]
  /** Saved pages or folders; no network then. */
  readonly files: readonly string[] | undefined
  readonly reparse: boolean
  /** List what is missing, and do nothing. */
  readonly wanted: boolean
  /** A file of addresses, besides `urls`. */
  readonly urlsFile: string | undefined
  readonly refresh: boolean
  /** Race days of HRNZ's database instead of static pages. */
  readonly dynamic: boolean
  readonly autoDiscover: boolean
  /** Id of this run, where it shares the pages with others. */
  readonly worker: number | undefined
  readonly dryRun: boolean
  readonly limit: number | undefined
  readonly maxRequests: number | undefined
  readonly maxMinutes: number | undefined
  readonly paceMs: number
}

/** The sources are made when they are needed: saved pages need no client, results pages no TAB. */
export interface RunScrapeDeps extends AppDeps {
  readonly hrnz: HrnzPages
  readonly fetcher: () => Promise<Fetcher>
  /** The race days of HRNZ's database, and the client that asks for them. */
  readonly dynamic: DynamicPages
  readonly dynamicFetcher: () => Promise<Fetcher>
  readonly tab: () => Promise<TabApi>
}

/** Saved pages, the archive, or the network. */
export async function runScrape(
  deps: RunScrapeDeps,
  request: RunScrapeRequest,
): Promise<ScrapeResult | WriteResult> {
  const { files, range, dryRun, paceMs } = request
  if (request.worker !== undefined) refuseOtherWays(request)
  if (files !== undefined)
    return dryRun ? await previewSavedPages(deps, files) : await importSavedPages(deps, files)
  if (request.wanted) return await wantedPages(deps, range)
  if (request.reparse) {
    const tab = await deps.tab()
    return await reparseArchive({ ...deps, tab }, range === undefined ? {} : { range })
  }
  if (request.dynamic)
    return await scrapeDynamic(
      { ...deps, fetcher: await deps.dynamicFetcher() },
      scrapeRequest(request),
    )
  const reading = { ...deps, fetcher: await deps.fetcher() }
  const more = request.urlsFile === undefined ? [] : await readUrlsFile(request.urlsFile)
  const narrowed = scrapeRequest({ ...request, urls: [...request.urls, ...more] })
  if (dryRun) return await previewScrape(reading, narrowed)
  return request.autoDiscover
    ? await discoverAndScrape(reading, { ...narrowed, paceMs })
    : await scrapeMeetings(reading, narrowed)
}

/** What is not due by itself cannot be shared: the others would not know that it was done. */
function refuseOtherWays(request: RunScrapeRequest): void {
  if (request.autoDiscover)
    throw new UsageError(
      '--share and --auto-discover exclude each other: discover must be alone at work',
      'Run `harness discover` first, on one machine; then `harness scrape --share` on each.',
    )
  const { files, urls, urlsFile, reparse, wanted, refresh, dynamic } = request
  const isNamed = files !== undefined || urls.length > 0 || urlsFile !== undefined
  if (isNamed || reparse || wanted || refresh || dynamic)
    throw new UsageError(
      '--share is for the pages that are due, and for nothing else',
      'Leave it out, or the other flags and addresses.',
    )
}

function scrapeRequest(request: RunScrapeRequest): ScrapeRequest {
  const { range, limit, maxRequests, maxMinutes, urls, refresh, worker } = request
  return {
    urls,
    refresh,
    ...(range === undefined ? {} : { range }),
    ...(limit === undefined ? {} : { limit }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(worker === undefined ? {} : { worker }),
  }
}
