import {
  defaultPollPolicy,
  isComplete,
  nextPollAt,
  whyLeftAlone,
  type PollState,
} from '../../domain/capture/next-poll-at.ts'
import { mergeMeeting } from '../../domain/capture/merge-meeting.ts'
import { statusOf } from '../../domain/capture/superseded-documents.ts'
import { isoInstant } from '../../domain/dates.ts'
import type { MeetingObservation, RaceObservation } from '../../domain/observation.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { eventKind } from './capture-archive.ts'
import type { Look } from './capture-events.ts'
import type { CaptureDeps, ListedMeeting } from './capture-list.ts'

/** What is on record of a meeting and of its events. */
export interface Known {
  readonly stored: MeetingObservation | undefined
  /** When it was said so. */
  readonly observedAt: string | undefined
  readonly pages: ReadonlyMap<string, Page>
  readonly documents: ReadonlyMap<string, readonly ArchivedDocument[]>
}

/** Reads it, in a handful of queries whatever the number of races. */
export async function loadKnown(deps: CaptureDeps, { meeting }: ListedMeeting): Promise<Known> {
  return await deps.unitOfWork.read(async (repositories) => {
    const [header] = (await repositories.observations.findByKeys([meeting.key])).filter(
      (observation) => observation.kind === 'card',
    )
    const stored = header && (await repositories.observations.loadTrees([header.id])).get(header.id)
    const races = mergeMeeting(stored, meeting, new Map()).races
    const urls = races.map((race) => urlOf(deps, race))
    const pages = await repositories.pages.findByUrls('tab_api', urls)
    const documents = await eventDocuments(repositories, [
      meeting.date,
      ...(stored === undefined ? [] : [stored.date]),
    ])
    const observedAt = header?.observedAt
    return { stored, observedAt, pages: new Map(pages.map((page) => [page.url, page])), documents }
  })
}

async function eventDocuments(
  repositories: Repositories,
  dates: readonly string[],
): Promise<Map<string, ArchivedDocument[]>> {
  const sorted = [...dates].sort()
  const byUrl = new Map<string, ArchivedDocument[]>()
  const range = { from: sorted[0] ?? '', to: sorted.at(-1) ?? '' }
  for (const document of await repositories.archive.list({
    source: 'tab_api',
    kind: eventKind,
    range,
  })) {
    byUrl.set(document.url, [...(byUrl.get(document.url) ?? []), document])
  }
  return byUrl
}

/** The event's URL; its id is the tail of the race's key. */
function urlOf(deps: CaptureDeps, race: RaceObservation): string {
  return deps.tab.eventUrl(race.key.replace('tab:event:', ''))
}

/** What the next look at a race's event depends on; `look`: the one just taken. */
export function stateOf(
  deps: CaptureDeps,
  race: RaceObservation,
  listed: ListedMeeting,
  known: Known,
  look?: Look,
): PollState {
  const url = urlOf(deps, race)
  const page = known.pages.get(url)
  const polledAt =
    look?.at ?? (page?.lastFetchedAt == null ? undefined : Date.parse(page.lastFetchedAt))
  const finals = (known.documents.get(url) ?? [])
    .filter((document) => statusOf(document.label) === 'final')
    .map((document) => Date.parse(document.fetchedAt))
  if (look?.race?.status === 'final') finals.push(look.at)
  const listStatus = listed.meeting.races.find(({ key }) => key === race.key)?.status
  const startTime = look?.race?.startTime ?? race.startTime
  return {
    date: listed.meeting.date,
    status: polledAt === undefined ? undefined : race.status,
    listStatus,
    startAt: startTime === undefined ? undefined : Date.parse(startTime),
    lastPolledAt: polledAt,
    finalSeenAt: finals.length === 0 ? undefined : Math.min(...finals),
    complete: isComplete(race),
    failures:
      look === undefined ? (page?.attempts ?? 0) : look.error ? (page?.attempts ?? 0) + 1 : 0,
  }
}

/** The event's row in the queue, as it stands after this pass. */
export function pageOf(
  deps: CaptureDeps,
  race: RaceObservation,
  listed: ListedMeeting,
  known: Known,
  look: Look | undefined,
): Page {
  const url = urlOf(deps, race)
  const page = known.pages.get(url)
  const state = stateOf(deps, race, listed, known, look)
  const poll = nextPollAt(state, deps.clock.now(), defaultPollPolicy)
  const why = whyLeftAlone(state)
  const settled = why === 'abandoned' || why === 'final and settled'
  return {
    id: page?.id ?? 0,
    source: 'tab_api',
    kind: eventKind,
    url,
    date: listed.meeting.date,
    club: listed.meeting.club ?? null,
    clubNumber: null,
    venue: listed.meeting.venue ?? null,
    state: poll === null ? (settled ? 'final' : 'closed') : state.failures > 0 ? 'failed' : 'due',
    dueAt: poll === null ? null : isoInstant(poll.at),
    attempts: state.failures,
    reason: poll === null ? why : poll.reason,
    errorCode: look === undefined ? (page?.errorCode ?? null) : (look.error?.code ?? null),
    lastFetchedAt: state.lastPolledAt === undefined ? null : isoInstant(state.lastPolledAt),
    etag: null,
    lastModified: null,
    documentId: look?.documentId ?? page?.documentId ?? null,
  }
}

/** Whether the row says something else than the one on record. */
export function isNew(page: Page, known: Known): boolean {
  const before = known.pages.get(page.url)
  return (
    before === undefined ||
    before.state !== page.state ||
    before.dueAt !== page.dueAt ||
    before.reason !== page.reason
  )
}

/** Puts the rows into the queue, new ones included. */
export async function keepQueue(repositories: Repositories, pages: readonly Page[]): Promise<void> {
  const unknown = pages.filter((page) => page.id === 0)
  await repositories.pages.register(unknown)
  const urls = unknown.map((page) => page.url)
  const ids = new Map(
    (await repositories.pages.findByUrls('tab_api', urls)).map((page) => [page.url, page.id]),
  )
  await repositories.pages.update(
    pages.map((page) => (page.id === 0 ? { ...page, id: ids.get(page.url) ?? 0 } : page)),
  )
}
