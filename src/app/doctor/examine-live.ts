import { racingDate } from '../../domain/dates.ts'
import type { ParsedMeeting } from '../../domain/observation.ts'
import { archiveFetched } from '../archive-fetched.ts'
import {
  type Assumption,
  inWords,
  type LivePage,
  readSafely,
  type Reading,
  shareOf,
} from './live-page.ts'
import type { AppDeps, Fetcher, HrnzPages, ListedMeeting } from '../ports.ts'

type Deps = AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages }
/**
 * Fetches one page of each kind that HRNZ has, keeps it in the archive, and holds it against what is
 * believed of it: nobody who wrote this has seen a page of the site. Changes nothing else.
 */
export async function examineLive(deps: Deps): Promise<readonly LivePage[]> {
  const { hrnz } = deps
  const pages: LivePage[] = []
  const look = async (
    page: string,
    url: string | undefined,
    kind: string,
    expected: string,
    read: (bytes: Uint8Array, url: string, contentType: string | null) => Reading,
  ): Promise<void> => {
    if (url === undefined) {
      const found = 'no link to one was found'
      pages.push({ page, url: null, expected, found, isAsExpected: false, assumptions: [] })
      return
    }
    const document = await fetchAndKeep(deps, url, kind)
    const reading =
      document === undefined
        ? { found: 'there is no such page', isAsExpected: false }
        : readSafely(() => read(document.bytes, url, document.contentType))
    pages.push({ page, url, expected, assumptions: [], ...reading })
  }
  let months: readonly { readonly url: string }[] = []
  let meetings: readonly ListedMeeting[] = []
  const list = (found: readonly ListedMeeting[]): void => {
    meetings = [...meetings, ...found].sort((a, b) => (a.date < b.date ? 1 : -1))
  }
  await look('results index', hrnz.indexUrl, 'index', 'links to month pages', (bytes, url) => {
    const index = hrnz.parseIndex(bytes, url)
    months = index.months
    list(index.meetings)
    return {
      found: `${months.length} months, ${index.meetings.length} meetings`,
      isAsExpected: months.length > 0,
      assumptions: [
        { grade: 'B', text: 'month pages are called rlts_{mon}.htm', holds: months.length > 0 },
      ],
    }
  })
  const rows = 'rows of club, link and date'
  await look('results month', months[0]?.url, 'month', rows, (bytes, url) => {
    const month = hrnz.parseMonth(bytes, url)
    list(month.meetings)
    const undated = month.issues.filter(({ code }) => code === 'listing-without-date').length
    return {
      found: `${month.meetings.length} meetings, ${undated} links without a full date`,
      isAsExpected: month.meetings.length > 0,
      assumptions: [
        { grade: 'B', text: 'each row has a date with its year', holds: undated === 0 },
      ],
    }
  })
  let stewardsUrl: string | undefined
  const latest = meetings[0]
  const whole = 'races with labelled rows: placing, horse, driver'
  await look('results page', latest?.url, 'results', whole, (bytes, url, contentType) => {
    const expectedDate = latest?.date ?? null
    const parsed = hrnz.parsePage('results', bytes, { url, expectedDate, contentType })
    stewardsUrl = parsed.stewardsUrl
    return { ...inWords(parsed), assumptions: ofResults(parsed) }
  })
  let dates: readonly { readonly url: string; readonly month: string | null }[] = []
  const today = racingDate(deps.clock.now())
  await look('racing dates', hrnz.datesIndexUrl, 'dates-index', 'links to months', (bytes, url) => {
    dates = hrnz.parseDatesIndex(bytes, url)
    return { found: `${dates.length} months`, isAsExpected: dates.length > 0 }
  })
  const now = dates.find(({ month }) => month === today.slice(0, 7)) ?? dates[0]
  const days = 'rows of day, weekday and club'
  await look('racing dates of a month', now?.url, 'dates-month', days, (bytes, url) => {
    const { meetings: announced, issues } = hrnz.parseDatesMonth(bytes, url, now?.month ?? null)
    const found = `${announced.length} meetings, ${issues.length} odd rows`
    return { found, isAsExpected: announced.length > 0 && issues.length === 0 }
  })
  const events = 'an event a meeting'
  await look('calendar', hrnz.calendarUrl, 'calendar', events, (bytes, url) => {
    const announced = hrnz.parseCalendar(bytes, url)
    const placed = announced.filter(({ venue }) => venue !== null).length
    return {
      found: `${announced.length} meetings, ${placed} with a place`,
      isAsExpected: announced.length > 0,
      assumptions: [
        { grade: 'B', text: 'events have DTSTART and SUMMARY', holds: announced.length > 0 },
        { grade: 'C', text: 'events have LOCATION', holds: placed > 0 },
      ],
    }
  })
  let cards: readonly ListedMeeting[] = []
  const coming = 'links to the coming cards'
  await look('fields index', hrnz.fieldsIndexUrl, 'fields-index', coming, (bytes, url) => {
    cards = hrnz.parseFieldsIndex(bytes, url, today)
    return { found: `${cards.length} cards`, isAsExpected: cards.length > 0 }
  })
  const card = cards[0]
  const entries = 'races with labelled rows: name, draw, driver'
  await look('fields page', card?.url, 'fields', entries, (bytes, url, contentType) => {
    const expectedDate = card?.date ?? null
    const parsed = hrnz.parsePage('fields', bytes, { url, expectedDate, contentType })
    const linked = shareOf(parsed, ({ identifiers }) => identifiers !== undefined)
    return {
      ...inWords(parsed),
      assumptions: [{ grade: 'B', text: "the rating's cell links the horse", holds: linked > 0 }],
    }
  })
  const words = 'words on each race'
  await look("stewards' report", stewardsUrl, 'stewards', words, (bytes, url, contentType) => {
    const { observation } = hrnz.parsePage('stewards', bytes, { url, contentType })
    return { found: `${observation.races.length} races`, isAsExpected: true }
  })
  return pages
}

