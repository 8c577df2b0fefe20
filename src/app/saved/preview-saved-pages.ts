import { counted } from '../../domain/counted.ts'
import { LayoutChangedError } from '../../errors.ts'
import { nothingWritten, type Preview } from '../scrape/preview-scrape.ts'
import { savedFiles } from './saved-files.ts'
import { knownPages, type KnownPage, type SavedDeps } from './saved-page.ts'
import type { Warning } from '../counts.ts'
import { isListPage, parseSavedList } from './take-saved-list.ts'
import { isMeetingPage, parseSavedMeeting } from './take-saved-meeting.ts'

/** What saved pages are and what the parsers make of them, for a look without writing. */
export async function previewSavedPages(
  deps: SavedDeps,
  paths: readonly string[],
): Promise<Preview> {
  const pages: Record<string, unknown>[] = []
  const warnings: Warning[] = []
  const issues: Warning[] = []
  for await (const file of savedFiles(paths))
    for (const { name, page, error } of knownPages(deps.hrnz, file)) {
      try {
        if (error !== undefined) throw error
        // Texts cut out of a page keep all of it in memory; of many pages that is too much.
        const read = structuredClone(parsed(deps, page))
        pages.push({ path: name, kind: page.kind, url: page.url, ...read })
        issues.push(...read.issues)
      } catch (reason) {
        if (!(reason instanceof LayoutChangedError)) throw reason
        warnings.push({ code: reason.code, subject: name, message: reason.message })
      }
    }
  const left = warnings.length === 0 ? '' : `; ${warnings.length} could not be`
  return {
    ...nothingWritten(
      [...warnings, ...issues],
      `${counted(pages.length, 'page')} parsed${left}; nothing was written`,
    ),
    partial: warnings.length > 0,
    lines: [JSON.stringify(pages, null, 2)],
    json: { meetings: pages },
  }
}

function parsed(deps: SavedDeps, page: KnownPage) {
  if (isMeetingPage(page)) return parseSavedMeeting(deps, page)
  if (isListPage(page)) return parseSavedList(deps, page)
  const { kind, url } = page
  if (kind === 'horse' && url !== null) return deps.hrnz.parseHorse(page.bytes, { ...page, url })
  // A race day, a race, a pedigree: what it says is made of several pages when they are read in.
  return { issues: [] }
}
