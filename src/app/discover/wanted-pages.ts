import { counted } from '../../domain/counted.ts'
import { racingDate, type DateRange } from '../../domain/dates.ts'
import { venueWords } from '../../domain/reconcile/venues.ts'
import { noCounts } from '../counts.ts'
import { expectedKind } from './account-announced.ts'
import type { AppDeps, HrnzPages } from '../ports.ts'
import type { Preview } from '../scrape/preview-scrape.ts'
import { racedayKind } from '../scrape/read-raceday.ts'
import { wantedLists } from './wanted-lists.ts'

/** A meeting whose results page is not here yet. */
interface WantedPage {
  readonly date: string
  readonly club: string | null
  readonly venue: string | null
  /** Null where no list links the page. */
  readonly url: string | null
  readonly reason: string
}

/**
 * What is missing, for saving by hand: lists that tell which pages there are, registered pages that
 * were never read, announced meetings without a page, meetings that only TAB has, and stewards'
 * reports. Looks at the database alone.
 */
export async function wantedPages(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'> & { readonly hrnz: HrnzPages },
  range: DateRange | undefined,
): Promise<Preview> {
  const today = racingDate(deps.clock.now())
  const { pages, reports, expected, masters } = await deps.unitOfWork.read(async (repositories) => {
    const filter = { source: 'hrnz_scraper' as const, ...(range === undefined ? {} : { range }) }
    return {
      pages: [
        ...(await repositories.pages.list({ ...filter, kind: 'results' })),
        ...(await repositories.pages.list({ ...filter, kind: racedayKind })),
      ],
      expected: await repositories.pages.list({ ...filter, kind: expectedKind }),
      reports: await repositories.pages.list({ ...filter, kind: 'stewards' }),
      masters: await repositories.cards.list(range),
    }
  })
  const wanted: WantedPage[] = []
  for (const { date, club, venue, url, documentId, reason } of pages)
    if (documentId === null && date !== null && date <= today)
      wanted.push({ date, club, venue, url, reason: reason ?? 'never read' })
  for (const { date, club, venue, state, errorCode, reason } of expected)
    if (date !== null && date <= today && (state === 'due' || errorCode === 'missing'))
      wanted.push({ date, club, venue, url: null, reason: reason ?? 'announced' })
  const readPlaces = pages.filter(({ documentId }) => documentId !== null)
  for (const { meetingDate: date, club, venue, dataSource, status } of masters) {
    if (dataSource !== 'tab_api' || date > today || status === 'abandoned') continue
    const words = new Set([club, venue].flatMap((text) => (text === null ? [] : venueWords(text))))
    const isThere = [...wanted, ...readPlaces].some(
      (one) =>
        one.date === date &&
        [one.club, one.venue].some((text) => text !== null && words.has(venueWords(text))),
    )
    if (!isThere)
      wanted.push({ date, club, venue, url: null, reason: 'TAB has it; no page of HRNZ is linked' })
  }
  for (const { date, club, venue, url, documentId, reason } of reports)
    if (documentId === null && date !== null)
      wanted.push({ date, club, venue, url, reason: reason ?? "a stewards' report" })
  wanted.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  const lists = await wantedLists(deps, range)
  return {
    counts: noCounts(),
    warnings: [],
    partial: false,
    outcome: outcomeText(lists.length, wanted.length),
    lines: [
      ...lists.map(({ what, url }) => `list        ${what}  ${url}`),
      ...wanted.map(
        ({ date, club, venue, url, reason }) =>
          `${date}  ${club ?? venue ?? '?'}  ${url ?? '-'}  ${reason}`,
      ),
    ],
    json: { lists, wanted },
  }
}

function outcomeText(lists: number, pages: number): string {
  if (lists + pages === 0) return 'nothing is wanted: every known meeting has its page'
  const next = 'save them in a browser and import them with harness scrape --file PATH'
  if (lists === 0) return `${counted(pages, 'page')} wanted; ${next}`
  const more = 'ask again then, for they tell which pages there are'
  const also = pages === 0 ? '' : ` and ${counted(pages, 'page')}`
  return `${lists} ${lists === 1 ? 'list' : 'lists'}${also} wanted; ${next}; ${more}`
}
