import { racingDate, type DateRange } from '../domain/dates.ts'
import { changeInWords, type CellChange } from '../domain/scraping/changed-cells.ts'
import {
  HarnessError,
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../errors.ts'
import type { Page } from '../repositories/repositories.ts'
import { addCounts, noCounts, type Warning, type WriteResult } from './counts.ts'
import { dueResultsPages, pagesOfUrls, reportsSince } from './choose-pages.ts'
import { failPage } from './page-state.ts'
import { readResultsPage, type PageOutcome, type ReadDeps } from './read-results-page.ts'

export interface ScrapeRequest {
  readonly range?: DateRange
  /** These pages, due or not; unknown ones are registered. */
  readonly urls?: readonly string[]
  /** Final pages of the range too, as long as their names cannot stand for next year's meeting. */
  readonly refresh?: boolean
  readonly limit?: number
  readonly maxRequests?: number
  readonly maxMinutes?: number
}

/** A writer's result that keeps its counts although something ended the work early. */
export interface ScrapeResult extends WriteResult {
  readonly stopped?: HarnessError
}

/** Pages in a row that the source cannot serve, after which the source itself is taken to be down. */
const failuresInARow = 3

/**
 * Reads HRNZ's pages that are due, each as a unit of its own: a kill at any moment leaves whole
 * units, and the same run again goes on with what is still due.
 */
export async function scrapeMeetings(
  deps: ReadDeps,
  request: ScrapeRequest,
): Promise<ScrapeResult> {
  const startedAt = deps.clock.now()
  const { urls = [] } = request
  const { pages, left } =
    urls.length > 0
      ? { pages: await pagesOfUrls(deps, urls, startedAt), left: false }
      : await dueResultsPages(deps, request)
  const counts = noCounts()
  const warnings: Warning[] = []
  const sentBefore = requestsSent(deps)
  let taken = 0
  let failed = 0
  let inARow = 0
  let stopped: HarnessError | undefined
  let capped: string | undefined = left ? `--limit ${request.limit}` : undefined
  deps.progress.start(pages.length, 'results pages')
  const queue = [...pages]
  for (const page of queue) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const cap = capReached(deps, request, { startedAt, sent: requestsSent(deps) - sentBefore })
    if (cap !== undefined) {
      capped = cap
      break
    }
    let outcome: PageOutcome
    try {
      outcome = await readResultsPage(deps, page)
      inARow = 0
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error
      if (isOwnTrouble(error) && ++inARow < failuresInARow) {
        await failPage(deps, page, error, deps.clock.now())
        outcome = { kind: 'failed', error }
      } else if (isOfSource(error) || error instanceof InterruptedError) {
        stopped = error
        break
      } else throw error
    }
    if (outcome.kind === 'ingested') {
      taken++
      addCounts(counts, outcome.result.counts)
      const amended = amendment(nameOf(page), outcome.changes)
      if (amended !== undefined) {
        deps.log.info(`amended: ${amended.subject}: ${amended.message}`)
        warnings.push(amended)
      }
      for (const { code, subject, message, excerpt } of outcome.issues)
        warnings.push({
          code,
          subject: `${nameOf(page)} ${subject}`,
          message: excerpt === undefined ? message : `${message}: ${excerpt}`,
        })
    } else {
      failed++
      counts.meetings.failed++
      const { code, message } = outcome.error
      warnings.push({ code, subject: nameOf(page), message })
    }
    deps.progress.step(nameOf(page))
    // The reports that results pages link belong to the same run.
    if (page === queue.at(-1) && urls.length === 0 && request.limit === undefined)
      queue.push(...(await reportsSince(deps, request, queue)))
  }
  deps.progress.stop()
  counts.requests = { ...deps.fetcher.requests }
  return {
    counts,
    warnings,
    partial: failed > 0 || capped !== undefined,
    outcome:
      queue.length === 0
        ? await whyNothing(deps, request, startedAt)
        : outcomeText({ chosen: queue.length, taken, failed, capped, stopped }),
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** Trouble with this page that need not be trouble with the source. */
function isOwnTrouble(error: HarnessError): boolean {
  if (!(error instanceof SourceUnavailableError)) return false
  return (
    error.status !== undefined ||
    ['too-large', 'redirect-elsewhere', 'redirect-loop'].includes(error.code)
  )
}

const isOfSource = (error: HarnessError): boolean =>
  error instanceof SourceUnavailableError || error instanceof SourceRefusedError

/** A page that says another thing than before, in one line. */
function amendment(subject: string, changes: readonly CellChange[]): Warning | undefined {
  if (changes.length === 0) return undefined
  const shown = changes.slice(0, mostChangesShown).map(changeInWords).join('; ')
  const more = changes.length - mostChangesShown
  const message = more > 0 ? `${shown}; ${more} more cells` : shown
  return { code: 'amended', subject, message }
}
/** A disqualification moves up every horse behind it. */
const mostChangesShown = 60

const requestsSent = ({ fetcher }: ReadDeps): number =>
  Object.values(fetcher.requests).reduce((sum, count) => sum + count, 0)

/** What narrows a run and has been used up. */
export function capReached(
  deps: Pick<ReadDeps, 'clock'>,
  { maxRequests, maxMinutes }: ScrapeRequest,
  run: { readonly startedAt: number; readonly sent: number },
): string | undefined {
  if (maxRequests !== undefined && run.sent >= maxRequests) return `--max-requests ${maxRequests}`
  const minutes = (deps.clock.now() - run.startedAt) / 60_000
  if (maxMinutes !== undefined && minutes >= maxMinutes) return `--max-minutes ${maxMinutes}`
  return undefined
}

const nameOf = (page: Page): string =>
  page.date === null ? page.url : `${page.date} ${page.club ?? page.url}`

export function outcomeText(run: {
  chosen: number
  taken: number
  failed: number
  capped: string | undefined
  stopped: HarnessError | undefined
}): string {
  const left = run.chosen - run.taken - run.failed
  return [
    `${run.taken} of ${run.chosen} due pages read`,
    ...(run.failed > 0 ? [`${run.failed} failed and due again later`] : []),
    ...(run.capped === undefined ? [] : [`ended by ${run.capped}, the rest stays due`]),
    ...(run.stopped === undefined || left === 0 ? [] : [`${left} stay due`]),
  ].join('; ')
}

/** A run that did nothing says why. */
async function whyNothing(deps: ReadDeps, { range }: ScrapeRequest, now: number): Promise<string> {
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
