import { isoInstant } from '../../domain/dates.ts'
import type { Page } from '../../repositories/pages.ts'
import { archiveFetched } from '../archive-fetched.ts'
import type { AppDeps, Fetcher } from '../ports.ts'

type ListingKind = 'index' | 'month' | 'dates-index' | 'dates-month' | 'calendar' | 'fields-index'

/**
 * The present bytes of an index or month page. It is asked for conditionally: on a `not modified` the
 * archived bytes are the answer. Undefined when there is no such page. `keep` false changes nothing.
 */
export async function readListing(
  deps: AppDeps & { readonly fetcher: Fetcher },
  listing: { readonly url: string; readonly kind: ListingKind; readonly keep: boolean },
): Promise<Uint8Array | undefined> {
  const { url, kind } = listing
  const known = await deps.unitOfWork.read(async ({ pages, archive }) => {
    const page = (await pages.findByUrls('hrnz_scraper', [url]))[0]
    const bytes = page?.documentId == null ? undefined : await archive.bytes(page.documentId)
    return { page, bytes }
  })
  const answer = await deps.fetcher.fetch(url, {
    signal: deps.signal,
    ...(kind === 'calendar' ? { accept: 'text/calendar,text/plain;q=0.8,*/*;q=0.5' } : {}),
    ...(known.bytes === undefined
      ? {}
      : { etag: known.page?.etag ?? null, lastModified: known.page?.lastModified ?? null }),
  })
  if (answer.kind === 'not-modified') return known.bytes
  if (answer.kind === 'missing') return undefined
  const { bytes, etag, lastModified, fetchedAt } = answer.document
  if (!listing.keep) return bytes
  const at = isoInstant(fetchedAt)
  await deps.unitOfWork.run(async ({ pages, archive }) => {
    const filing = { source: 'hrnz_scraper', kind, url } as const
    const documentId = await archiveFetched({ archive }, answer.document, filing)
    await pages.register([
      {
        source: 'hrnz_scraper',
        kind,
        url,
        date: null,
        club: null,
        clubNumber: null,
        venue: null,
        dueAt: null,
        reason: 'read by discover',
      },
    ])
    const page = (await pages.findByUrls('hrnz_scraper', [url]))[0]
    if (page === undefined) return
    const read: Page = {
      ...page,
      // Never due by itself: discover reads it when it is asked to.
      state: 'final',
      dueAt: null,
      lastFetchedAt: at,
      etag,
      lastModified,
      documentId,
    }
    await pages.update([read])
  })
  return bytes
}
