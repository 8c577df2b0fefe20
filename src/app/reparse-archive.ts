import type { DateRange } from '../domain/dates.ts'
import { reparseTab } from './capture-reparse.ts'
import type { AppDeps, HrnzPages, TabApi } from './ports.ts'
import { reparseHorsePages } from './reparse-horse-pages.ts'
import { reparseResults } from './reparse-results.ts'
import type { ScrapeResult } from './scrape-meetings.ts'
import { sumResults } from './sum-results.ts'

/** Reads everything in the archive again, both sources; no network. */
export async function reparseArchive(
  deps: AppDeps & { readonly hrnz: HrnzPages; readonly tab: TabApi },
  options: { readonly range?: DateRange } = {},
): Promise<ScrapeResult> {
  const results = await reparseResults(deps, options)
  if (results.stopped !== undefined) return results
  // Pages of horses have no date: a range of dates leaves them alone.
  const horses = options.range === undefined ? await reparseHorsePages(deps) : null
  const parts = [results, ...(horses === null ? [] : [horses])]
  if (horses?.stopped !== undefined) return sumResults(parts)
  return sumResults([...parts, await reparseTab(deps, options)])
}
