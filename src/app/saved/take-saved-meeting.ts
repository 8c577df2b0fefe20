import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import type { MeetingObservation, ParsedMeeting } from '../../domain/observation.ts'
import { venueWords } from '../../domain/reconcile/venues.ts'
import { clubNumberOf, withClubNumber } from '../../domain/scraping/club-numbers.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { ingestMeeting, type IngestResult } from '../reconcile/ingest-meeting.ts'
import { afterRead } from '../scrape/page-state.ts'
import { registerReport } from '../scrape/read-results-page.ts'
import type { AppDeps, HrnzPageKind } from '../ports.ts'
import { addressOf, archiveSaved, fileUrl, type KnownPage, type SavedDeps } from './saved-page.ts'
import { watchLayout } from '../scrape/watch-layout.ts'

type MeetingPage = KnownPage & { readonly kind: HrnzPageKind }

export const isMeetingPage = (page: KnownPage): page is MeetingPage =>
  page.kind === 'results' || page.kind === 'fields' || page.kind === 'stewards'

/** What a saved page says of a meeting: its results, its card, the stewards' words. */
export const parseSavedMeeting = (
  { hrnz }: Pick<SavedDeps, 'hrnz'>,
  page: MeetingPage,
  expectedDate: string | null = null,
): ParsedMeeting =>
  hrnz.parsePage(page.kind, page.bytes, {
    // The club's number comes from the file's name when it still has its own.
    url: addressOf(page),
    expectedDate,
    contentType: page.contentType,
  })

/** Applies such a page. A registered page of the same meeting counts as read with it. */
export async function takeSavedMeeting(deps: SavedDeps, page: MeetingPage): Promise<IngestResult> {
  const {
    observation: said,
    issues,
    stewardsUrl,
  } = page.kind === 'fields' ? await parseSavedCard(deps, page) : parseSavedMeeting(deps, page)
  const named = await underClubNumber(deps, said)
  const registered = await deps.unitOfWork.read((repositories) => pageOf(repositories, named))
  const url = named.hrnzUrl ?? page.url ?? registered?.url ?? fileUrl(page)
  const observation =
    registered !== undefined && page.kind === 'results' ? { hrnzUrl: url, ...named } : named
  const savedAt = Math.min(page.savedAt, deps.clock.now())
  const { date, club } = observation
  const documentId = await archiveSaved(deps, page, { url, date, label: club ?? null })
  const result = await ingestMeeting(deps, {
    observation,
    issues,
    documentId,
    url,
    parserVersion: deps.hrnz.parserVersion,
    confirmedAt: isoInstant(savedAt),
    alongside: async (repositories) => {
      await settlePage(repositories, { observation, documentId, savedAt })
      if (stewardsUrl !== undefined) {
        const { clubNumber = null, venue = null } = observation
        const about = registered ?? { date, club: club ?? null, clubNumber, venue }
        const now = isoInstant(deps.clock.now())
        await registerReport(repositories, about, { url: stewardsUrl, now, isAmended: false })
      }
      if (observation.kind === 'results')
        await watchLayout(repositories, observation, deps.hrnz.parserVersion)
    },
  })
  deps.progress.step(`${date} ${club ?? page.name}`)
  return result
}

/** A card's page need not tell the year of its date; the registered cards know. */
async function parseSavedCard(deps: SavedDeps, page: MeetingPage): Promise<ParsedMeeting> {
  try {
    return parseSavedMeeting(deps, page)
  } catch (error) {
    const date = error instanceof LayoutChangedError ? await dateOfCard(deps, page) : null
    if (date === null) throw error
    return parseSavedMeeting(deps, page, date)
  }
}

/** By its address, else as the one card of its club around the day on which it was saved. */
async function dateOfCard(deps: SavedDeps, page: MeetingPage): Promise<string | null> {
  const cards = await deps.unitOfWork.read(({ pages }) =>
    pages.list({ source: 'hrnz_scraper', kind: 'fields' }),
  )
  const own = cards.find(({ url }) => url === page.url)
  if (own !== undefined) return own.date
  const day = racingDate(Math.min(page.savedAt, deps.clock.now()))
  const near = cards.filter(
    ({ date }) => date !== null && date >= addDays(day, -1) && date <= addDays(day, 7),
  )
  if (near[0] === undefined) return null
  const { club } = parseSavedMeeting(deps, page, near[0].date).observation
  const ofClub = near.filter((card) => venueWords(card.club ?? '') === venueWords(club ?? ''))
  return ofClub.length === 1 ? (ofClub[0]?.date ?? null) : null
}

/** A renamed page does not tell its club's number; the registered pages of that club do. */
async function underClubNumber(
  deps: AppDeps,
  observation: MeetingObservation,
): Promise<MeetingObservation> {
  const { club, clubNumber } = observation
  if (clubNumber !== undefined || club === undefined) return observation
  const known = await deps.unitOfWork.read(({ pages }) =>
    pages.list({ source: 'hrnz_scraper', kind: 'results' }),
  )
  const number = clubNumberOf(club, known)
  return number === undefined ? observation : withClubNumber(observation, number)
}

/** The registered page of a meeting. */
async function pageOf(
  { pages }: Repositories,
  { date, clubNumber, kind }: MeetingObservation,
): Promise<Page | undefined> {
  if (clubNumber === undefined) return undefined
  const range = { from: date, to: date }
  const ofDay = await pages.list({ source: 'hrnz_scraper', kind, range })
  return ofDay.find((one) => one.clubNumber === clubNumber)
}

/** The registered page of this meeting, if there is one, has been read with the saved copy. */
async function settlePage(
  repositories: Repositories,
  saved: {
    readonly observation: MeetingObservation
    readonly documentId: number
    readonly savedAt: number
  },
): Promise<void> {
  const page = await pageOf(repositories, saved.observation)
  if (page === undefined) return
  const lastRead = page.lastFetchedAt === null ? 0 : Date.parse(page.lastFetchedAt)
  if (page.documentId !== null && lastRead >= saved.savedAt) return
  // Validators belong to bytes that the server sent; the saved copy has none.
  await repositories.pages.update([
    {
      ...afterRead(page, saved.savedAt),
      documentId: saved.documentId,
      etag: null,
      lastModified: null,
    },
  ])
}
