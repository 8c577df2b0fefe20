import { pathToFileURL } from 'node:url'
import { isoInstant } from '../domain/dates.ts'
import type { MeetingObservation, ParsedMeeting } from '../domain/observation.ts'
import { clubNumberOf, withClubNumber } from '../domain/scraping/club-numbers.ts'
import { InterruptedError, LayoutChangedError } from '../errors.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { addCounts, noCounts, type Warning } from './counts.ts'
import { ingestMeeting } from './ingest-meeting.ts'
import { sha256 } from './listing-pages.ts'
import type { AppDeps, HrnzPages } from './ports.ts'
import { afterRead } from './read-results-page.ts'
import { savedFiles, type SavedFile } from './saved-files.ts'
import type { ScrapeResult } from './scrape-meetings.ts'

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
    try {
      const parsed = parseSaved(deps.hrnz, file)
      addCounts(counts, await takeSaved(deps, file, parsed))
      taken++
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      failed++
      counts.meetings.failed++
      warnings.push({ code: error.code, subject: file.path, message: error.message })
    }
  }
  return {
    counts,
    warnings,
    partial: failed > 0,
    outcome:
      taken + failed === 0
        ? 'nothing to do: no HTML file is there'
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
    all.push({ path: file.path, parsed: parseSaved(hrnz, file) })
  return all
}

/** The club number comes from the file's name when it still has its own. */
const parseSaved = (hrnz: HrnzPages, file: SavedFile): ParsedMeeting =>
  hrnz.parseResults(file.bytes, { url: pathToFileURL(file.path).href })

async function takeSaved(
  deps: Deps,
  file: SavedFile,
  { observation: said, issues }: ParsedMeeting,
) {
  const now = deps.clock.now()
  const observation = await underClubNumber(deps, said)
  // A file from the future (a copied disk, a simulated clock) was saved now at the latest.
  const savedAt = Math.min(file.savedAt, now)
  const { hrnzUrl, date, club } = observation
  const url = hrnzUrl ?? `file:${file.name}`
  const { id: documentId } = await deps.unitOfWork.run(({ archive }) =>
    archive.put(
      {
        source: 'hrnz_scraper',
        kind: 'results',
        url,
        hash: sha256(file.bytes),
        contentType: null,
        etag: null,
        lastModified: null,
        httpStatus: null,
        date,
        label: club ?? null,
        fetchedAt: isoInstant(savedAt),
      },
      file.bytes,
    ),
  )
  const { counts } = await ingestMeeting(deps, {
    observation,
    issues,
    documentId,
    url,
    parserVersion: deps.hrnz.parserVersion,
    confirmedAt: isoInstant(savedAt),
    alongside: (repositories) => settlePage(repositories, { observation, documentId, savedAt }),
  })
  deps.progress.step(`${date} ${club ?? file.name}`)
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
  const { date, clubNumber } = saved.observation
  const ofDay = await pages.list({
    source: 'hrnz_scraper',
    kind: 'results',
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
