import { InterruptedError, LayoutChangedError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import { addCounts, noCounts, type Warning, type WriteCounts } from '../counts.ts'
import { applyHorsePage, horsePageKind, pedigreePageKind } from './fetch-horse-pages.ts'
import type { AppDeps, HrnzPages } from '../ports.ts'
import type { ScrapeResult } from './scrape-meetings.ts'

/** Reads the archived pages of single horses again, in the order in which they were last seen; null if there are none. */
export async function reparseHorsePages(
  deps: AppDeps & { readonly hrnz: HrnzPages },
): Promise<ScrapeResult | null> {
  const documents = bySeen(
    await deps.unitOfWork.read(({ archive }) =>
      archive.list({ source: 'hrnz_scraper', kind: horsePageKind }),
    ),
  )
  if (documents.length === 0) return null
  const latest = new Map(documents.map((document) => [document.url, document]))
  const counts = noCounts()
  const warnings: Warning[] = []
  let stopped: InterruptedError | undefined
  for (const document of documents) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    if (latest.get(document.url) !== document) continue
    try {
      addCounts(counts, { ...noCounts(), horses: await readArchivedHorse(deps, document) })
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

/** The archived page of a horse, with its pedigree where that is archived as well. */
export async function readArchivedHorse(
  deps: AppDeps & { readonly hrnz: HrnzPages },
  document: ArchivedDocument,
): Promise<WriteCounts['horses']> {
  const { unitOfWork, hrnz } = deps
  const bytesOf = (id: number) => unitOfWork.read(({ archive }) => archive.bytes(id))
  const bytes = await bytesOf(document.id)
  if (bytes === undefined) return noCounts().horses
  const { facts, pedigreeUrl: url } = hrnz.parseHorse(bytes, document)
  const pedigrees =
    url === null
      ? []
      : await unitOfWork.read(({ archive }) =>
          archive.list({ source: 'hrnz_scraper', kind: pedigreePageKind, url }),
        )
  const pedigree = bySeen(pedigrees).at(-1)
  const more = pedigree && (await bytesOf(pedigree.id))
  const parents = pedigree && more ? hrnz.parsePedigree(more, pedigree) : null
  return await applyHorsePage(deps, { ...facts, ...parents }, document.id)
}

/** A page that stands under several ids is replaced by what was seen later. */
export function bySeen<D extends { readonly lastSeenAt: string; readonly id: number }>(
  documents: readonly D[],
): D[] {
  return [...documents].sort((a, b) =>
    a.lastSeenAt < b.lastSeenAt ? -1 : a.lastSeenAt > b.lastSeenAt ? 1 : a.id - b.id,
  )
}
