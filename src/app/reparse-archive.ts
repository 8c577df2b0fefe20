import type { DateRange } from '../domain/dates.ts'
import { reparseTab } from './capture-reparse.ts'
import type { AppDeps, HrnzPages, TabApi } from './ports.ts'
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
  return sumResults([results, await reparseTab(deps, options)])
}
