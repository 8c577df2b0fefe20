import { isDeepStrictEqual } from 'node:util'
import { defaultPollPolicy } from '../../domain/capture/next-poll-at.ts'
import { distanceToStart } from '../../domain/capture/missed-windows.ts'
import { addDays, isoInstant, racingDate, type DateRange } from '../../domain/dates.ts'
import type { ParseIssue } from '../../domain/observation.ts'
import { eventKind } from './capture-archive.ts'
import { readMeetingList, type CaptureDeps, type ListedMeeting } from './capture-list.ts'

const minute = 60_000
/** How old the list may grow while a race is near or under way: abandonments stand there alone. */
const listAgeMs = 5 * minute
/** A machine that slept this much longer than it was told to may have missed anything. */
const jumpMs = 30 * minute

export interface Watched {
  listed: ListedMeeting
  /** Epoch ms; null when all its races are left alone. */
  nextAt: number | null
}

/** The meetings that are watched, and when their list was read. */
export class WatchedMeetings {
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

  /**
   * The meeting to be read now, near races first: after an outage there may be two weeks to catch up
   * on, and tonight's starts must not wait for them.
   */
  mostUrgent(): Watched | undefined {
    const now = this.#deps.clock.now()
    return [...this.#meetings.values()]
      .filter(({ nextAt }) => nextAt !== null && nextAt <= now)
      .map((watched) => ({
        watched,
        distance: distanceToStart(
          watched.listed.meeting.races.map(({ startTime }) => startTime),
          now,
        ),
      }))
      .sort((a, b) => a.distance - b.distance)[0]?.watched
  }

  /** Has the list read again at the next look. */
  expire(): void {
    this.#listedAt = 0
  }

  get isStale(): boolean {
    return this.#deps.clock.now() - this.#listedAt >= listAgeMs
  }

  /**
   * Reads the list when it is time. The whole reach of TAB's lists is read at the start, each day
   * and after a jump of the clock; in between only today and yesterday, for a list of two weeks
   * that is kept at every change would fill the archive.
   */
  async refresh(): Promise<readonly ParseIssue[]> {
    const now = this.#deps.clock.now()
    const reach = this.#reach(now)
    const jumped = now - this.#lookedAt > this.#intervalMs + jumpMs || now < this.#lookedAt - minute
    const isWhole = this.#range === undefined || this.#range.to !== reach.to || jumped
    this.#lookedAt = now
    // Not until it has been read: an outage must not hide the jump from the next look.
    if (isWhole) this.#range = undefined
    if (!isWhole && !this.isStale) return []
    const range = isWhole ? reach : { from: addDays(reach.to, -1), to: reach.to }
    const { meetings, issues } = await readMeetingList(this.#deps, range, { keep: true })
    const before = this.#meetings
    if (isWhole) {
      this.#meetings = new Map()
      await this.#closeForgotten(reach, now)
    }
    for (const listed of meetings) {
      const known = before.get(listed.meeting.key)
      const isSame = known !== undefined && isDeepStrictEqual(known.listed.meeting, listed.meeting)
      // What the list says anew can make any race of the meeting due; so can a clock that was set.
      this.#meetings.set(listed.meeting.key, {
        listed,
        nextAt: isSame && !isWhole ? known.nextAt : now,
      })
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

  /** Races that the lists have left behind unsettled are closed, and the gap goes on record. */
  async #closeForgotten(reach: DateRange, now: number): Promise<void> {
    await this.#deps.unitOfWork.run(async ({ pages, captureRecord }) => {
      const at = isoInstant(now)
      const forgotten = await pages.due(
        {
          source: 'tab_api',
          kind: eventKind,
          range: { from: '1900-01-01', to: addDays(reach.from, -1) },
          now: at,
        },
        10_000,
      )
      const reason = `not settled when TAB's lists, which reach back ${defaultPollPolicy.giveUpDays} days, left it behind`
      await pages.update(
        forgotten.map((page) => ({ ...page, state: 'closed', dueAt: null, reason })),
      )
      await captureRecord.addMissed(
        forgotten.map((page) => ({
          subject: page.url.split('/').at(-1) ?? page.url,
          dueAt: page.dueAt ?? at,
          date: page.date ?? reach.from,
          raceNumber: null,
          lookedAt: at,
          reason: page.reason ?? 'due',
          cause: reason,
        })),
      )
    })
  }
}
