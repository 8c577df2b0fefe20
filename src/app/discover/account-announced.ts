import { isoInstant, racingDate, type DateRange } from '../../domain/dates.ts'
import { venueWords } from '../../domain/reconcile/venues.ts'
import {
  accountForMeetings,
  type CalendarMeeting,
  type KnownMeeting,
  type Unpaged,
} from '../../domain/scraping/account-meetings.ts'
import type { Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { AppDeps } from '../ports.ts'

/** The kind of queue rows that stand for announced meetings without a page. */
export const expectedKind = 'expected'

/**
 * Says what became of announced meetings that have no results page, and keeps it: `expected` rows stay
 * open, the others are closed with the evidence. A row is opened or settled again when the next look
 * finds another answer.
 */
export async function accountAnnounced(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  announced: readonly CalendarMeeting[],
  request: {
    readonly range: DateRange
    /** Pages that a list names, registered or not. */
    readonly listed: readonly KnownMeeting[]
    readonly dryRun: boolean
  },
): Promise<readonly Unpaged[]> {
  const now = deps.clock.now()
  const account = async (repositories: Repositories): Promise<Unpaged[]> => {
    const { range } = request
    const pages = await repositories.pages.list({
      source: 'hrnz_scraper',
      kind: 'results',
      range,
    })
    const masters = await repositories.cards.list(range)
    return accountForMeetings(
      announced,
      {
        pages: [...request.listed, ...pages.flatMap(ofPage)],
        masters: masters
          .filter(({ tabMeetingId }) => tabMeetingId !== null)
          .map(({ meetingDate, club, venue, status }) => ({
            date: meetingDate,
            club,
            clubNumber: null,
            venue,
            status,
          })),
      },
      racingDate(now),
    )
  }
  if (request.dryRun) return deps.unitOfWork.read(account)
  return deps.unitOfWork.run(async (repositories) => {
    const unpaged = await account(repositories)
    await keep(repositories, unpaged, request.range, isoInstant(now))
    return unpaged
  })
}

const ofPage = ({ date, club, clubNumber, venue }: Page): KnownMeeting[] =>
  date === null ? [] : [{ date, club, clubNumber, venue }]

async function keep(
  { pages }: Repositories,
  unpaged: readonly Unpaged[],
  range: DateRange,
  now: string,
): Promise<void> {
  const byUrl = new Map(unpaged.map((one) => [keyOf(one.meeting), one]))
  await pages.register(
    [...byUrl].map(([url, { meeting, reason }]) => ({
      source: 'hrnz_scraper',
      kind: expectedKind,
      url,
      date: meeting.date,
      club: meeting.club,
      clubNumber: meeting.clubNumber,
      venue: meeting.venue,
      dueAt: null,
      reason,
    })),
  )
  const rows = await pages.list({ source: 'hrnz_scraper', kind: expectedKind, range })
  await pages.update(
    rows.flatMap((row) => {
      const one = byUrl.get(row.url)
      const next: Pick<Page, 'state' | 'reason' | 'errorCode'> =
        one === undefined
          ? { state: 'final', reason: 'has its page, or is announced no longer', errorCode: null }
          : one.state === 'expected'
            ? { state: 'due', reason: one.reason, errorCode: null }
            : { state: 'closed', reason: one.reason, errorCode: one.state }
      const isSame = next.state === row.state && next.reason === row.reason
      return isSame ? [] : [{ ...row, ...next, lastFetchedAt: now }]
    }),
  )
}

/** No address: nothing is fetched for it, and an address would be a guess. */
const keyOf = ({ date, club }: CalendarMeeting): string => `announced:${date}/${venueWords(club)}`
