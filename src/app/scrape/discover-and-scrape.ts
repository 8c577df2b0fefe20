import type { DateRange } from '../../domain/dates.ts'
import { UsageError } from '../../errors.ts'
import { noCounts } from '../counts.ts'
import { discoverMeetings } from '../discover/discover-meetings.ts'
import type { ReadDeps } from './read-results-page.ts'
import { scrapeMeetings, type ScrapeRequest, type ScrapeResult } from './scrape-meetings.ts'
import { sumResults } from './sum-results.ts'

/** Finds the meetings of the range first, then reads what is due. */
export async function discoverAndScrape(
  deps: ReadDeps,
  request: ScrapeRequest & { readonly paceMs: number },
): Promise<ScrapeResult> {
  const range: DateRange | undefined = request.range
  if (range === undefined)
    throw new UsageError('--auto-discover needs dates', 'Add --days 7, or --from DATE --to DATE.')
  const { warnings, partial, outcome, stopped } = await discoverMeetings(deps, {
    range,
    dryRun: false,
    paceMs: request.paceMs,
  })
  const found = { counts: noCounts(), warnings, partial, outcome }
  // A source that stopped us at its lists would not serve its pages.
  if (stopped !== undefined) return { ...found, stopped }
  return sumResults([found, await scrapeMeetings(deps, request)])
}
