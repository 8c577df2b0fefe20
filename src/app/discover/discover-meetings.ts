import { counted } from '../../domain/counted.ts'
import { racingDate, racingZone, type DateRange } from '../../domain/dates.ts'
import { monthNamed, monthsIn, withinStaticPages } from '../../domain/scraping/month-pages.ts'
import { HarnessError, LayoutChangedError } from '../../errors.ts'
import type { CalendarMeeting, Unpaged } from '../../domain/scraping/account-meetings.ts'
import { accountAnnounced } from './account-announced.ts'
import type { Warning } from '../counts.ts'
import { readListing } from './listing-pages.ts'
import type { AppDeps, Fetcher, HrnzPages, ListedMeeting } from '../ports.ts'
import { readCalendar } from './read-calendar.ts'
import { registerFields } from './register-fields.ts'
import { registerResults } from './register-results.ts'

export interface DiscoverRequest {
  readonly range: DateRange
  readonly dryRun: boolean
  /** Milliseconds between two requests, for saying what it will cost. */
  readonly paceMs: number
}

export interface DiscoveredMeeting {
  readonly date: string
  readonly club: string
  readonly venue: string | null
  readonly url: string | null
  /** `new`, else the state of the page that was known; without a page `expected` or `closed`. */
  readonly state: string
  /** Why there is no page. */
  readonly reason: string | null
}

export interface DiscoverResult {
  readonly range: DateRange & { readonly zone: string }
  /** `expected` and `closed` have no page; the others are `found`. */
  readonly counts: {
    found: number
    new: number
    known: number
    expected: number
    closed: number
    /** Fields pages: the cards of the coming days. */
    cards: number
  }
  readonly meetings: readonly DiscoveredMeeting[]
  readonly warnings: readonly Warning[]
  readonly partial: boolean
  readonly outcome: string
  /** What ended the work early. */
  readonly stopped?: HarnessError
}

type Deps = AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages }

/** Finds HRNZ's meetings in a range by following the results index, and registers their pages. */
export async function discoverMeetings(
  deps: Deps,
  request: DiscoverRequest,
): Promise<DiscoverResult> {
  const { range } = request
  const warnings: Warning[] = []
  const { reachable, beyond } = withinStaticPages(range, racingDate(deps.clock.now()))
  if (beyond !== null)
    warnings.push({
      code: 'beyond-static-pages',
      subject: `${beyond.from} to ${beyond.to}`,
      message:
        'no static page reaches back so far; search with harness discover --dynamic, or save pages in a browser and import them with harness scrape --file',
    })
  const listed = new Map<string, ListedMeeting>()
  let announced: readonly CalendarMeeting[] = []
  let cards = 0
  let partial = false
  let stopped: HarnessError | undefined
  if (reachable !== null) {
    sayPlan(deps, request, reachable)
    deps.progress.start(mostLists(reachable), 'lists of HRNZ')
    try {
      partial = await readLists(deps, request, reachable, listed, warnings)
      announced = await readCalendar(deps, reachable, { keep: !request.dryRun, warnings })
      cards = await registerFields(deps, reachable, { keep: !request.dryRun, warnings })
    } catch (error) {
      // What the lists said before the source stopped us is registered all the same.
      if (!(error instanceof HarnessError) || listed.size === 0) throw error
      stopped = error
    } finally {
      deps.progress.stop()
    }
  }
  const meetings = [...listed.values()].sort(
    (a, b) => compare(a.date, b.date) || compare(a.url, b.url),
  )
  const states = await registerResults(deps, meetings, request.dryRun)
  const fresh = [...states.values()].filter((state) => state === 'new').length
  const unpaged =
    reachable === null
      ? []
      : await accountAnnounced(deps, announced, {
          range: reachable,
          listed: meetings,
          dryRun: request.dryRun,
        })
  const expected = unpaged.filter(({ state }) => state === 'expected').length
  return {
    range: { ...range, zone: racingZone },
    counts: {
      found: meetings.length,
      new: fresh,
      known: meetings.length - fresh,
      expected,
      closed: unpaged.length - expected,
      cards,
    },
    meetings: [
      ...meetings.map(({ date, club, venue, url }) => ({
        date,
        club,
        venue,
        url,
        state: states.get(url) ?? 'new',
        reason: null,
      })),
      ...unpaged.map(withoutPage),
    ].sort((a, b) => compare(a.date, b.date) || compare(a.url ?? '', b.url ?? '')),
    warnings,
    partial,
    outcome: [
      outcomeText(meetings.length, fresh, request, reachable),
      ...withoutPages(unpaged.length - expected, expected),
    ].join('; '),
    ...(stopped === undefined ? {} : { stopped }),
  }
}

