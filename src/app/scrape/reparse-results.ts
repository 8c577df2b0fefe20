import type { DateRange } from '../../domain/dates.ts'
import { InterruptedError, LayoutChangedError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import { RunCounts, type Warning } from '../counts.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'
import type { AppDeps, HrnzPages } from '../ports.ts'
import { ChangedFields } from '../reconcile/changed-fields.ts'
import { afterRead, kindOf } from './page-state.ts'
import { changesSince } from './read-results-page.ts'
import type { ScrapeResult } from './scrape-meetings.ts'
import { watchLayout } from './watch-layout.ts'

/**
 * Reads every archived results page again, without the network: after the parser has learned
 * something. Of each meeting the copy that was seen last counts. What cannot be read leaves what is
 * there.
 */
export async function reparseResults(
  deps: AppDeps & { readonly hrnz: HrnzPages },
  options: { readonly range?: DateRange } = {},
): Promise<ScrapeResult> {
  const { range } = options
  const documents = latestCopies(
    await deps.unitOfWork.read(async ({ archive }) => {
      const all: ArchivedDocument[] = []
      for (const kind of ['results', 'fields', 'stewards'])
        all.push(
          ...(await archive.list({
            source: 'hrnz_scraper',
            kind,
            ...(range === undefined ? {} : { range }),
          })),
        )
      return all
    }),
  )
  const run = new RunCounts()
  const counts = run.sum
  const warnings: Warning[] = []
  const changed = new ChangedFields()
  let failed = 0
  let stopped: InterruptedError | undefined
  deps.progress.start(documents.length, 'archived pages')
  for (const document of documents) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    try {
      const more = await reparseDocument(deps, document)
      if (more !== undefined) {
        run.add(more)
        changed.add(document.date ?? document.url, more.changes)
      }
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      failed++
      counts.meetings.failed++
      warnings.push({ code: error.code, subject: document.url, message: error.message })
    }
    deps.progress.step(document.label ?? document.url)
  }
  deps.progress.stop()
  return {
    counts,
    warnings: [...warnings, ...changed.warnings()],
    partial: failed > 0,
    outcome:
      documents.length === 0
        ? 'nothing to do: the archive holds no results page'
        : `${documents.length - failed} of ${documents.length} archived pages read again by ${deps.hrnz.parserVersion}; ${changed.summary()}`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

async function reparseDocument(
  deps: AppDeps & { readonly hrnz: HrnzPages },
  document: ArchivedDocument,
) {
  const bytes = await deps.unitOfWork.read(({ archive }) => archive.bytes(document.id))
  if (bytes === undefined) return undefined
  const { observation, issues } = deps.hrnz.parsePage(kindOf(document), bytes, {
    url: document.url,
    expectedDate: document.date,
    contentType: document.contentType,
  })
  const changes = await changesSince(deps, observation)
  const { counts, meetingId } = await ingestMeeting(deps, {
    observation,
    issues,
    documentId: document.id,
    url: document.url,
    parserVersion: deps.hrnz.parserVersion,
    // A confirmation by 304 is later than that, and on record with the observation itself.
    confirmedAt: document.lastSeenAt,
    alongside: async (repositories) => {
      if (observation.kind === 'results')
        await watchLayout(repositories, observation, deps.hrnz.parserVersion)
      const { pages } = repositories
      // A page that had failed only for the parser's sake has been read after all.
      const page = (await pages.findByUrls('hrnz_scraper', [document.url]))[0]
      if (page?.state !== 'failed' || page.documentId !== document.id) return
      await pages.update([afterRead(page, Date.parse(document.lastSeenAt))])
    },
  })
  return { counts, meetingId, changes }
}

/** One document for each address and date: a page's name is used again every year. */
function latestCopies(documents: readonly ArchivedDocument[]): ArchivedDocument[] {
  const latest = new Map<string, ArchivedDocument>()
  for (const document of documents) {
    const key = `${document.url} ${document.date ?? ''}`
    const before = latest.get(key)
    if (before === undefined || before.lastSeenAt <= document.lastSeenAt) latest.set(key, document)
  }
  return [...latest.values()]
}
