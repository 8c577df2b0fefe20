import { isNearDate } from '../../domain/capture/merge-meeting.ts'
import type { RaceMarket } from '../../domain/capture/race-market.ts'
import type { MeetingObservation, ParseIssue, RaceObservation } from '../../domain/observation.ts'
import { isFatal } from './capture-fatal.ts'
import { HarnessError, InterruptedError, LayoutChangedError } from '../../errors.ts'
import { archiveEvent } from './capture-archive.ts'
import type { CaptureDeps } from './capture-list.ts'
import type { Fetched } from '../ports.ts'

/** One look at an event: the race, or what was there instead. */
export interface Look {
  /** Key of the race. */
  readonly key: string
  readonly number: number
  readonly url: string
  /** Epoch ms: when it was asked for, its turn at the host included, and when the answer came. */
  readonly askedAt: number
  readonly at: number
  readonly race?: RaceObservation
  readonly market?: RaceMarket
  readonly issues: readonly ParseIssue[]
  readonly error?: HarnessError
  readonly documentId?: number
  readonly label?: string
}

/**
 * Reads the events of these races, each body into the archive at once. One that cannot be read is a
 * look with an error, and the others go on; a source that refuses or fails ends the reading.
 */
export async function readEvents(
  deps: CaptureDeps,
  meeting: MeetingObservation,
  races: readonly RaceObservation[],
): Promise<{ readonly looks: readonly Look[]; readonly stopped?: HarnessError }> {
  const looks: Look[] = []
  for (const race of races) {
    const url = deps.tab.eventUrl(race.key.replace('tab:event:', ''))
    const askedAt = deps.clock.now()
    try {
      const answer = await deps.fetcher.fetch(url, {
        accept: 'application/json',
        headers: deps.tab.headers,
        signal: deps.signal,
      })
      if (answer.kind === 'ok') {
        const look = await takeEvent(deps, meeting, race, { url, document: answer.document })
        looks.push({ ...look, askedAt })
      } else {
        const found = { key: race.key, number: race.number, url, askedAt, at: deps.clock.now() }
        looks.push({ ...found, ...goneLook(race, 'it has no page') })
      }
    } catch (error) {
      if (!(error instanceof HarnessError) || isFatal(error)) throw error
      return { looks, stopped: error }
    }
    if (deps.signal.aborted) return { looks, stopped: new InterruptedError() }
  }
  return { looks }
}

async function takeEvent(
  deps: CaptureDeps,
  meeting: MeetingObservation,
  race: RaceObservation,
  body: { readonly url: string; readonly document: Fetched },
): Promise<Omit<Look, 'askedAt'>> {
  const { url, document } = body
  const found = decode(deps, meeting, race, document)
  const status = found.race?.status ?? (found.error === undefined ? 'gone' : 'unreadable')
  const said = JSON.stringify(found.race ?? found.error?.code ?? '')
  const { documentId, label } = await deps.unitOfWork.run(async (repositories) =>
    archiveEvent(repositories, document, { url, date: meeting.date, said, status }),
  )
  const look = { key: race.key, number: race.number, url, at: document.fetchedAt }
  return { ...look, ...found, documentId, label }
}

type Found = Pick<Look, 'race' | 'market' | 'issues' | 'error'>

/** Never throws: the body must reach the archive whatever it holds. */
function decode(
  deps: CaptureDeps,
  meeting: MeetingObservation,
  race: RaceObservation,
  document: Fetched,
): Found {
  try {
    const decoded = deps.tab.decodeEvent(document.bytes)
    if (decoded.kind === 'gone') return goneLook(race, decoded.message)
    if (decoded.race.key !== race.key || decoded.meetingKey !== meeting.key) {
      throw new LayoutChangedError(
        `TAB answered with ${decoded.race.key} of ${decoded.meetingKey} instead of ${race.key} of ${meeting.key}`,
        { code: 'wrong-event' },
      )
    }
    const date = decoded.race.more?.['raceDateNz']
    if (date !== undefined && !isNearDate(date, meeting.date)) {
      throw new LayoutChangedError(
        `TAB dates the event of race ${race.number} ${date}, its meeting is on ${meeting.date}`,
        { code: 'wrong-date' },
      )
    }
    return { race: decoded.race, market: decoded.market, issues: decoded.issues }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    return { issues: [], error }
  }
}

/** An abandoned race loses its event, and keeps its last card; any other race should have one. */
function goneLook(race: RaceObservation, message: string): Found {
  if (race.status === 'abandoned') return { issues: [] }
  return {
    issues: [],
    error: new LayoutChangedError(`TAB has no event for the race it lists: ${message}`, {
      code: 'event-gone',
    }),
  }
}
