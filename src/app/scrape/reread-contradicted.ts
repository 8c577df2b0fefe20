import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import { isPastReuse } from '../../domain/scraping/freshness.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/**
 * A report that says otherwise than the results page is often only the newer of the two: the page is
 * asked for again, once, for its amendment is what makes a ruling official.
 */
export async function rereadContradicted(
  { pages }: Repositories,
  { source, date, clubNumber }: MeetingObservation,
  issues: readonly ParseIssue[],
  now: string,
): Promise<void> {
  const contradicted = issues.find(({ code }) => code === 'ruling-contradicted')
  if (contradicted === undefined || isPastReuse(date, Date.parse(now))) return
  const listed = await pages.list({ source, kind: 'results', range: { from: date, to: date } })
  const reason = `the stewards' report says otherwise: ${contradicted.subject}`
  await pages.update(
    listed
      .filter(
        (page) =>
          page.clubNumber === (clubNumber ?? null) &&
          page.lastFetchedAt !== null &&
          page.state !== 'closed' &&
          (page.dueAt === null || page.dueAt > now),
      )
      .map((page) => ({ ...page, state: 'due' as const, dueAt: now, reason })),
  )
}