async function fetchAndKeep(deps: Deps, url: string, kind: string) {
  const accept = kind === 'calendar' ? { accept: 'text/calendar,*/*;q=0.5' } : {}
  const answer = await deps.fetcher.fetch(url, { signal: deps.signal, ...accept })
  if (answer.kind !== 'ok') return undefined
  const filing = { source: 'hrnz_scraper', kind, url, label: 'doctor --live' } as const
  await deps.unitOfWork.run((repositories) => archiveFetched(repositories, answer.document, filing))
  return answer.document
}

/** What is believed of results pages on one source or by inference. */
function ofResults(parsed: ParsedMeeting): Assumption[] {
  const without = (code: string): boolean => !parsed.issues.some((issue) => issue.code === code)
  const some = (has: Parameters<typeof shareOf>[1]): boolean => shareOf(parsed, has) > 0
  const { races } = parsed.observation
  return [
    {
      grade: 'B',
      text: 'the labels Book, HCP, Stakes and Time are those of the dynamic pages',
      holds:
        some(({ number }) => number !== undefined) &&
        some(({ barrier, handicapM }) => barrier !== undefined || handicapM !== undefined) &&
        some(({ stakeCents }) => stakeCents !== undefined) &&
        some(({ timeMs }) => timeMs !== undefined),
    },
    { grade: 'B', text: 'times read 2-24.6', holds: without('unknown-time') },
    { grade: 'B', text: 'Fav holds two ranks', holds: without('unknown-favourite') },
    { grade: 'C', text: 'all placings are known tokens', holds: without('unknown-placing') },
    {
      grade: 'C',
      text: 'rows link the horse with its id',
      holds: some(({ identifiers }) => identifiers !== undefined),
    },
    { grade: 'C', text: 'the file name holds month and day', holds: without('file-name-date') },
    {
      grade: 'C',
      text: 'sire and dam stand with the placed horses',
      holds: some(({ sire, dam }) => sire !== undefined && dam !== undefined),
    },
    {
      grade: 'C',
      text: 'gait and start stand in the class line',
      holds: races.every(({ gait }) => gait !== undefined),
    },
  ]
}
