import { mergeMeeting } from '../../domain/capture/merge-meeting.ts'
import type { DateRange } from '../../domain/dates.ts'
import type { MeetingObservation, ParseIssue, RaceObservation } from '../../domain/observation.ts'
import { HarnessError, InterruptedError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import { eventKind, inOrderSeen, listKind } from './capture-archive.ts'
import { addCounts, noCounts, type Warning, type WriteResult } from '../counts.ts'
import { MarketReplay } from './capture-market-replay.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'
import type { AppDeps, TabApi } from '../ports.ts'

/** A meeting on its way through the archive. */
interface Rebuilt {
  tree: MeetingObservation
  listed: MeetingObservation
  list: ArchivedDocument
  issues: readonly ParseIssue[]
  readonly events: Map<string, RaceObservation>
  confirmedAt: string
}

/**
 * Builds TAB's meetings again from the archived bodies, in the order in which they were fetched;
 * no network. What cannot be read any more is a warning and leaves what is there.
 */
export async function reparseTab(
  deps: AppDeps & { readonly tab: TabApi },
  options: { readonly range?: DateRange } = {},
): Promise<WriteResult> {
  const counts = noCounts()
  const warnings: Warning[] = []
  const filter = options.range === undefined ? {} : { range: options.range }
  const { lists, events } = await deps.unitOfWork.read(async ({ archive }) => ({
    // A list of several days stands under its first one, so the database cannot narrow them down.
    lists: (await archive.list({ source: 'tab_api', kind: listKind })).filter((list) =>
      overlaps(askedRange(list), options.range),
    ),
    events: await archive.list({ source: 'tab_api', kind: eventKind, ...filter }),
  }))
  const meetings = new Map<string, Rebuilt>()
  const failed = (document: ArchivedDocument, error: HarnessError): void => {
    warnings.push({ code: error.code, subject: document.url, message: error.message })
  }
  const market = new MarketReplay(deps)
  for (const list of inOrderSeen(lists)) {
    await readList(deps, list, meetings, { failed, market })
    await market.flush(mostBodies)
  }
  for (const event of inOrderSeen(events)) {
    await readEvent(deps, event, meetings, { failed, market })
    await market.flush(mostBodies)
  }
  await market.flush(0)

  const due = [...meetings.values()].filter(
    ({ tree }) =>
      options.range === undefined ||
      (tree.date >= options.range.from && tree.date <= options.range.to),
  )
  deps.progress.start(due.length, 'meetings')
  for (const meeting of due) {
    const observation = mergeMeeting(meeting.tree, meeting.listed, meeting.events)
    const { counts: more } = await ingestMeeting(deps, {
      observation,
      issues: meeting.issues,
      documentId: meeting.list.id,
      url: meeting.list.url,
      parserVersion: deps.tab.decoderVersion,
      confirmedAt: meeting.confirmedAt,
    })
    addCounts(counts, more)
    deps.progress.step(`${observation.venue ?? observation.key} ${observation.date}`)
  }
  deps.progress.stop()
  return {
    counts,
    warnings,
    partial: false,
    outcome:
      due.length === 0
        ? 'nothing to do: the archive holds no list of TAB'
        : `${due.length} meetings of TAB built again from ${lists.length + events.length} archived bodies`,
  }
}

type Failed = (document: ArchivedDocument, error: HarnessError) => void
interface Sinks {
  readonly failed: Failed
  readonly market: MarketReplay
}

/** Bodies whose prices are written in one transaction. */
const mostBodies = 50
type Reparsing = Pick<AppDeps, 'unitOfWork' | 'signal'> & { readonly tab: TabApi }

async function readList(
  deps: Reparsing,
  list: ArchivedDocument,
  meetings: Map<string, Rebuilt>,
  { failed, market }: Sinks,
): Promise<void> {
  const range = askedRange(list)
  const decoded = await decode(deps, list, failed, (bytes) =>
    deps.tab.decodeMeetings(bytes, { range }),
  )
  for (const listed of decoded?.meetings ?? []) {
    const known = meetings.get(listed.key)
    market.list(listed, list.fetchedAt)
    meetings.set(listed.key, {
      tree: mergeMeeting(known?.tree, listed, new Map()),
      listed,
      list,
      issues: decoded?.issues ?? [],
      events: known?.events ?? new Map(),
      confirmedAt: later(known?.confirmedAt, list.lastSeenAt),
    })
  }
}

/** The newest body of an event that holds a race speaks for it. */
async function readEvent(
  deps: Reparsing,
  event: ArchivedDocument,
  meetings: Map<string, Rebuilt>,
  { failed, market }: Sinks,
): Promise<void> {
  const decoded = await decode(deps, event, failed, (bytes) => deps.tab.decodeEvent(bytes))
  if (decoded?.kind !== 'race') return
  const meeting = meetings.get(decoded.meetingKey)
  if (meeting === undefined) return
  market.event(decoded, event.fetchedAt)
  meeting.events.set(decoded.race.key, decoded.race)
  meeting.confirmedAt = later(meeting.confirmedAt, event.lastSeenAt)
}

async function decode<T>(
  deps: Reparsing,
  document: ArchivedDocument,
  failed: Failed,
  read: (bytes: Uint8Array) => T,
): Promise<T | undefined> {
  if (deps.signal.aborted) throw new InterruptedError()
  const bytes = await deps.unitOfWork.read(({ archive }) => archive.bytes(document.id))
  if (bytes === undefined) return undefined
  try {
    return read(bytes)
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    failed(document, error)
    return undefined
  }
}

/** The dates that the list was asked for stand in its URL. */
function askedRange(list: ArchivedDocument): DateRange {
  const query = new URL(list.url).searchParams
  const from = query.get('date_from') ?? list.date ?? ''
  return { from, to: query.get('date_to') ?? from }
}

function overlaps(asked: DateRange, range: DateRange | undefined): boolean {
  return range === undefined || (asked.from <= range.to && asked.to >= range.from)
}

const later = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b)
