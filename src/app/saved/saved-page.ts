import { pathToFileURL } from 'node:url'
import { isoInstant } from '../../domain/dates.ts'
import { LayoutChangedError } from '../../errors.ts'
import { sha256 } from '../archive-fetched.ts'
import type { AppDeps, DynamicPages, HrnzPages, PageKind, SavedPage } from '../ports.ts'
import type { SavedFile } from './saved-files.ts'

export type SavedDeps = AppDeps & { readonly hrnz: HrnzPages; readonly dynamic: DynamicPages }

/** A saved page and what it is. */
export interface KnownPage extends Omit<SavedPage, 'savedAt'> {
  readonly kind: PageKind
  /** Its address on the site, where it has one there. */
  readonly url: string | null
  /** The address that the file claims. */
  readonly claimed: string | null
  readonly savedAt: number
  readonly horseUrl: string | null
}

export type SavedPageRead =
  | { readonly name: string; readonly page: KnownPage; readonly error?: never }
  | { readonly name: string; readonly page?: never; readonly error: LayoutChangedError }

/** The pages of one file, each known or refused for itself: one bad page in a zip spoils no other. */
export function* knownPages(hrnz: HrnzPages, file: SavedFile): Generator<SavedPageRead> {
  let pages: readonly SavedPage[]
  try {
    pages = hrnz.unpackSaved(file.path, file.bytes)
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    yield { name: file.path, error }
    return
  }
  for (const saved of pages) {
    const { name } = saved
    try {
      const { kind, url, horseUrl } = hrnz.recognise(saved)
      if (kind === null) throw new LayoutChangedError(unknown, { code: 'unknown-page' })
      const savedAt = saved.savedAt ?? file.savedAt
      yield { name, page: { ...saved, kind, url, claimed: saved.url, horseUrl, savedAt } }
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      yield { name, error }
    }
  }
}
const unknown =
  'is no page that is read: neither results, fields, a stewards’ report, racing dates, a list of these, nor a race day, race or horse of the database'

/** What it was saved from, or where it lies: results pages are known by their names. */
export const addressOf = ({ url, claimed, name }: KnownPage): string =>
  url ?? claimed ?? pathToFileURL(name).href

/** A page in the archive as if it had been fetched; without an address it goes by its file's name. */
export async function archiveSaved(
  { unitOfWork, clock }: AppDeps,
  page: KnownPage,
  filing: {
    readonly url: string | null
    readonly date?: string | null
    readonly label?: string | null
  },
): Promise<number> {
  // A file from the future (a copied disk, a simulated clock) was saved now at the latest.
  const savedAt = Math.min(page.savedAt, clock.now())
  const { id } = await unitOfWork.run(({ archive }) =>
    archive.put(
      {
        source: 'hrnz_scraper',
        kind: page.kind,
        url: filing.url ?? fileUrl(page),
        hash: sha256(page.bytes),
        contentType: page.contentType,
        etag: null,
        lastModified: null,
        httpStatus: null,
        date: filing.date ?? null,
        label: filing.label ?? null,
        fetchedAt: isoInstant(savedAt),
      },
      page.bytes,
    ),
  )
  return id
}

export const fileUrl = ({ name }: KnownPage): string =>
  `file:${name.slice(name.lastIndexOf('/') + 1)}`
