import { isoInstant } from '../../domain/dates.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { Page } from '../../repositories/pages.ts'
import { ingestMeeting, type IngestResult } from '../reconcile/ingest-meeting.ts'
import { archiveFetched } from '../archive-fetched.ts'
import { afterRead } from './page-state.ts'
import type { AppDeps, DynamicPage, DynamicPages, Fetcher } from '../ports.ts'

export type DynamicDeps = AppDeps & { readonly fetcher: Fetcher; readonly dynamic: DynamicPages }

/** Kinds of the archive: a race day with links to its races, and each of these. */
export const racedayKind = 'raceday'
export const racePageKind = 'race'

interface Filing {
  /** False leaves no trace of the page: a dry run. */
  readonly keep?: boolean
  readonly kind: string
  readonly date: string | null
  readonly label: string | null
}

/** One page of the dynamic server, in the archive before anything else is done with it. */
export async function fetchDynamic(
  { fetcher, signal, unitOfWork }: DynamicDeps,
  url: string,
  { kind, date, label, keep = true }: Filing,
): Promise<DynamicPage> {
  const answer = await fetcher.fetch(url, { signal })
  if (answer.kind !== 'ok')
    throw new LayoutChangedError(`HRNZ has no page ${url}`, { code: 'missing' })
  const { bytes, contentType } = answer.document
  if (keep) {
    const filing = { source: 'hrnz_scraper', kind, url, date, label } as const
    await unitOfWork.run((repositories) => archiveFetched(repositories, answer.document, filing))
  }
  return { url, bytes, contentType }
}

/**
 * A race day with all its races as one unit. What an earlier run has archived of it is not asked for
 * again, so that a run that was ended goes on where it was.
 */
export async function readRaceday(deps: DynamicDeps, page: Page): Promise<IngestResult> {
  const { date, club } = page
  if (date === null || club === null)
    throw new LayoutChangedError('a race day without date and club', { code: 'raceday-undated' })
  const isResumed = page.lastFetchedAt === null
  const take = async (url: string, kind: string): Promise<DynamicPage> =>
    (isResumed ? await archivedPage(deps, url, kind) : undefined) ??
    (await fetchDynamic(deps, url, { kind, date, label: club }))
  const raceday = await take(page.url, racedayKind)
  const races: DynamicPage[] = []
  for (const { url } of deps.dynamic.listedRaces(raceday)) races.push(await take(url, racePageKind))
  const readAt = deps.clock.now()
  return await applyRaceday(deps, { raceday, races, date, club }, isoInstant(readAt), page)
}

interface Raceday {
  readonly raceday: DynamicPage
  readonly races: readonly DynamicPage[]
  readonly date: string
  readonly club: string
}

async function applyRaceday(
  deps: AppDeps & { readonly dynamic: DynamicPages },
  { raceday, races, date, club }: Raceday,
  confirmedAt: string,
  page: Page | null,
): Promise<IngestResult> {
  const { observation, issues } = deps.dynamic.parseRaceday(raceday, races, { date, club })
  const document = await deps.unitOfWork.read(async ({ archive }) =>
    (await archive.list({ source: 'hrnz_scraper', kind: racedayKind, url: raceday.url })).at(-1),
  )
  const documentId = document?.id ?? null
  return await ingestMeeting(deps, {
    observation,
    issues,
    documentId,
    url: raceday.url,
    parserVersion: deps.dynamic.parserVersion,
    confirmedAt,
    alongside: async ({ pages }) => {
      if (page !== null)
        await pages.update([afterRead({ ...page, documentId }, Date.parse(confirmedAt))])
    },
  })
}

/**
 * An archived race day, read without the network. Of one whose races are not all in the archive
 * nothing is taken: `missing` are their addresses. `settles`: its registered page counts as read.
 */
export async function readArchivedRaceday(
  deps: AppDeps & { readonly dynamic: DynamicPages },
  document: Pick<ArchivedDocument, 'url' | 'date' | 'label' | 'lastSeenAt'>,
  { settles }: { readonly settles: boolean },
): Promise<IngestResult | { readonly missing: readonly string[] }> {
  const { url, lastSeenAt } = document
  const raceday = await archivedPage(deps, url, racedayKind)
  if (raceday === undefined) return { missing: [url] }
  const races: DynamicPage[] = []
  const missing: string[] = []
  for (const race of deps.dynamic.listedRaces(raceday)) {
    const page = await archivedPage(deps, race.url, racePageKind)
    if (page === undefined) missing.push(race.url)
    else races.push(page)
  }
  if (missing.length > 0) return { missing }
  const page = await deps.unitOfWork.read(
    async ({ pages }) => (await pages.findByUrls('hrnz_scraper', [url]))[0],
  )
  // The search knows better than the page, which need not tell them.
  const date = page?.date ?? document.date
  const club = page?.club ?? document.label
  if (date === null || club === null)
    throw new LayoutChangedError('neither the race day nor a search tells its date and club', {
      code: 'raceday-undated',
    })
  const unit = { raceday, races, date, club }
  return await applyRaceday(deps, unit, lastSeenAt, settles ? (page ?? null) : null)
}

/** Every archived race day whose races are all there, read again; no network. */
export async function* reparseRacedays(
  deps: AppDeps & { readonly dynamic: DynamicPages },
): AsyncGenerator<{ readonly url: string; readonly result: IngestResult | LayoutChangedError }> {
  const documents = await deps.unitOfWork.read(({ archive }) =>
    archive.list({ source: 'hrnz_scraper', kind: racedayKind }),
  )
  const latest = new Map(documents.map((document) => [document.url, document]))
  for (const document of latest.values()) {
    try {
      const result = await readArchivedRaceday(deps, document, { settles: false })
      if (!('missing' in result)) yield { url: document.url, result }
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      yield { url: document.url, result: error }
    }
  }
}

export async function archivedPage(
  { unitOfWork }: Pick<AppDeps, 'unitOfWork'>,
  url: string,
  kind: string,
): Promise<DynamicPage | undefined> {
  return await unitOfWork.read(async ({ archive }) => {
    const document = (await archive.list({ source: 'hrnz_scraper', kind, url })).at(-1)
    const bytes = document && (await archive.bytes(document.id))
    return document && bytes ? { url, bytes, contentType: document.contentType } : undefined
  })
}
