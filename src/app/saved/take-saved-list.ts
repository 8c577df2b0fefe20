import { racingDate } from '../../domain/dates.ts'
import type { ParseIssue } from '../../domain/observation.ts'
import { mergeAnnounced, type CalendarMeeting } from '../../domain/scraping/account-meetings.ts'
import { accountAnnounced } from '../discover/account-announced.ts'
import { registerRacedays } from '../discover/discover-dynamic.ts'
import type { HrnzPages, ListedMeeting, PageKind } from '../ports.ts'
import { registerCards } from '../discover/register-fields.ts'
import { registerResults } from '../discover/register-results.ts'
import { archiveSaved, type KnownPage, type SavedDeps } from './saved-page.ts'

const listKinds = [
  'index',
  'month',
  'fields-index',
  'dates-index',
  'dates-month',
  'calendar',
  'raceday-search',
] as const satisfies readonly PageKind[]
type ListPage = KnownPage & { readonly kind: (typeof listKinds)[number] }

export const isListPage = (page: KnownPage): page is ListPage =>
  listKinds.some((kind) => kind === page.kind)

interface SavedList {
  readonly results?: readonly ListedMeeting[]
  readonly cards?: readonly ListedMeeting[]
  readonly racedays?: readonly Pick<ListedMeeting, 'url' | 'date' | 'club'>[]
  readonly announced?: readonly CalendarMeeting[]
  readonly issues: readonly ParseIssue[]
}

/** What a saved list says. Links lead to where the page was saved from, or would have been. */
export function parseSavedList({ hrnz, dynamic, clock }: SavedDeps, page: ListPage): SavedList {
  const { kind, bytes, contentType } = page
  const url = listUrl(hrnz, page)
  switch (kind) {
    case 'index':
    case 'month': {
      const listing = hrnz.parseIndex(bytes, url ?? hrnz.indexUrl)
      return { results: listing.meetings, issues: listing.issues }
    }
    case 'fields-index': {
      const day = racingDate(Math.min(page.savedAt, clock.now()))
      const cards = hrnz.parseFieldsIndex(bytes, url ?? hrnz.fieldsIndexUrl, day)
      return { cards, issues: [] }
    }
    case 'dates-month': {
      const month = hrnz.parseDatesMonth(bytes, url ?? hrnz.datesIndexUrl, null)
      return { announced: month.meetings, issues: month.issues }
    }
    case 'dates-index':
      hrnz.parseDatesIndex(bytes, url ?? hrnz.datesIndexUrl)
      return { issues: [] }
    case 'calendar':
      return { announced: hrnz.parseCalendar(bytes, url ?? hrnz.calendarUrl), issues: [] }
    case 'raceday-search': {
      const found = dynamic.parseSearch({ url: url ?? page.name, bytes, contentType })
      return { racedays: found.racedays, issues: found.issues }
    }
  }
}

/** Of some kinds there is but one. */
function listUrl(hrnz: HrnzPages, { kind, url }: ListPage): string | null {
  if (url !== null) return url
  if (kind === 'index') return hrnz.indexUrl
  if (kind === 'fields-index') return hrnz.fieldsIndexUrl
  if (kind === 'dates-index') return hrnz.datesIndexUrl
  return kind === 'calendar' ? hrnz.calendarUrl : null
}

/** Keeps a saved list, and registers what it lists: it is known to be wanted then, and where. */
export async function takeSavedList(
  deps: SavedDeps,
  page: ListPage,
): Promise<Required<Pick<SavedList, 'announced' | 'issues'>>> {
  const list = parseSavedList(deps, page)
  const { results = [], cards = [], racedays = [], announced = [], issues } = list
  await archiveSaved(deps, page, { url: listUrl(deps.hrnz, page) })
  const today = racingDate(deps.clock.now())
  if (results.length > 0) await registerResults(deps, results, false)
  if (racedays.length > 0) await registerRacedays(deps, racedays, false)
  await registerCards(
    deps,
    cards.filter(({ date }) => date >= today),
  )
  return { announced, issues }
}

/** Announced meetings are accounted for once all lists are read: one may know of a page, or a change. */
export async function accountSaved(
  deps: SavedDeps,
  announced: readonly CalendarMeeting[],
): Promise<void> {
  const dates = announced.map(({ date }) => date).sort()
  const [from, to] = [dates[0], dates.at(-1)]
  if (from === undefined || to === undefined) return
  const request = { range: { from, to }, listed: [], dryRun: false }
  await accountAnnounced(deps, mergeAnnounced(announced), request)
}
