import type { DateRange } from '../../domain/dates.ts'
import { reparseTab } from '../capture/capture-reparse.ts'
import type { AppDeps, DynamicPages, HrnzPages, TabApi } from '../ports.ts'
import { reparseHorsePages } from './reparse-horse-pages.ts'
import { reparseImports } from './reparse-imports.ts'
import { reparseResults } from './reparse-results.ts'
import { reparseDynamic } from './scrape-dynamic.ts'
import type { ScrapeResult } from './scrape-meetings.ts'
import { sumResults } from './sum-results.ts'

/** Reads everything in the archive again, imported files too; no network. */
export async function reparseArchive(
  deps: AppDeps & {
    readonly hrnz: HrnzPages
    readonly dynamic: DynamicPages
    readonly tab: TabApi
  },
  options: { readonly range?: DateRange } = {},
): Promise<ScrapeResult> {
  const results = await reparseResults(deps, options)
  if (results.stopped !== undefined) return results
  // Pages of horses have no date, and race days are few: a range of dates leaves them alone.
  const parts: ScrapeResult[] = [results]
  for (const reparse of options.range === undefined ? [reparseHorsePages, reparseDynamic] : []) {
    const more = await reparse(deps)
    if (more !== null) parts.push(more)
    if (more?.stopped !== undefined) return sumResults(parts)
  }
  parts.push(await reparseTab(deps, options))
  const imported = await reparseImports(deps, options)
  return sumResults(imported === null ? parts : [...parts, imported])
}
