import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import { nextReadOf, retryAfterFailure } from '../../domain/scraping/freshness.ts'
import type { HarnessError } from '../../errors.ts'
import type { Page } from '../../repositories/pages.ts'
import type { AppDeps, HrnzPageKind } from '../ports.ts'

/** Days after which a page that is listed and still not there is given up. */
const givenUpAfterDays = 10
/** More than a day of them: a meeting of last month is not given up for a bad hour of the server. */
const triesBeforeClosing = 5

/** Pages of unknown kind are those that were named by address: results, as ever. */
export const kindOf = ({ kind }: Pick<Page, 'kind'>): HrnzPageKind =>
  kind === 'fields' || kind === 'stewards' ? kind : 'results'

/** A card is nothing to wait for once its day is over; a results page may come late. */
function isGivenUp({ kind, date }: Page, attempts: number, today: string): boolean {
  if (date === null) return false
  if (kind === 'fields') return today > date
  return attempts >= triesBeforeClosing && today > addDays(date, givenUpAfterDays)
}

/** The page's next window, or its rest when all are used up. */
export function afterRead(page: Page, readAt: number): Page {
  const due = page.date === null ? null : nextReadOf(kindOf(page), page.date, readAt)
  return {
    ...page,
    state: due === null ? 'final' : 'due',
    dueAt: due === null ? null : isoInstant(due.at),
    attempts: 0,
    reason: due === null ? 'read, and nothing more is expected' : due.why,
    errorCode: null,
    lastFetchedAt: isoInstant(readAt),
  }
}

/**
 * A page that could not be taken, with its log row. It is due again later and ever later; one that
 * is not there ten days after the meeting, or stands for a later meeting by now, is closed with the
 * evidence.
 */
export async function failPage(
  deps: Pick<AppDeps, 'unitOfWork'>,
  page: Page,
  error: HarnessError,
  at: number,
): Promise<void> {
  const attempts = page.attempts + 1
  const closed =
    ['missing', 'wrong-date'].includes(error.code) && isGivenUp(page, attempts, racingDate(at))
  await deps.unitOfWork.run(async ({ pages, log }) => {
    await pages.update([
      {
        ...page,
        state: closed ? 'closed' : 'failed',
        dueAt: closed ? null : isoInstant(retryAfterFailure(attempts, at)),
        attempts,
        reason: error.message.slice(0, 500),
        errorCode: error.code,
        lastFetchedAt: isoInstant(at),
      },
    ])
    await log.add([
      {
        source: 'hrnz_scraper',
        dateProcessed: page.date ?? racingDate(at),
        url: page.url,
        status: 'failed',
        recordsCreated: 0,
        recordsUpdated: 0,
        errors: `${error.code}: ${error.message}`.slice(0, 1000),
        createdAt: isoInstant(at),
      },
    ])
  })
}
