import { isoInstant } from '../../domain/dates.ts'
import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import { changedCells, type CellChange } from '../../domain/scraping/changed-cells.ts'
import { hrnzMeetingKey } from '../../domain/source-keys.ts'
import { HarnessError, LayoutChangedError } from '../../errors.ts'
import type { Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { IngestResult } from '../reconcile/ingest-meeting.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'
import { archiveFetched } from '../archive-fetched.ts'
import { afterRead, failPage, kindOf } from './page-state.ts'
import type { AppDeps, Fetched, Fetcher, HrnzPages } from '../ports.ts'
import { watchLayout } from './watch-layout.ts'

export type ReadDeps = AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages }

/** What became of one page. `failed`: it is due again, and `error` says why. */
export type PageOutcome =
  | {
      readonly kind: 'ingested'
      readonly result: IngestResult
      /** What is odd about the page, in words that stand alone. */
      readonly issues: readonly ParseIssue[]
      /** What an earlier reading of the page said otherwise. */
      readonly changes: readonly CellChange[]
    }
  | { readonly kind: 'failed'; readonly error: HarnessError }

/**
 * One page as a unit of work: asked for conditionally, its bytes kept before anything else is done
 * with them, then parsed and applied together with the page's new state. What stops the source as a
 * whole is thrown; what is wrong with this page is its outcome.
 */
export async function readResultsPage(deps: ReadDeps, page: Page): Promise<PageOutcome> {
  const known = page.documentId !== null
  const answer = await deps.fetcher.fetch(page.url, {
    signal: deps.signal,
    ...(known ? { etag: page.etag, lastModified: page.lastModified } : {}),
  })
  if (answer.kind === 'missing') return missing(deps, page, answer.status, answer.fetchedAt)
  if (answer.kind === 'not-modified') return notModified(deps, page, answer.fetchedAt)
  const documentId = await archiveResults(deps, page, answer.document)
  const { etag, lastModified, contentType, fetchedAt } = answer.document
  return takePage(
    deps,
    { ...page, documentId, etag, lastModified },
    { bytes: answer.document.bytes, contentType, readAt: fetchedAt },
  )
}

function archiveResults(deps: AppDeps, page: Page, document: Fetched): Promise<number> {
  const { kind, url, date, club } = page
  const filing = { source: 'hrnz_scraper', kind, url, date, label: club } as const
  return deps.unitOfWork.run((repositories) => archiveFetched(repositories, document, filing))
}

/** Parses a page's bytes and applies them; a page that cannot be read is failed, and due again. */
async function takePage(
  deps: ReadDeps,
  page: Page,
  read: {
    readonly bytes: Uint8Array
    readonly contentType: string | null
    readonly readAt: number
  },
): Promise<PageOutcome> {
  try {
    const { observation, issues, stewardsUrl } = deps.hrnz.parsePage(kindOf(page), read.bytes, {
      url: page.url,
      expectedDate: page.date,
      contentType: read.contentType,
    })
    const next = afterRead(
      {
        ...page,
        date: observation.date,
        club: page.club ?? observation.club ?? null,
        clubNumber: page.clubNumber ?? observation.clubNumber ?? null,
        venue: page.venue ?? observation.venue ?? null,
      },
      read.readAt,
    )
    const changes = page.lastFetchedAt === null ? [] : await changesSince(deps, observation)
    const result = await ingestMeeting(deps, {
      observation,
      issues,
      documentId: page.documentId,
      url: page.url,
      parserVersion: deps.hrnz.parserVersion,
      confirmedAt: isoInstant(read.readAt),
      alongside: async (repositories) => {
        await repositories.pages.update([next])
        if (stewardsUrl !== undefined)
          await registerReport(repositories, next, {
            url: stewardsUrl,
            now: isoInstant(read.readAt),
            isAmended: changes.length > 0,
          })
        if (observation.kind === 'results')
          await watchLayout(repositories, observation, deps.hrnz.parserVersion)
      },
    })
    return { kind: 'ingested', result, issues: [...issues, ...result.issues], changes }
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    await failPage(deps, page, error, read.readAt)
    return { kind: 'failed', error }
  }
}

