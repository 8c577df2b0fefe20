import { isDeepStrictEqual } from 'node:util'
import { defaultPollPolicy, nextPollAt } from '../domain/capture/next-poll-at.ts'
import { mergeMeeting } from '../domain/capture/merge-meeting.ts'
import type { HarnessError } from '../errors.ts'
import { applyPass } from './capture-apply.ts'
import { readEvents } from './capture-events.ts'
import type { CaptureDeps, ListedMeeting } from './capture-list.ts'
import { isNew, loadKnown, pageOf, stateOf } from './capture-queue.ts'
import { noCounts, type Warning, type WriteCounts } from './counts.ts'

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
  options: { readonly mode: CaptureMode; readonly dryRun?: boolean },
): Promise<CapturedMeeting> {
  const known = await loadKnown(deps, listed)
  const before = mergeMeeting(known.stored, listed.meeting, new Map())
  const now = deps.clock.now()
  const plan = before.races.map((race) => {
    const poll = nextPollAt(stateOf(deps, race, listed, known), now, defaultPollPolicy)
    return { race, poll, isDue: poll !== null && (options.mode === 'unsettled' || poll.at <= now) }
  })
  const due = plan.filter((entry) => entry.isDue)
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
  })
  return { ...outcome, counts, warnings }
}
