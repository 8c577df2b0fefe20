import { pathToFileURL } from 'node:url'
import { isoInstant } from '../domain/dates.ts'
import type { MeetingObservation, ParsedMeeting } from '../domain/observation.ts'
import { clubNumberOf, withClubNumber } from '../domain/scraping/club-numbers.ts'
import { InterruptedError, LayoutChangedError } from '../errors.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { addCounts, noCounts, type Warning, type WriteCounts } from './counts.ts'
import { ingestMeeting } from './ingest-meeting.ts'
import { sha256 } from './listing-pages.ts'
import type { AppDeps, HrnzPages, SavedPage } from './ports.ts'
import { afterRead } from './page-state.ts'
import { savedFiles, type SavedFile } from './saved-files.ts'
import type { ScrapeResult } from './scrape-meetings.ts'
import { watchLayout } from './watch-layout.ts'

type Deps = AppDeps & { readonly hrnz: HrnzPages }

/**
 * Results pages that were saved in a browser: the way that works when the site refuses a program.
 * A registered page of the same meeting counts as read with it.
 */
export async function importSavedPages(
  deps: Deps,
  paths: readonly string[],
): Promise<ScrapeResult> {
  const counts = noCounts()
  const warnings: Warning[] = []
  let taken = 0
  let failed = 0
  let stopped: InterruptedError | undefined
  for await (const file of savedFiles(paths)) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    for (const { page, parsed, error } of pagesOf(deps.hrnz, file)) {
      const refused = parsed === undefined ? error : await takeOrRefuse(deps, page, parsed, counts)
      if (refused === undefined) taken++
      else {
        failed++
        counts.meetings.failed++
        warnings.push({ code: refused.code, subject: page.name, message: refused.message })
      }
    }
  }
  return {
    counts,
    warnings,
    partial: failed > 0,
    outcome:
      taken + failed === 0
        ? 'nothing to do: no HTML, MHTML, HAR or zip file is there'
        : `${taken} saved pages read${failed > 0 ? `; ${failed} are no results pages that we know` : ''}`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

/** What the parser makes of saved pages, for a look without writing. */
export async function parseSavedPages(
  hrnz: HrnzPages,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly parsed: ParsedMeeting }[]> {
  const all: { path: string; parsed: ParsedMeeting }[] = []
  for await (const file of savedFiles(paths))
    for (const { page, parsed, error } of pagesOf(hrnz, file)) {
      if (parsed === undefined) throw error
      // Texts cut out of a page keep all of it in memory; of many pages that is too much.
      all.push({ path: page.name, parsed: structuredClone(parsed) })
    }
  return all
}

type SavedPageRead =
  | { readonly page: FiledPage; readonly parsed: ParsedMeeting; readonly error?: never }
  | {
      readonly page: Pick<FiledPage, 'name'>
      readonly parsed?: never
      readonly error: LayoutChangedError
    }
interface FiledPage extends Omit<SavedPage, 'savedAt'> {
  readonly savedAt: number
}

/** The pages of one file, each read or refused for itself: one bad page in a zip spoils no other. */
function* pagesOf(hrnz: HrnzPages, file: SavedFile): Generator<SavedPageRead> {
  let pages: readonly SavedPage[]
  try {
    pages = hrnz.unpackSaved(file.path, file.bytes)
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    yield { page: { name: file.path }, error }
    return
  }
  for (const saved of pages) {
    const page = { ...saved, savedAt: saved.savedAt ?? file.savedAt }
    try {
      const { bytes, contentType } = page
      // The club number comes from the file's name when it still has its own.
      const url = page.url ?? pathToFileURL(page.name).href
      const kind = hrnz.kindOf(url) ?? 'results'
      yield { page, parsed: hrnz.parsePage(kind, bytes, { url, contentType }) }
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      yield { page, error }
    }
  }
}

/** Applies a saved page; gives back why it was not taken, when the layout watch would not have it. */
async function takeOrRefuse(
  deps: Deps,
  page: FiledPage,
  parsed: ParsedMeeting,
  counts: WriteCounts,
): Promise<LayoutChangedError | undefined> {
  try {
    addCounts(counts, await takeSaved(deps, page, parsed))
    return undefined
  } catch (error) {
    if (error instanceof LayoutChangedError) return error
    throw error
  }
}

async function takeSaved(
  deps: Deps,
  page: FiledPage,
  { observation: said, issues }: ParsedMeeting,
) {
  const now = deps.clock.now()
  const observation = await underClubNumber(deps, said)
  // A file from the future (a copied disk, a simulated clock) was saved now at the latest.
  const savedAt = Math.min(page.savedAt, now)
  const { hrnzUrl, date, club } = observation
  const fileName = page.name.slice(page.name.lastIndexOf('/') + 1)
  const url = hrnzUrl ?? `file:${fileName}`
  const { id: documentId } = await deps.unitOfWork.run(({ archive }) =>
    archive.put(
      {
        source: 'hrnz_scraper',
        kind: observation.kind,
        url,
        hash: sha256(page.bytes),
        contentType: page.contentType,
        etag: null,
        lastModified: null,
        httpStatus: null,
        date,
        label: club ?? null,
        fetchedAt: isoInstant(savedAt),
      },
      page.bytes,
    ),
  )
  const { counts } = await ingestMeeting(deps, {
    observation,
    issues,
    documentId,
    url,
    parserVersion: deps.hrnz.parserVersion,
    confirmedAt: isoInstant(savedAt),
    alongside: async (repositories) => {
      await settlePage(repositories, { observation, documentId, savedAt })
      if (observation.kind === 'results')
        await watchLayout(repositories, observation, deps.hrnz.parserVersion)
    },
  })
  deps.progress.step(`${date} ${club ?? fileName}`)
  return counts
}

/** A renamed page does not tell its club's number; the registered pages of that club do. */
async function underClubNumber(
  deps: Deps,
  observation: MeetingObservation,
): Promise<MeetingObservation> {
  const { club, clubNumber } = observation
  if (clubNumber !== undefined || club === undefined) return observation
  const known = await deps.unitOfWork.read(({ pages }) =>
    pages.list({ source: 'hrnz_scraper', kind: 'results' }),
  )
  const number = clubNumberOf(club, known)
  return number === undefined ? observation : withClubNumber(observation, number)
}

/** The registered page of this meeting, if there is one, has been read with the saved copy. */
async function settlePage(
  { pages }: Repositories,
  saved: {
    readonly observation: ParsedMeeting['observation']
    readonly documentId: number
    readonly savedAt: number
  },
): Promise<void> {
  const { date, clubNumber, kind } = saved.observation
  const ofDay = await pages.list({
    source: 'hrnz_scraper',
    kind,
    range: { from: date, to: date },
  })
  const page = ofDay.find((one) => clubNumber !== undefined && one.clubNumber === clubNumber)
  if (page === undefined) return
  const lastRead = page.lastFetchedAt === null ? 0 : Date.parse(page.lastFetchedAt)
  if (page.documentId !== null && lastRead >= saved.savedAt) return
  // Validators belong to bytes that the server sent; the saved copy has none.
  await pages.update([
    {
      ...afterRead(page, saved.savedAt),
      documentId: saved.documentId,
      etag: null,
      lastModified: null,
    },
  ])
}
