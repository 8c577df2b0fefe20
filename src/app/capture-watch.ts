import { isDeepStrictEqual } from 'node:util'
import { addDays, isoInstant, racingDate, type DateRange } from '../domain/dates.ts'
import { defaultPollPolicy } from '../domain/capture/next-poll-at.ts'
import type { ParseIssue } from '../domain/observation.ts'
import { HarnessError, InterruptedError, SourceRefusedError } from '../errors.ts'
import { readMeetingList, type CaptureDeps, type ListedMeeting } from './capture-list.ts'
import { captureMeeting } from './capture-meeting.ts'
import { CaptureTally, type CaptureResult } from './capture-races.ts'
import { addCounts, noCounts, type Warning } from './counts.ts'

const minute = 60_000
/** How old the list may grow while a race is near or under way: abandonments stand there alone. */
const listAgeMs = 5 * minute
/** A machine that slept this much longer than it was told to may have missed anything. */
const jumpMs = 30 * minute
const firstPauseMs = 30_000
const longestPauseMs = 15 * minute
/** The client knows until when a source is to be left alone; asking it costs no request. */
const refusedPauseMs = 60 * minute
/** The last ones are enough to tell; a watcher runs for months. */
const mostWarnings = 100

/**
 * Follows every race until it is settled: reads the list again and again, and each event when
 * `nextPollAt` says so. What is due stands in the database, so a restart goes on where the day
 * stands. Ends at `until`, or when the signal fires.
 */
export async function watchRaces(
  deps: CaptureDeps,
  options: { readonly intervalMs: number; readonly until?: number },
): Promise<CaptureResult> {
  const { intervalMs, until = Number.POSITIVE_INFINITY } = options
  const lists = new ListKeeper(deps, intervalMs)
  const counts = noCounts()
  const warnings: Warning[] = []
  let failures = 0
  let passes = 0
  let last: CaptureResult | undefined
  while (!deps.signal.aborted && deps.clock.now() < until) {
    last = await watchOnce(deps, lists)
    passes += 1
    addCounts(counts, last.counts)
    warnings.push(...last.warnings)
    warnings.splice(0, warnings.length - mostWarnings)
    const { created, updated, merged } = last.counts.meetings
    if (created + updated + merged > 0) deps.log.info(last.outcome)
    if (last.stopped instanceof InterruptedError) break

    const now = deps.clock.now()
    failures = last.stopped === undefined ? 0 : failures + 1
    const wakeAt =
      last.stopped === undefined ? lists.wakeAt(now) : now + pauseAfter(last.stopped, failures)
    if (last.stopped !== undefined) {
      deps.log.warn(`TAB could not be read: ${last.stopped.message}`, {
        code: last.stopped.code,
        again: isoInstant(wakeAt),
      })
    }
    try {
      await deps.clock.sleepUntil(Math.min(wakeAt, until), deps.signal)
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw error
      break
    }
  }
  return {
    counts,
    warnings,
    // What failed on the way was asked for again; being told to end is no failure.
    partial: !deps.signal.aborted && last?.partial === true,
    outcome: `watched, ${passes} ${passes === 1 ? 'pass' : 'passes'}; the last: ${last?.outcome ?? 'none'}`,
  }
}

/** One look at everything that is due. */
async function watchOnce(deps: CaptureDeps, lists: ListKeeper): Promise<CaptureResult> {
  const tally = new CaptureTally(deps)
  try {
    const issues = await lists.refresh()
    tally.listed(lists.size, issues)
  } catch (error) {
    if (!(error instanceof HarnessError) || error.exitCode === 1) throw error
    return tally.failedList(error)
  }
  for (const watched of lists.due()) {
    const captured = await captureMeeting(deps, watched.listed, { mode: 'due' })
    watched.nextAt = captured.nextAt
    tally.captured(captured)
    // A race without its event was most likely abandoned since the list was read.
    if (captured.warnings.some(({ code }) => code === 'event-gone')) lists.expire()
    if (captured.stopped !== undefined) break
  }
  return tally.result(lists.range, false)
}

interface Watched {
  listed: ListedMeeting
  /** Epoch ms; null when all its races are left alone. */
  nextAt: number | null
}

/** The meetings that are watched, and when their list was read. */
class ListKeeper {
  readonly #deps: CaptureDeps
  readonly #intervalMs: number
  #meetings = new Map<string, Watched>()
  #range: DateRange | undefined
  #listedAt = 0
  #lookedAt = 0

  constructor(deps: CaptureDeps, intervalMs: number) {
    this.#deps = deps
    this.#intervalMs = intervalMs
  }

  get range(): DateRange {
    return this.#range ?? this.#reach(this.#deps.clock.now())
  }

  get size(): number {
    return this.#meetings.size
  }

  /** Meetings with a race whose time has come, the most urgent first. */
  due(): Watched[] {
    const now = this.#deps.clock.now()
    return [...this.#meetings.values()]
      .filter(({ nextAt }) => nextAt !== null && nextAt <= now)
      .sort((a, b) => (b.nextAt ?? 0) - (a.nextAt ?? 0))
  }

  /** Has the list read again at the next look. */
  expire(): void {
    this.#listedAt = 0
  }

  /**
   * Reads the list when it is time. The whole reach of TAB's lists is read at the start, each day
   * and after a jump of the clock; in between only today and yesterday, for a list of two weeks
   * that is kept at every change would fill the archive.
   */
  async refresh(): Promise<readonly ParseIssue[]> {
    const now = this.#deps.clock.now()
    const reach = this.#reach(now)
    const isWhole =
      this.#range === undefined ||
      this.#range.to !== reach.to ||
      now - this.#lookedAt > this.#intervalMs + jumpMs
    this.#lookedAt = now
    if (!isWhole && now - this.#listedAt < listAgeMs) return []
    const range = isWhole ? reach : { from: addDays(reach.to, -1), to: reach.to }
    const { meetings, issues } = await readMeetingList(this.#deps, range, { keep: true })
    const before = this.#meetings
    if (isWhole) this.#meetings = new Map()
    for (const listed of meetings) {
      const known = before.get(listed.meeting.key)
      const isSame = known !== undefined && isDeepStrictEqual(known.listed.meeting, listed.meeting)
      // What the list says anew can make any race of the meeting due.
      this.#meetings.set(listed.meeting.key, { listed, nextAt: isSame ? known.nextAt : now })
    }
    this.#range = reach
    this.#listedAt = now
    return issues
  }

  /** The next race that is due, or the list while one is due soon; at the latest the interval. */
  wakeAt(now: number): number {
    const latest = now + this.#intervalMs
    const dues = [...this.#meetings.values()].flatMap(({ nextAt }) => nextAt ?? [])
    if (dues.length === 0) return latest
    const raceAt = Math.min(...dues)
    const listAt = raceAt - now < listAgeMs ? this.#listedAt + listAgeMs : raceAt
    // A second at least: a race that cannot be read must not turn the loop into a spin.
    return Math.min(latest, Math.max(now + 1000, Math.min(raceAt, listAt)))
  }

  #reach(now: number): DateRange {
    const today = racingDate(now)
    return { from: addDays(today, -defaultPollPolicy.giveUpDays), to: today }
  }
}

/** Doubling with a cap and no end: an outage of a night must not need a restart in the morning. */
function pauseAfter(error: HarnessError, failures: number): number {
  if (error instanceof SourceRefusedError) return refusedPauseMs
  return Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 10), longestPauseMs)
}
