import { isDeepStrictEqual } from 'node:util'
import {
  defaultPollPolicy,
  isComplete,
  nextPollAt,
  whyLeftAlone,
  type PollState,
} from '../domain/capture/next-poll-at.ts'
import { mergeMeeting } from '../domain/capture/merge-meeting.ts'
import { statusOf, supersededDocuments } from '../domain/capture/superseded-documents.ts'
import { isoInstant } from '../domain/dates.ts'
import type { MeetingObservation, RaceObservation } from '../domain/observation.ts'
import { DatabaseError, HarnessError, InterruptedError } from '../errors.ts'
import type { ArchivedDocument, Page, Repositories } from '../repositories/repositories.ts'
import { eventKind } from './capture-archive.ts'
import { readEvents, type Look } from './capture-events.ts'
import type { CaptureDeps, ListedMeeting } from './capture-list.ts'
import { noCounts, type Warning, type WriteCounts } from './counts.ts'
import { ingestMeeting } from './ingest-meeting.ts'

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

/** What is on record of a meeting and of its events. */
interface Known {
  readonly stored: MeetingObservation | undefined
  readonly pages: ReadonlyMap<string, Page>
  readonly documents: ReadonlyMap<string, readonly ArchivedDocument[]>
}

/** Reads the events of one meeting that it is time for, and applies them as one unit. */
export async function captureMeeting(
  deps: CaptureDeps,
  listed: ListedMeeting,
  options: { readonly mode: CaptureMode; readonly dryRun?: boolean },
): Promise<CapturedMeeting> {
  const known = await load(deps, listed)
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
  const saysNothingNew = looks.length === 0 && isDeepStrictEqual(merged, known.stored)
  if (options.mode === 'due' && saysNothingNew && !pages.some((page) => isNew(page, known))) {
    return { ...outcome, counts: noCounts(), warnings: [] }
  }
  const { counts, warnings } = await apply(deps, listed, merged, { pages, looks, known })
  return { ...outcome, counts, warnings }
}

async function load(deps: CaptureDeps, { meeting }: ListedMeeting): Promise<Known> {
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
    return { stored, pages: new Map(pages.map((page) => [page.url, page])), documents }
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

function stateOf(
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
function pageOf(
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
function isNew(page: Page, known: Known): boolean {
  const before = known.pages.get(page.url)
  return (
    before === undefined ||
    before.state !== page.state ||
    before.dueAt !== page.dueAt ||
    before.reason !== page.reason
  )
}

async function apply(
  deps: CaptureDeps,
  listed: ListedMeeting,
  merged: MeetingObservation,
  pass: { readonly pages: readonly Page[]; readonly looks: readonly Look[]; readonly known: Known },
): Promise<{ counts: WriteCounts; warnings: Warning[] }> {
  const { pages, looks, known } = pass
  const failed = looks.filter((look) => look.error !== undefined)
  const name = `${merged.venue ?? merged.key} ${merged.date}`
  const warnings = looks.flatMap(({ number, issues, error }) => [
    ...issues.map(({ code, subject, message }) => ({
      code,
      subject: `${name} ${subject}`,
      message,
    })),
    ...(error === undefined
      ? []
      : [{ code: error.code, subject: `${name} R${number}`, message: error.message }]),
  ])
  const confirmedAt = isoInstant(Math.max(listed.listedAt, ...looks.map((look) => look.at)))
  const alongside = async (repositories: Repositories): Promise<void> => {
    await keepQueue(repositories, pages)
    await tidyArchive(repositories, looks, known, { date: merged.date, at: confirmedAt })
    await repositories.log.add(
      failed.map((look) => failedRow(merged.date, look.url, look.error, confirmedAt)),
    )
  }
  try {
    const { counts } = await ingestMeeting(deps, {
      observation: merged,
      issues: listed.issues,
      documentId: listed.documentId,
      url: listed.url,
      parserVersion: deps.tab.decoderVersion,
      confirmedAt,
      alongside,
    })
    counts.races.failed += failed.length
    if (failed.length > 0) counts.meetings.failed += 1
    return { counts, warnings }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    if (error instanceof DatabaseError || error instanceof InterruptedError) throw error
    const counts = noCounts()
    counts.meetings.failed += 1
    await deps.unitOfWork.run((repositories) =>
      repositories.log.add([failedRow(merged.date, listed.url, error, confirmedAt)]),
    )
    return {
      counts,
      warnings: [...warnings, { code: error.code, subject: name, message: error.message }],
    }
  }
}

function failedRow(date: string, url: string, error: HarnessError | undefined, createdAt: string) {
  return {
    source: 'tab_api' as const,
    dateProcessed: date,
    url,
    status: 'failed' as const,
    recordsCreated: 0,
    recordsUpdated: 0,
    errors: error === undefined ? null : `${error.code}: ${error.message}`,
    createdAt,
  }
}

async function keepQueue(repositories: Repositories, pages: readonly Page[]): Promise<void> {
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

/** Issues belong to the event, so they stand at the oldest of its bodies, which is always kept. */
async function tidyArchive(
  repositories: Repositories,
  looks: readonly Look[],
  known: Known,
  about: { readonly date: string; readonly at: string },
): Promise<void> {
  const superseded: number[] = []
  for (const look of looks) {
    if (look.documentId === undefined) continue
    const seenAt = isoInstant(look.at)
    const bodies = [
      { id: look.documentId, label: look.label ?? null, lastSeenAt: seenAt },
      ...(known.documents.get(look.url) ?? []),
    ].filter((body, index, all) => all.findIndex(({ id }) => id === body.id) === index)
    superseded.push(...supersededDocuments(bodies))
    const anchor = Math.min(...bodies.map(({ id }) => id))
    await repositories.issues.replace(
      { documentId: anchor, source: 'tab_api', date: about.date, at: about.at },
      look.issues,
    )
  }
  await repositories.archive.remove(superseded)
}
