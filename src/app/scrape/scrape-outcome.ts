import { racingDate } from '../../domain/dates.ts'
import type { HarnessError } from '../../errors.ts'
import type { ReadDeps } from './read-results-page.ts'
import type { ScrapeRequest } from './scrape-meetings.ts'

/** What a run did, in one sentence. */
export function outcomeText(run: {
  readonly taken: number
  readonly failed: number
  /** Due and not tried; for runs that share their work: by none of them. */
  readonly left: number
  readonly capped: string | undefined
  readonly stopped: HarnessError | undefined
  /** What is left was in the hands of other runs for too long to be waited for. */
  readonly held?: boolean
  readonly isShared?: boolean
}): string {
  const { taken, failed, left } = run
  return [
    run.isShared === true
      ? `${taken} due pages read beside other runs`
      : `${taken} of ${taken + failed + left} due pages read`,
    ...(failed > 0 ? [`${failed} failed and due again later`] : []),
    ...(run.capped === undefined ? [] : [`ended by ${run.capped}, the rest stays due`]),
    ...(run.held === true
      ? [`${left} still in the hands of other runs, which \`harness status\` shows`]
      : []),
    ...(run.stopped === undefined || left === 0 ? [] : [`${left} stay due`]),
  ].join('; ')
}

/** A run that did nothing says why. */
export async function whyNothing(
  deps: ReadDeps,
  { range }: ScrapeRequest,
  now: number,
): Promise<string> {
  const all = await deps.unitOfWork.read(({ pages }) =>
    pages.list({
      source: 'hrnz_scraper',
      kind: 'results',
      ...(range === undefined ? {} : { range }),
    }),
  )
  const where = range === undefined ? '' : ` from ${range.from} to ${range.to}`
  if (all.length === 0)
    return `nothing to do: no page is registered${where}; run harness discover, or add --auto-discover`
  const next = all.flatMap(({ dueAt }) => dueAt ?? []).sort()[0]
  const when =
    next === undefined
      ? 'all are final or closed'
      : `the next is due on ${racingDate(Math.max(now, Date.parse(next)))} (${next})`
  return `nothing to do: none of ${all.length} registered pages${where} is due; ${when}`
}
