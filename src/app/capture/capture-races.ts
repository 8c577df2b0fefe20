import { counted } from '../../domain/counted.ts'
import { addDays, daysBetween, racingDate, type DateRange } from '../../domain/dates.ts'
import { defaultPollPolicy } from '../../domain/capture/next-poll-at.ts'
import { distanceToStart } from '../../domain/capture/missed-windows.ts'
import { HarnessError, LayoutChangedError, UsageError } from '../../errors.ts'
import { isFatal } from './capture-fatal.ts'
import { CaptureGaps } from './capture-gaps.ts'
import { captureMeeting } from './capture-meeting.ts'
import {
  readMeetingList,
  type CaptureDeps,
  type ListedMeeting,
  type MeetingList,
} from './capture-list.ts'
import { addCounts, noCounts, type Warning, type WriteCounts, type WriteResult } from '../counts.ts'

export interface CaptureResult extends WriteResult {
  /** What ended the work early; the counts are of what was done before. */
  readonly stopped?: HarnessError
  /** Events read. */
  readonly read: number
}

/** Runs are minutes apart; a window counts as missed past what a live result may take. */
const halfHour = 30 * 60_000

/** Reads TAB's NZ harness meetings of a range once, with every race that is not settled yet. */
export async function captureRaces(
  deps: CaptureDeps,
  options: { readonly range: DateRange; readonly dryRun?: boolean },
): Promise<CaptureResult> {
  const { range, dryRun = false } = options
  checkReach(range, deps.clock.now())
  const tally = new CaptureTally(deps)
  let list: MeetingList
  try {
    list = await readMeetingList(deps, range, { keep: !dryRun })
  } catch (error) {
    if (!(error instanceof HarnessError) || isFatal(error)) throw error
    return tally.failedList(error)
  }
  tally.listed(list.meetings.length, list.issues)
  deps.progress.start(list.meetings.length, 'meetings')
  for (const listed of nearestFirst(list.meetings, deps.clock.now())) {
    const captured = await captureMeeting(deps, listed, {
      mode: 'unsettled',
      dryRun,
      gaps: new CaptureGaps(halfHour, 'nobody looked in between'),
    })
    tally.captured(captured)
    deps.progress.step(`${listed.meeting.venue ?? listed.meeting.key} ${listed.meeting.date}`)
    if (captured.stopped !== undefined) break
  }
  deps.progress.stop()
  return tally.result(range, dryRun)
}

/** The sums of one pass, and the sentence that says what came of it. */
export class CaptureTally {
  readonly #deps: CaptureDeps
  readonly #before: Record<string, number>
  readonly #counts: WriteCounts = noCounts()
  readonly #warnings: Warning[] = []
  #meetings = 0
  #read = 0
  #leftAlone = 0
  #stopped: HarnessError | undefined

  constructor(deps: CaptureDeps) {
    this.#deps = deps
    this.#before = { ...deps.fetcher.requests }
  }

  listed(meetings: number, issues: MeetingList['issues']): void {
    this.#meetings = meetings
    for (const { code, subject, message } of issues) {
      this.#warnings.push({ code, subject, message })
      if (code === 'meeting-unreadable') this.#counts.meetings.failed += 1
    }
  }

  captured(captured: Awaited<ReturnType<typeof captureMeeting>>): void {
    addCounts(this.#counts, captured.counts)
    this.#warnings.push(...captured.warnings)
    this.#read += captured.read
    this.#leftAlone += captured.leftAlone
    this.#stopped = captured.stopped
  }

  result(range: DateRange, dryRun: boolean): CaptureResult {
    return this.#finish(this.#outcome(range, dryRun))
  }

  /** The list could not be had, so there is nothing else to do. */
  failedList(error: HarnessError): CaptureResult {
    if (error instanceof LayoutChangedError) this.#counts.meetings.failed += 1
    this.#stopped = error
    return this.#finish(`nothing was captured: ${error.message}`)
  }

  #finish(outcome: string): CaptureResult {
    const requests = this.#deps.fetcher.requests
    for (const [kind, count] of Object.entries(requests)) {
      this.#counts.requests[kind] = count - (this.#before[kind] ?? 0)
    }
    return {
      counts: this.#counts,
      warnings: this.#warnings,
      partial: this.#counts.meetings.failed > 0,
      outcome,
      read: this.#read,
      ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }),
    }
  }

  #outcome(range: DateRange, dryRun: boolean): string {
    const dates = range.from === range.to ? range.from : `${range.from} to ${range.to}`
    if (this.#meetings === 0) {
      return this.#counts.meetings.failed > 0
        ? `no meeting of TAB's list for ${dates} could be read`
        : `nothing to do: TAB lists no New Zealand harness meeting for ${dates}`
    }
    const meetings = counted(this.#meetings, 'meeting')
    const rest = this.#leftAlone === 0 ? '' : `, ${this.#leftAlone} settled or abandoned left alone`
    if (dryRun)
      return `would read ${counted(this.#read, 'race')} of ${meetings} for ${dates}${rest}`
    const { created, updated, merged, failed } = this.#counts.meetings
    const changed = created + updated + merged > 0
    const state = changed || failed > 0 ? '' : ', unchanged'
    return `${meetings} for ${dates}, ${counted(this.#read, 'race')} read${rest}${state}`
  }
}

/** TAB's lists reach 13 days back; asking for more would be answered with an error, or with less. */
function checkReach(range: DateRange, now: number): void {
  const today = racingDate(now)
  if (daysBetween(range.from, today) <= defaultPollPolicy.giveUpDays) return
  throw new UsageError(
    `TAB lists no further back than ${defaultPollPolicy.giveUpDays} days, and ${range.from} is ${daysBetween(range.from, today)} days ago`,
    `Begin at ${addDays(today, -defaultPollPolicy.giveUpDays)}; older meetings come from HRNZ (harness scrape).`,
  )
}

/** Of a range of days the races of this hour come first. */
function nearestFirst(meetings: readonly ListedMeeting[], now: number): ListedMeeting[] {
  const distance = ({ meeting }: ListedMeeting): number =>
    distanceToStart(
      meeting.races.map(({ startTime }) => startTime),
      now,
    )
  return [...meetings].sort((a, b) => distance(a) - distance(b))
}