/** What the reading that is on record said otherwise; nothing when there is none. */
export async function changesSince(
  deps: Pick<AppDeps, 'unitOfWork'>,
  observation: MeetingObservation,
): Promise<readonly CellChange[]> {
  const before = await deps.unitOfWork.read(async ({ observations }) => {
    const header = (await observations.findByKeys([observation.key])).find(
      ({ kind }) => kind === observation.kind,
    )
    return header && (await observations.loadTrees([header.id])).get(header.id)
  })
  return before === undefined ? [] : changedCells(before, observation)
}

/** The server confirms what we have: the stored observation is confirmed, nothing is parsed. */
async function notModified(deps: ReadDeps, page: Page, at: number): Promise<PageOutcome> {
  const { stored, bytes, document } = await deps.unitOfWork.read(async (repositories) => {
    const { archive } = repositories
    const observed =
      page.state === 'failed' ? undefined : await storedObservation(repositories, page)
    if (observed !== undefined) return { stored: observed }
    const id = page.documentId
    return {
      bytes: id === null ? undefined : await archive.bytes(id),
      document: id === null ? undefined : (await archive.get([id]))[0],
    }
  })
  if (stored !== undefined) {
    const next = afterRead(page, at)
    const result = await ingestMeeting(deps, {
      observation: stored.tree,
      issues: [],
      documentId: stored.documentId,
      url: page.url,
      parserVersion: stored.parserVersion,
      confirmedAt: isoInstant(at),
      alongside: ({ pages }) => pages.update([next]),
    })
    return { kind: 'ingested', result, issues: [], changes: [] }
  }
  // The page failed before, or another one took its key: read again what the server stands by.
  if (bytes !== undefined)
    return takePage(deps, page, { bytes, contentType: document?.contentType ?? null, readAt: at })
  // Nothing is on record to which the answer could refer: ask for the whole page next time.
  const error = new HarnessError(
    `${page.url} is said to be unchanged, but it is not in the archive`,
    {
      code: 'nothing-archived',
      exitCode: 3,
    },
  )
  await failPage(deps, { ...page, documentId: null, etag: null, lastModified: null }, error, at)
  return { kind: 'failed', error }
}

async function storedObservation({ observations }: Repositories, page: Page) {
  if (page.date === null) return undefined
  const key = hrnzMeetingKey(page.date, {
    ...(page.clubNumber === null ? {} : { number: page.clubNumber }),
    name: page.club ?? '',
  })
  const header = (await observations.findByKeys([key])).find(
    ({ kind, documentId }) => kind === page.kind && documentId === page.documentId,
  )
  const tree = header && (await observations.loadTrees([header.id])).get(header.id)
  return header === undefined || tree === undefined ? undefined : { ...header, tree }
}

async function missing(
  deps: ReadDeps,
  page: Page,
  status: number,
  at: number,
): Promise<PageOutcome> {
  const error = new HarnessError(`there is no page at ${page.url} (HTTP ${status})`, {
    code: 'missing',
    exitCode: 3,
  })
  await failPage(deps, page, error, at)
  return { kind: 'failed', error }
}

/**
 * The stewards' report that a results page links is read as well, and again when the page has come to
 * say another thing: what was decided weeks later is told in the report of that day.
 */
export async function registerReport(
  { pages }: Repositories,
  page: Pick<Page, 'date' | 'club' | 'clubNumber' | 'venue'>,
  {
    url,
    now,
    isAmended,
  }: { readonly url: string; readonly now: string; readonly isAmended: boolean },
): Promise<void> {
  const { date, club, clubNumber, venue } = page
  const reason = 'linked by the results page'
  await pages.register([
    {
      source: 'hrnz_scraper',
      kind: 'stewards',
      url,
      date,
      club,
      clubNumber,
      venue,
      dueAt: now,
      reason,
    },
  ])
  if (!isAmended) return
  const known = await pages.findByUrls('hrnz_scraper', [url])
  await pages.update(
    known
      .filter(({ state }) => state === 'due' || state === 'final')
      .map((report) => ({
        ...report,
        state: 'due' as const,
        dueAt: now,
        reason: 'the results page was amended',
      })),
  )
}
