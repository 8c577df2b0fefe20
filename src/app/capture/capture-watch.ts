import { isoInstant, racingDate } from '../../domain/dates.ts'
import { HarnessError, InterruptedError, SourceRefusedError } from '../../errors.ts'
import { isFatal } from './capture-fatal.ts'
import { CaptureGaps } from './capture-gaps.ts'
import type { CaptureDeps } from './capture-list.ts'
import { captureMeeting } from './capture-meeting.ts'
import { CaptureTally, type CaptureResult } from './capture-races.ts'
import { WatchedMeetings } from './capture-watched.ts'
import { addCounts, noCounts, type Warning } from '../counts.ts'

const minute = 60_000
const firstPauseMs = minute / 2
const longestPauseMs = 15 * minute
/** The client knows until when a source is to be left alone; asking it costs no request. */
const refusedPauseMs = 60 * minute
/** A look that comes this late has missed its window. */
const graceMs = 5 * minute
/** The last ones are enough to tell; a watcher runs for months. */
const mostWarnings = 100
/** Heartbeats tell of gaps as long as TAB can still be asked about them. */
const heartbeatDays = 14

export interface WatchOptions {
  readonly intervalMs: number
  /** Epoch ms. */
  readonly until?: number
  /** 0 to 1; spreads the attempts of many watchers after an outage of the source. */
  readonly random?: () => number
}

/** What a round came to; `stopped`: TAB could not be read. */
export type WatchRound = Pick<CaptureResult, 'outcome' | 'stopped'>

interface WatchDeps extends CaptureDeps {
  /** Told of each round once it is on record. */
  readonly onRound?: (round: WatchRound) => Promise<void>
}

/**
 * Follows every race until it is settled: reads the list again and again, and each event when
 * `nextPollAt` says so. What is due stands in the database, so a restart goes on where the day
 * stands. Ends at `until`, or when the signal fires.
 */
export async function watchRaces(deps: WatchDeps, options: WatchOptions): Promise<CaptureResult> {
  const { intervalMs, until = Number.POSITIVE_INFINITY, random = Math.random } = options
  const watched = new WatchedMeetings(deps, intervalMs)
  const counts = noCounts()
  const warnings: Warning[] = []
  let failures = 0
  let rounds = 0
  let last: CaptureResult | undefined
  const gaps = new CaptureGaps(graceMs, 'other races were being read')
  await noteAbsence(deps, gaps)
  while (!deps.signal.aborted && deps.clock.now() < until) {
    const startedAt = deps.clock.now()
    last = await watchOnce(deps, watched, gaps)
    rounds += 1
    addCounts(counts, last.counts)
    warnings.push(...last.warnings)
    warnings.splice(0, warnings.length - mostWarnings)
    const { created, updated, merged } = last.counts.meetings
    if (created + updated + merged > 0) deps.log.info(last.outcome)

    const now = deps.clock.now()
    const { stopped } = last
    failures = stopped === undefined ? 0 : failures + 1
    const wakeAt = Math.min(
      until,
      stopped === undefined ? watched.wakeAt(now) : now + pauseAfter(stopped, failures, random()),
    )
    const ends = stopped instanceof InterruptedError
    await keepHeartbeat(deps, { result: last, startedAt, nextAt: ends ? null : wakeAt })
    if (ends) break
    await deps.onRound?.(last)
    if (stopped !== undefined) {
      gaps.note(startedAt, wakeAt, `TAB could not be read (${stopped.code})`)
      deps.log.warn(`TAB could not be read: ${stopped.message}`, {
        code: stopped.code,
        again: isoInstant(wakeAt),
      })
    }
    try {
      await deps.clock.sleepUntil(wakeAt, deps.signal)
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw error
      break
    }
    gaps.note(wakeAt, deps.clock.now(), 'asleep or stopped')
  }
  return {
    counts,
    warnings,
    read: last?.read ?? 0,
    // What failed on the way was asked for again; being told to end is no failure.
    partial: !deps.signal.aborted && last?.partial === true,
    outcome: `watched, ${rounds} ${rounds === 1 ? 'pass' : 'passes'}; the last: ${last?.outcome ?? 'none'}`,
  }
}

