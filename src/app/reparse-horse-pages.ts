import { InterruptedError, LayoutChangedError } from '../errors.ts'
import { noCounts, type Warning } from './counts.ts'
import { applyHorsePage, horsePageKind, pedigreePageKind } from './fetch-horse-pages.ts'
import type { AppDeps, HrnzPages } from './ports.ts'
import type { ScrapeResult } from './scrape-meetings.ts'

/** Reads the archived pages of single horses again, in the order in which they were last seen; null if there are none. */
export async function reparseHorsePages(
  deps: AppDeps & { readonly hrnz: HrnzPages },
): Promise<ScrapeResult | null> {
  const { unitOfWork, hrnz } = deps
  const { documents, pedigrees } = await unitOfWork.read(async ({ archive }) => ({
    documents: bySeen(await archive.list({ source: 'hrnz_scraper', kind: horsePageKind })),
    pedigrees: bySeen(await archive.list({ source: 'hrnz_scraper', kind: pedigreePageKind })),
  }))
  if (documents.length === 0) return null
  const latestPedigree = new Map(pedigrees.map((document) => [document.url, document]))
  const latest = new Map(documents.map((document) => [document.url, document]))
  const counts = noCounts()
  const warnings: Warning[] = []
  const bytesOf = (id: number) => unitOfWork.read(({ archive }) => archive.bytes(id))
  let stopped: InterruptedError | undefined
  for (const document of documents) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const bytes = latest.get(document.url) === document ? await bytesOf(document.id) : undefined
    if (bytes === undefined) continue
    try {
      const { facts, pedigreeUrl } = hrnz.parseHorse(bytes, document)
      const pedigree = pedigreeUrl === null ? undefined : latestPedigree.get(pedigreeUrl)
      const more = pedigree && (await bytesOf(pedigree.id))
      const parents = pedigree && more ? hrnz.parsePedigree(more, pedigree) : null
      const horses = await applyHorsePage(deps, { ...facts, ...parents }, document.id)
      counts.horses.created += horses.created
      counts.horses.linked += horses.linked
      counts.horses.review += horses.review
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      warnings.push({ code: error.code, subject: document.url, message: error.message })
    }
  }
  return {
    counts,
    warnings,
    partial: warnings.length > 0,
    outcome: `${latest.size - warnings.length} of ${latest.size} horse pages read again`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** A page that stands under several ids is replaced by what was seen later. */
function bySeen<D extends { readonly lastSeenAt: string; readonly id: number }>(
  documents: readonly D[],
): D[] {
  return [...documents].sort((a, b) =>
    a.lastSeenAt < b.lastSeenAt ? -1 : a.lastSeenAt > b.lastSeenAt ? 1 : a.id - b.id,
  )
}
