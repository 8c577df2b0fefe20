import { isoInstant } from '../../domain/dates.ts'
import {
  HarnessError,
  InterruptedError,
  LayoutChangedError,
  SourceUnavailableError,
} from '../../errors.ts'
import { addCounts, noCounts, type Warning } from '../counts.ts'
import { failPage } from './page-state.ts'
import { type DynamicDeps, racedayKind, readRaceday, reparseRacedays } from './read-raceday.ts'
import { capReached, type ScrapeRequest, type ScrapeResult } from './scrape-meetings.ts'
import { outcomeText } from './scrape-outcome.ts'

const mostPages = 10_000

/** Reads the race days of the dynamic server that are due, each with its races as one unit. */
export async function scrapeDynamic(
  deps: DynamicDeps,
  request: ScrapeRequest,
): Promise<ScrapeResult> {
  const startedAt = deps.clock.now()
  const { range, limit = mostPages } = request
  const due = await deps.unitOfWork.read(({ pages }) =>
    pages.due(
      {
        source: 'hrnz_scraper',
        kind: racedayKind,
        now: isoInstant(startedAt),
        ...(range === undefined ? {} : { range }),
      },
      limit + 1,
    ),
  )
  const queue = due.slice(0, limit)
  const counts = noCounts()
  const warnings: Warning[] = []
  let taken = 0
  let failed = 0
  let stopped: HarnessError | undefined
  let capped = due.length > limit ? `--limit ${limit}` : undefined
  deps.progress.start(queue.length, 'race days')
  for (const page of queue) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const sent = Object.values(deps.fetcher.requests).reduce((sum, count) => sum + count, 0)
    const cap = capReached(deps, request, { startedAt, sent, pages: 0 })
    if (cap !== undefined) {
      capped = cap
      break
    }
    const subject = `${page.date} ${page.club}`
    try {
      addCounts(counts, (await readRaceday(deps, page)).counts)
      taken++
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error
      const isOwn =
        error instanceof LayoutChangedError ||
        (error instanceof SourceUnavailableError && error.status !== undefined)
      if (!isOwn) {
        stopped = error
        break
      }
      failed++
      counts.meetings.failed++
      warnings.push({ code: error.code, subject, message: error.message })
      await failPage(deps, page, error, deps.clock.now())
    }
    deps.progress.step(subject)
  }
  deps.progress.stop()
  counts.requests = { ...deps.fetcher.requests }
  return {
    counts,
    warnings,
    partial: failed > 0 || capped !== undefined,
    outcome:
      queue.length === 0
        ? 'nothing to do: no race day is due; `harness discover --dynamic` finds them'
        : outcomeText({ taken, failed, left: queue.length - taken - failed, capped, stopped }),
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** Every archived race day read again; null where there is none. */
export async function reparseDynamic(
  deps: Omit<DynamicDeps, 'fetcher'>,
): Promise<ScrapeResult | null> {
  const counts = noCounts()
  const warnings: Warning[] = []
  let total = 0
  let stopped: InterruptedError | undefined
  for await (const { url, result } of reparseRacedays(deps)) {
    total++
    if (result instanceof LayoutChangedError)
      warnings.push({ code: result.code, subject: url, message: result.message })
    else addCounts(counts, result.counts)
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
  }
  if (total === 0) return null
  return {
    counts,
    warnings,
    partial: warnings.length > 0,
    outcome: `${total - warnings.length} of ${total} race days read again`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}