/** One look at everything that is due. */
async function watchOnce(
  deps: CaptureDeps,
  meetings: WatchedMeetings,
  gaps: CaptureGaps,
): Promise<CaptureResult> {
  const tally = new CaptureTally(deps)
  gaps.begin(deps.clock.now())
  try {
    const issues = await meetings.refresh()
    gaps.alive(deps.clock.now())
    tally.listed(meetings.size, issues)
  } catch (error) {
    if (!(error instanceof HarnessError) || isFatal(error)) {
      throw error
    }
    return tally.failedList(error)
  }
  for (;;) {
    gaps.alive(deps.clock.now())
    const watched = meetings.mostUrgent()
    if (watched === undefined) break
    const captured = await captureMeeting(deps, watched.listed, {
      mode: 'due',
      gaps,
    })
    // One that is due again at once has been read all the same: the others get their turn.
    watched.nextAt =
      captured.nextAt === null ? null : Math.max(captured.nextAt, deps.clock.now() + 1000)
    tally.captured(captured)
    // A race without its event was most likely abandoned since the list was read.
    if (captured.warnings.some(({ code }) => code === 'event-gone')) meetings.expire()
    if (captured.stopped !== undefined || meetings.isStale) break
  }
  return tally.result(meetings.range, false)
}

/**
 * Looks are late at the start because nobody watched. Where that was for so long that TAB's lists
 * have forgotten part of it, it is a gap, and goes on record.
 */
async function noteAbsence(deps: CaptureDeps, gaps: CaptureGaps): Promise<void> {
  const now = deps.clock.now()
  const last = await deps.unitOfWork.read(({ captureRecord }) => captureRecord.lastCycle())
  gaps.note(Date.parse(last?.endedAt ?? '1970-01-01'), now, 'no watcher ran')
  if (last !== undefined && now - Date.parse(last.endedAt) > heartbeatDays * 86_400_000) {
    await deps.unitOfWork.run(({ captureRecord }) =>
      captureRecord.addMissed([
        {
          subject: 'list',
          dueAt: last.nextAt ?? last.endedAt,
          date: racingDate(Date.parse(last.endedAt)),
          raceNumber: null,
          lookedAt: isoInstant(now),
          reason: "TAB's lists have forgotten the first of these days",
          cause: gaps.cause(Date.parse(last.endedAt), now),
        },
      ]),
    )
  }
}

async function keepHeartbeat(
  deps: CaptureDeps,
  round: {
    readonly result: CaptureResult
    readonly startedAt: number
    readonly nextAt: number | null
  },
): Promise<void> {
  const { result, startedAt, nextAt } = round
  const { created, updated, merged, failed } = result.counts.meetings
  const now = deps.clock.now()
  await deps.unitOfWork.run(async ({ captureRecord }) => {
    await captureRecord.addCycle({
      startedAt: isoInstant(startedAt),
      endedAt: isoInstant(now),
      nextAt: nextAt === null ? null : isoInstant(nextAt),
      racesRead: result.read,
      changed: created + updated + merged,
      failed,
      errorCode: result.stopped?.code ?? null,
      outcome: result.outcome,
    })
    await captureRecord.forgetCycles(isoInstant(now - heartbeatDays * 86_400_000))
  })
}

/** Doubling with a cap and no end: an outage of a night must not need a restart in the morning. */
function pauseAfter(error: HarnessError, failures: number, random: number): number {
  const full =
    error instanceof SourceRefusedError
      ? refusedPauseMs
      : Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 10), longestPauseMs)
  return Math.round(full * (0.75 + random / 4))
}