const withoutPage = ({ meeting, state, reason }: Unpaged): DiscoveredMeeting => ({
  date: meeting.date,
  club: meeting.club,
  venue: meeting.venue,
  url: null,
  state: state === 'expected' ? 'expected' : 'closed',
  reason: state === 'expected' ? reason : `${state}: ${reason}`,
})

function withoutPages(closed: number, expected: number): string[] {
  return [
    ...(expected > 0 ? [`${expected} announced without a page yet`] : []),
    ...(closed > 0 ? [`${closed} announced, but closed without a page`] : []),
  ]
}

/** Three indexes, the calendar, and two pages for each month. */
const mostLists = (range: DateRange): number => 4 + 2 * monthsIn(range).size

/** Before the first request: what can be reached, and what it will cost at most. */
function sayPlan(deps: Deps, request: DiscoverRequest, reachable: DateRange): void {
  const most = mostLists(reachable)
  deps.log.info(
    `reachable are ${reachable.from} to ${reachable.to}: the results index, the racing dates and the calendar, at most ${counted(most, 'request')}, about ${seconds(most, request.paceMs)}`,
  )
}

/** Reads the index and the month pages of the range; true when a list could not be read. */
async function readLists(
  deps: Deps,
  request: DiscoverRequest,
  reachable: DateRange,
  listed: Map<string, ListedMeeting>,
  warnings: Warning[],
): Promise<boolean> {
  const { hrnz, progress } = deps
  const keep = !request.dryRun
  const take = (meetings: readonly ListedMeeting[]): void => {
    for (const meeting of meetings) {
      if (meeting.date < reachable.from || meeting.date > reachable.to) continue
      // A month page says more than the index, and comes later.
      listed.set(meeting.url, meeting)
    }
  }
  const indexBytes = await readListing(deps, { url: hrnz.indexUrl, kind: 'index', keep })
  if (indexBytes === undefined)
    throw new LayoutChangedError(`there is no results index at ${hrnz.indexUrl}`, {
      hint: 'if the site has moved, set HARNESS_HRNZ_URL',
    })
  const index = hrnz.parseIndex(indexBytes, hrnz.indexUrl)
  warnings.push(...index.issues)
  take(index.meetings)
  const wanted = monthsIn(reachable)
  const months = index.months.filter(({ url, label }) => {
    const month =
      monthNamed(label) ?? monthNamed(url.slice(url.lastIndexOf('/') + 1).replace('_', ' '))
    return month === undefined || wanted.has(month)
  })
  let partial = false
  for (const { url, label } of months) {
    try {
      const bytes = await readListing(deps, { url, kind: 'month', keep })
      if (bytes === undefined) {
        warnings.push({ code: 'month-missing', subject: url, message: 'there is no such page' })
      } else {
        const month = hrnz.parseMonth(bytes, url)
        warnings.push(...month.issues)
        take(month.meetings)
      }
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      partial = true
      warnings.push({ code: error.code, subject: url, message: error.message })
    }
    progress.step(label)
  }
  return partial
}

function outcomeText(
  found: number,
  fresh: number,
  request: DiscoverRequest,
  reachable: DateRange | null,
): string {
  if (reachable === null) return 'nothing found: the whole range lies before what static pages hold'
  if (found === 0) return 'nothing found: the results index lists no meeting in this range'
  const cost = `${counted(fresh, 'request')}, about ${seconds(fresh, request.paceMs)}`
  return fresh === 0
    ? `${counted(found, 'meeting')} found, all known`
    : `${counted(found, 'meeting')} found, ${fresh} new${request.dryRun ? ' (nothing was registered)' : ''}; reading them takes ${cost}`
}

function seconds(requests: number, paceMs: number): string {
  const total = Math.ceil((requests * Math.max(paceMs, 100) * 1.1) / 1000)
  return total < 120 ? `${total} s` : `${Math.ceil(total / 60)} min`
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
