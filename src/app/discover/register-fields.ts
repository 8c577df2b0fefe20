import { isoInstant, racingDate, type DateRange } from '../../domain/dates.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { Warning } from '../counts.ts'
import { readListing } from './listing-pages.ts'
import type { AppDeps, Fetcher, HrnzPages, ListedMeeting } from '../ports.ts'

/**
 * Registers the cards of the coming days, which the index of fields links, for scrape; gives their
 * number. Nothing to ask for where the range is over: the index knows the coming days alone.
 */
export async function registerFields(
  deps: AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages },
  range: DateRange,
  options: { readonly keep: boolean; readonly warnings: Warning[] },
): Promise<number> {
  const { hrnz, clock } = deps
  const today = racingDate(clock.now())
  if (range.to < today) return 0
  const url = hrnz.fieldsIndexUrl
  try {
    const bytes = await readListing(deps, { url, kind: 'fields-index', keep: options.keep })
    deps.progress.step(url)
    if (bytes === undefined) return 0
    const cards = hrnz
      .parseFieldsIndex(bytes, url, today)
      .filter(({ date }) => date >= range.from && date <= range.to && date >= today)
    if (options.keep) await registerCards(deps, cards)
    return cards.length
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    options.warnings.push({ code: error.code, subject: url, message: error.message })
    return 0
  }
}

/** Cards that are not over, for scrape. */
export async function registerCards(
  { clock, unitOfWork }: Pick<AppDeps, 'clock' | 'unitOfWork'>,
  cards: readonly ListedMeeting[],
): Promise<void> {
  const now = isoInstant(clock.now())
  const dateOf = new Map(cards.map(({ url, date }) => [url, date]))
  await unitOfWork.run(async ({ pages }) => {
    await pages.register(
      cards.map((card) => ({
        ...card,
        source: 'hrnz_scraper' as const,
        kind: 'fields',
        dueAt: now,
        reason: 'never read',
      })),
    )
    // The name of a page is used again a year later.
    const reused = (await pages.findByUrls('hrnz_scraper', [...dateOf.keys()])).filter(
      (page) => page.date !== dateOf.get(page.url),
    )
    await pages.update(
      reused.map((page) => ({
        ...page,
        date: dateOf.get(page.url) ?? page.date,
        state: 'due' as const,
        dueAt: now,
        attempts: 0,
        reason: 'never read',
        etag: null,
        lastModified: null,
        documentId: null,
      })),
    )
  })
}
