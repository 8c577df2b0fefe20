import { isDeepStrictEqual } from 'node:util'
import { captureChanges } from '../../domain/capture/capture-changes.ts'
import type { MarketChanges } from '../../domain/capture/plan-market.ts'
import { supersededDocuments } from '../../domain/capture/superseded-documents.ts'
import { isoInstant } from '../../domain/dates.ts'
import type { MeetingObservation } from '../../domain/observation.ts'
import { HarnessError, InterruptedError } from '../../errors.ts'
import type { MissedWindow } from '../../repositories/market.ts'
import type { Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { Look } from './capture-events.ts'
import type { CaptureDeps, ListedMeeting } from './capture-list.ts'
import { keepMarket, marketSayings } from './capture-market.ts'
import { keepQueue, type Known } from './capture-queue.ts'
import { isFatal } from './capture-fatal.ts'
import { noCounts, type Warning, type WriteCounts } from '../counts.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'

/** What a pass over a meeting found, to be written in one transaction. */
export interface Pass {
  readonly merged: MeetingObservation
  readonly pages: readonly Page[]
  readonly looks: readonly Look[]
  readonly known: Known
  /**
   * Whether a meeting that says the same again is put through all the same. A watcher looks a
   * hundred times at every race: it only moves the queue on.
   */
  readonly confirm: boolean
  readonly missed: readonly MissedWindow[]
}

/** Applies the pass; a unit that is refused is a failed item, and its row is in the log. */
export async function applyPass(
  deps: CaptureDeps,
  listed: ListedMeeting,
  pass: Pass,
): Promise<{ counts: WriteCounts; warnings: Warning[] }> {
  const { merged, pages, looks, known } = pass
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
  const lookedAt = isoInstant(Math.max(listed.listedAt, ...looks.map((look) => look.at)))
  // A look is never older than what is on record: where it seems so the clock was wrong before.
  const confirmedAt =
    known.observedAt !== undefined && known.observedAt > lookedAt ? known.observedAt : lookedAt
  const sayings = merged.races.flatMap((race) =>
    marketSayings(
      listed.meeting.races.find(({ key }) => key === race.key),
      listed.listedAt,
      looks.find(({ key }) => key === race.key),
    ),
  )
  let dividends: MarketChanges['dividends'] = []
  const alongside = async (repositories: Repositories): Promise<void> => {
    await keepQueue(repositories, pages)
    dividends = (await keepMarket(repositories, sayings)).dividends
    await repositories.captureRecord.addMissed(pass.missed)
    await tidyArchive(repositories, looks, known, { date: merged.date, at: confirmedAt })
    await repositories.log.add(
      failed.map((look) => failedRow(merged.date, look.url, look.error, confirmedAt)),
    )
  }
  const tell = (): void =>
    deps.onChanges?.(captureChanges(known.stored, merged, dividends, confirmedAt))
  const addFailed = (counts: WriteCounts): WriteCounts => {
    counts.races.failed += failed.length
    if (failed.length > 0) counts.meetings.failed += 1
    return counts
  }
  if (!pass.confirm && isDeepStrictEqual(merged, known.stored)) {
    await deps.unitOfWork.run(alongside)
    tell()
    return { counts: addFailed(noCounts()), warnings }
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
    tell()
    return { counts: addFailed(counts), warnings }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    if (isFatal(error) || error instanceof InterruptedError) throw error
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
