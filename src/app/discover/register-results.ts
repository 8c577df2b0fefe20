import { isoInstant } from '../../domain/dates.ts'
import type { Page } from '../../repositories/pages.ts'
import type { AppDeps, ListedMeeting } from '../ports.ts'

/** Registers what is new; gives `new` or the state of each page by its address. */
export async function registerResults(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  meetings: readonly ListedMeeting[],
  dryRun: boolean,
): Promise<Map<string, string>> {
  const now = isoInstant(deps.clock.now())
  const urls = meetings.map(({ url }) => url)
  const decide = (known: readonly Page[]) => {
    const pages = new Map(known.map((page) => [page.url, page]))
    const fresh = meetings.filter(({ url }) => !pages.has(url))
    // The name of a page is used again a year later: then it is another meeting's page.
    const reused = meetings.flatMap((meeting) => {
      const page = pages.get(meeting.url)
      if (page === undefined) return []
      if (page.date !== null && page.date < meeting.date) return [reopened(page, meeting, now)]
      return isWorthAnotherLook(page, now)
        ? [{ ...page, state: 'due' as const, dueAt: now, reason: 'closed, but listed still' }]
        : []
    })
    const states = new Map(known.map((page) => [page.url, page.state as string]))
    for (const { url } of [...fresh, ...reused]) states.set(url, 'new')
    return { fresh, reused, states }
  }
  if (dryRun)
    return deps.unitOfWork.read(
      async ({ pages }) => decide(await pages.findByUrls('hrnz_scraper', urls)).states,
    )
  return deps.unitOfWork.run(async ({ pages }) => {
    const { fresh, reused, states } = decide(await pages.findByUrls('hrnz_scraper', urls))
    await pages.register(
      fresh.map(({ url, date, club, clubNumber, venue }) => ({
        source: 'hrnz_scraper',
        kind: 'results',
        url,
        date,
        club,
        clubNumber,
        venue,
        dueAt: now,
        reason: 'never read',
      })),
    )
    await pages.update(reused)
    return states
  })
}

/** Given up, and listed still: once a week. Its tries stand, so one more failure closes it again. */
const isWorthAnotherLook = ({ state, lastFetchedAt }: Page, now: string): boolean =>
  state === 'closed' &&
  lastFetchedAt !== null &&
  Date.parse(now) - Date.parse(lastFetchedAt) >= 7 * 86_400_000

const reopened = (page: Page, meeting: ListedMeeting, now: string): Page => ({
  ...page,
  date: meeting.date,
  club: meeting.club,
  clubNumber: meeting.clubNumber,
  venue: meeting.venue,
  state: 'due',
  dueAt: now,
  attempts: 0,
  reason: `never read; until then the page of ${page.date}`,
  errorCode: null,
  etag: null,
  lastModified: null,
  documentId: null,
})
