import type { DateRange } from '../../domain/dates.ts'
import {
  importedMeeting,
  type LinedStart,
  withEarlierRaces,
} from '../../domain/importing/imported-meeting.ts'
import { groupBy } from '../../domain/group-by.ts'
import type { MeetingObservation } from '../../domain/observation.ts'
import { InterruptedError } from '../../errors.ts'
import { addCounts, noCounts } from '../counts.ts'
import { importParserVersion } from '../importing/import-starts.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'
import type { AppDeps } from '../ports.ts'
import { bySeen } from './reparse-horse-pages.ts'
import type { ScrapeResult } from './scrape-meetings.ts'

/**
 * Reads the rows of imported files again. Of a meeting that several files speak of, a later file's
 * races replace those of an earlier one. Null if nothing was imported.
 */
export async function reparseImports(
  deps: AppDeps,
  { range }: { readonly range?: DateRange },
): Promise<ScrapeResult | null> {
  const { unitOfWork } = deps
  const documents = await unitOfWork.read(({ archive }) =>
    archive.list({ source: 'manual', kind: 'import', ...(range === undefined ? {} : { range }) }),
  )
  if (documents.length === 0) return null
  const counts = noCounts()
  let read = 0
  let stopped: InterruptedError | undefined
  // The address of an imported document ends with the key of its meeting.
  const meetings = groupBy(documents, ({ url }) => url.slice(url.lastIndexOf('#') + 1))
  for (const own of meetings.values()) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const files = bySeen(own)
    let observation: MeetingObservation | undefined
    for (const { id } of files) {
      const bytes = await unitOfWork.read(({ archive }) => archive.bytes(id))
      if (bytes !== undefined)
        observation = withEarlierRaces(importedMeeting(rowsOf(bytes)).observation, observation)
    }
    const latest = files.at(-1)
    if (observation === undefined || latest === undefined) continue
    const { counts: more } = await ingestMeeting(deps, {
      observation,
      issues: [],
      documentId: latest.id,
      url: latest.url,
      parserVersion: importParserVersion,
      confirmedAt: latest.lastSeenAt,
    })
    addCounts(counts, more)
    read++
  }
  return {
    counts,
    warnings: [],
    partial: false,
    outcome: `${read} of ${meetings.size} imported meetings read again`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

const rowsOf = (bytes: Uint8Array): LinedStart[] =>
  Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LinedStart)
