import type { DateRange } from '../../domain/dates.ts'
import { changeInWords, type CellChange } from '../../domain/scraping/changed-cells.ts'
import {
  HarnessError,
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../../errors.ts'
import type { Page } from '../../repositories/pages.ts'
import { RunCounts, type Warning, type WriteResult } from '../counts.ts'
import { openQueue } from './choose-pages.ts'
import { failPage } from './page-state.ts'
import { readResultsPage, type PageOutcome, type ReadDeps } from './read-results-page.ts'
import { outcomeText, whyNothing } from './scrape-outcome.ts'

export interface ScrapeRequest {
  readonly range?: DateRange
  /** These pages, due or not; unknown ones are registered. */
  readonly urls?: readonly string[]
  /** Final pages of the range too, as long as their names cannot stand for next year's meeting. */
  readonly refresh?: boolean
  readonly limit?: number
  readonly maxRequests?: number
  readonly maxMinutes?: number
  /** Id of this run, where other runs read the same pages beside it. */
  readonly worker?: number
}

/** A writer's result that keeps its counts although something ended the work early. */
export interface ScrapeResult extends WriteResult {
  readonly stopped?: HarnessError
}

/** Shown ms between two looks at what other runs have in hand, and after which that is too long. */
const lookAgainMs = 2000
const longestWaitMs = 15 * 60_000

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
  const queue = await openQueue(deps, request, startedAt)
  const read = new RunCounts()
  const counts = read.sum
  const warnings: Warning[] = []
  const sentBefore = requestsSent(deps)
  let taken = 0
  let failed = 0
  let inARow = 0
  let held = false
  let waitsSince: number | undefined
  let stopped: HarnessError | undefined
  let capped: string | undefined
  deps.progress.start(Math.min(queue.size, request.limit ?? Infinity), 'results pages')
  for (;;) {
    const page = await queue.next()
    if (page === undefined) break
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const sent = requestsSent(deps) - sentBefore
    capped = capReached(deps, request, { startedAt, sent, pages: taken + failed })
    if (capped !== undefined) break
    if (page === 'held') {
      const now = deps.clock.now()
      if (waitsSince === undefined) deps.log.info('waiting for pages that other runs have in hand')
      waitsSince ??= now
      if (now - waitsSince > longestWaitMs) {
        held = true
        break
      }
      // A signal ends the wait; what becomes of the run is decided above.
      await deps.clock.sleepUntil(now + lookAgainMs, deps.signal).catch(() => undefined)
      continue
    }
    waitsSince = undefined
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
      read.add(outcome.result)
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
  }
  deps.progress.stop()
  counts.requests = { ...deps.fetcher.requests }
  const isEarly = held || capped !== undefined || stopped !== undefined
  const left = isEarly ? await queue.left() : 0
  const isShared = request.worker !== undefined
  return {
    counts,
    warnings,
    partial: failed > 0 || held || capped !== undefined,
    outcome:
      taken + failed + left === 0
        ? await whyNothing(deps, request, startedAt)
        : outcomeText({ taken, failed, left, capped, held, stopped, isShared }),
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
  { limit, maxRequests, maxMinutes }: ScrapeRequest,
  run: { readonly startedAt: number; readonly sent: number; readonly pages: number },
): string | undefined {
  if (limit !== undefined && run.pages >= limit) return `--limit ${limit}`
  if (maxRequests !== undefined && run.sent >= maxRequests) return `--max-requests ${maxRequests}`
  const minutes = (deps.clock.now() - run.startedAt) / 60_000
  if (maxMinutes !== undefined && minutes >= maxMinutes) return `--max-minutes ${maxMinutes}`
  return undefined
}

const nameOf = (page: Page): string =>
  page.date === null ? page.url : `${page.date} ${page.club ?? page.url}`
