import { isDeepStrictEqual } from 'node:util'
import { defaultPollPolicy, nextPollAt } from '../../domain/capture/next-poll-at.ts'
import { mergeMeeting } from '../../domain/capture/merge-meeting.ts'
import { distanceToStart, missedWindow } from '../../domain/capture/missed-windows.ts'
import { isoInstant } from '../../domain/dates.ts'
import type { MeetingObservation, RaceObservation } from '../../domain/observation.ts'
import type { HarnessError } from '../../errors.ts'
import type { MissedWindow } from '../../repositories/market.ts'
import { applyPass } from './capture-apply.ts'
import type { CaptureGaps } from './capture-gaps.ts'
import { readEvents, type Look } from './capture-events.ts'
import type { CaptureDeps, ListedMeeting } from './capture-list.ts'
import { isNew, loadKnown, pageOf, stateOf, type Known } from './capture-queue.ts'
import { noCounts, type Warning, type WriteCounts } from '../counts.ts'

/** What a pass over one meeting came to. */
export interface CapturedMeeting {
  readonly counts: WriteCounts
  readonly warnings: readonly Warning[]
  /** Events read, or to be read on a dry run. */
  readonly read: number
  readonly leftAlone: number
  /** Epoch ms at which the first of its races is due again; null when all are left alone. */
  readonly nextAt: number | null
  /** What ended the pass early; what had been read is kept. */
  readonly stopped?: HarnessError
}

/** `unsettled`: every race that is not left alone; `due`: those whose time has come. */
export type CaptureMode = 'unsettled' | 'due'

/** Reads the events of one meeting that it is time for, and applies them as one unit. */
export async function captureMeeting(
  deps: CaptureDeps,
  listed: ListedMeeting,
  options: {
    readonly mode: CaptureMode
    readonly dryRun?: boolean
    readonly gaps: CaptureGaps
  },
): Promise<CapturedMeeting> {
  const known = await loadKnown(deps, listed)
  const before = mergeMeeting(known.stored, listed.meeting, new Map())
  const now = deps.clock.now()
  const plan = before.races.map((race) => {
    const poll = nextPollAt(stateOf(deps, race, listed, known), now, defaultPollPolicy)
    return { race, poll, isDue: poll !== null && (options.mode === 'unsettled' || poll.at <= now) }
  })
  const due = plan
    .filter((entry) => entry.isDue)
    .sort((a, b) => distance(a.race, now) - distance(b.race, now))
  const leftAlone = plan.filter((entry) => entry.poll === null).length
  if (options.dryRun === true) {
    return { counts: noCounts(), warnings: [], read: due.length, leftAlone, nextAt: null }
  }

  const { looks, stopped } = await readEvents(
    deps,
    listed.meeting,
    due.map(({ race }) => race),
  )
  const events = new Map(looks.flatMap(({ key, race }) => (race ? [[key, race] as const] : [])))
  const merged = mergeMeeting(known.stored, listed.meeting, events)
  const pages = merged.races.map((race) =>
    pageOf(
      deps,
      race,
      listed,
      known,
      looks.find((look) => look.key === race.key),
    ),
  )
  const dues = pages.flatMap(({ dueAt }) => (dueAt === null ? [] : [Date.parse(dueAt)]))
  const outcome = {
    read: looks.length,
    leftAlone,
    nextAt: dues.length === 0 ? null : Math.min(...dues),
    ...(stopped === undefined ? {} : { stopped }),
  }
  const isQuiet = looks.length === 0 && !pages.some((page) => isNew(page, known))
  if (options.mode === 'due' && isQuiet && isDeepStrictEqual(merged, known.stored)) {
    return { ...outcome, counts: noCounts(), warnings: [] }
  }
  const confirm = options.mode === 'unsettled'
  const { counts, warnings } = await applyPass(deps, listed, {
    merged,
    pages,
    looks,
    known,
    confirm,
    missed: missedBy(looks, before, known, options.gaps, deps.clock.now()),
  })
  return { ...outcome, counts, warnings }
}

const distance = (race: RaceObservation, now: number): number =>
  distanceToStart([race.startTime], now)

/** Windows that the looks came too late for. One that failed has not closed its window yet. */
function missedBy(
  looks: readonly Look[],
  before: MeetingObservation,
  known: Known,
  gaps: CaptureGaps,
  now: number,
): MissedWindow[] {
  // A process that is stopped while it waits for an answer finds out by its age alone.
  gaps.alive(now)
  for (const { askedAt, at } of looks) gaps.note(askedAt, at, 'asleep, stopped or held up')
  return looks.flatMap((look) => {
    if (look.error !== undefined) return []
    const page = known.pages.get(look.url)
    const startTime = before.races.find(({ key }) => key === look.key)?.startTime
    const missed = missedWindow({
      lookedAt: look.at,
      dueAt: page?.dueAt == null ? undefined : Date.parse(page.dueAt),
      reason: page?.reason ?? null,
      startAt: startTime === undefined ? undefined : Date.parse(startTime),
      seenBefore: page?.lastFetchedAt != null,
      graceMs: gaps.graceMs,
    })
    if (missed === undefined) return []
    return [
      {
        subject: look.key.replace('tab:event:', ''),
        dueAt: isoInstant(missed.dueAt),
        date: before.date,
        raceNumber: look.number,
        lookedAt: isoInstant(look.at),
        reason: missed.reason,
        cause:
          page !== undefined && page.attempts > 0
            ? `failed ${page.attempts} times before (${page.errorCode ?? 'unknown'})`
            : gaps.cause(missed.dueAt, look.at),
      },
    ]
  })
}
