import { isoInstant } from '../../domain/dates.ts'
import { type HorseFacts, pageSchemes } from '../../domain/horses/horse-facts.ts'
import { identifierKey } from '../../domain/names.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'
import {
  HarnessError,
  InterruptedError,
  LayoutChangedError,
  SourceUnavailableError,
  UsageError,
} from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { noCounts, type Warning } from '../counts.ts'
import { findHorse } from '../horses/find-horse.ts'
import { keepHorsePage } from '../horses/horse-page-evidence.ts'
import { parseIdentifierKey } from '../horses/link-horses.ts'
import { archiveFetched } from '../archive-fetched.ts'
import type { AppDeps, Fetched, Fetcher, HrnzPages } from '../ports.ts'
import { reconcileDates } from '../reconcile/reconcile-dates.ts'
import type { ScrapeResult } from './scrape-meetings.ts'

type HorsePageDeps = AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages }

/** Kinds of document in the archive: a horse's own page, and one with its pedigree alone. */
export const horsePageKind = 'horse'
export const pedigreePageKind = 'horse-pedigree'

export interface HorsePagesRequest {
  /** Ids or names of horses, GUIDs, or `hrnz_number:27168`. */
  readonly horses: readonly string[]
  /** So many horses besides that open questions are about and whose page has not been read. */
  readonly questions: number
}

/**
 * Reads HRNZ's pages of single horses. What a page says completes the evidence of every start with
 * that id, so that linking decides on it: questions it answers close.
 */
export async function fetchHorsePages(
  deps: HorsePageDeps,
  request: HorsePagesRequest,
): Promise<ScrapeResult> {
  const { asked, openBefore } = await deps.unitOfWork.read(async (repositories) => ({
    asked: distinct([
      ...(await named(repositories, request.horses)),
      ...(await ofQuestions(repositories, request.questions)),
    ]),
    openBefore: await repositories.reviews.count('horse'),
  }))
  const counts = noCounts()
  const warnings: Warning[] = []
  let taken = 0
  let stopped: HarnessError | undefined
  deps.progress.start(asked.length, 'horse pages')
  for (const identifier of asked) {
    if (deps.signal.aborted) {
      stopped = new InterruptedError()
      break
    }
    const subject = identifierKey(identifier)
    try {
      const { linked, issues } = await readHorsePage(deps, identifier)
      counts.horses.created += linked.created
      counts.horses.linked += linked.linked
      counts.horses.review += linked.review
      for (const { code, message, excerpt } of issues)
        warnings.push({ code, subject, message: excerpt ? `${message}: ${excerpt}` : message })
      taken++
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error
      const isOfPage =
        error instanceof LayoutChangedError ||
        (error instanceof SourceUnavailableError && error.status !== undefined)
      if (!isOfPage) {
        stopped = error
        break
      }
      warnings.push({ code: error.code, subject, message: error.message })
    }
    deps.progress.step(subject)
  }
  deps.progress.stop()
  counts.requests = { ...deps.fetcher.requests }
  const open = await deps.unitOfWork.read(({ reviews }) => reviews.count('horse'))
  return {
    counts,
    warnings,
    partial: taken < asked.length,
    outcome:
      asked.length === 0
        ? 'nothing to do: no open question is about a horse whose page has not been read'
        : `${taken} of ${asked.length} horse pages read; ${questionsText(openBefore, open)}`,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

function questionsText(before: number, after: number): string {
  if (before === after) return `${after} questions about horses are open, as before`
  return `${after} questions about horses are open, ${before} were`
}

async function named(
  repositories: Repositories,
  words: readonly string[],
): Promise<HorseIdentifier[]> {
  const identifiers: HorseIdentifier[] = []
  for (const word of words) identifiers.push(await identifierOf(repositories, word.trim()))
  return identifiers
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function identifierOf(repositories: Repositories, word: string): Promise<HorseIdentifier> {
  if (guid.test(word)) return { scheme: 'hrnz_guid', value: word.toUpperCase() }
  const key = parseIdentifierKey(word)
  if (key?.scheme === 'hrnz_guid' && guid.test(key.value))
    return { ...key, value: key.value.toUpperCase() }
  if (key?.scheme === 'hrnz_number' && /^\d{1,19}$/.test(key.value))
    return { ...key, value: key.value.replace(/^0+(?=\d)/, '') }
  const { horse } = await findHorse(repositories, word)
  const own = (await pagesOf(repositories, [horse.id])).get(horse.id)
  if (own === undefined)
    throw new UsageError(
      `HRNZ's id of ${horse.name} (horse ${horse.id}) is not known`,
      "Without it the page cannot be asked for; give HRNZ's GUID, or hrnz_number:N.",
    )
  return own
}

/** The identifier by which each horse's page is asked for. */
async function pagesOf(
  { horses }: Repositories,
  horseIds: readonly number[],
): Promise<Map<number, HorseIdentifier>> {
  const rows = await horses.identifiers(horseIds)
  const best = new Map<number, HorseIdentifier>()
  for (const scheme of pageSchemes)
    for (const { horseId, value } of rows.filter((row) => row.scheme === scheme))
      if (!best.has(horseId)) best.set(horseId, { scheme, value })
  return best
}

async function ofQuestions(
  repositories: Repositories,
  most: number,
): Promise<readonly HorseIdentifier[]> {
  if (most === 0) return []
  const items = await repositories.reviews.list({ kind: 'horse' })
  const ids = items.flatMap(({ subjectId, otherId }) => [
    subjectId,
    ...(otherId === null ? [] : [otherId]),
  ])
  const own = await pagesOf(repositories, [...new Set(ids)])
  const wanted = distinct(ids.flatMap((id) => own.get(id) ?? []))
  const read = await repositories.horseFacts.of(wanted)
  return wanted.filter((identifier) => !read.has(identifierKey(identifier))).slice(0, most)
}

function distinct(identifiers: readonly HorseIdentifier[]): HorseIdentifier[] {
  return [...new Map(identifiers.map((one) => [identifierKey(one), one])).values()]
}

async function readHorsePage(deps: HorsePageDeps, identifier: HorseIdentifier) {
  const page = await fetched(deps, deps.hrnz.horseUrl(identifier))
  const documentId = await archived(deps, horsePageKind, page)
  const { facts, issues, pedigreeUrl } = deps.hrnz.parseHorse(page.bytes, page)
  const parents = pedigreeUrl === null ? null : await readPedigree(deps, pedigreeUrl)
  const linked = await applyHorsePage(deps, { ...facts, ...parents }, documentId)
  return { linked, issues }
}

async function readPedigree(deps: HorsePageDeps, url: string) {
  const page = await fetched(deps, url)
  await archived(deps, pedigreePageKind, page)
  return deps.hrnz.parsePedigree(page.bytes, page)
}

/** Keeps what a page says, and decides the horses of its starts anew; one transaction. */
export async function applyHorsePage(
  { unitOfWork, clock }: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  facts: HorseFacts,
  documentId: number,
) {
  const now = isoInstant(clock.now())
  return await unitOfWork.run(async (repositories) => {
    const dates = await keepHorsePage(repositories, facts, documentId)
    if (dates.length === 0) return noCounts().horses
    return (await reconcileDates(repositories, { dates, touched: 'all', now })).counts.horses
  })
}

async function fetched({ fetcher, signal }: HorsePageDeps, url: string): Promise<Fetched> {
  const answer = await fetcher.fetch(url, { signal })
  // Known by the address that was asked: one that it led to need not name the horse.
  if (answer.kind === 'ok') return { ...answer.document, url }
  throw new LayoutChangedError(`HRNZ has no page ${url}`, { code: 'no-horse-page' })
}

function archived(deps: HorsePageDeps, kind: string, page: Fetched): Promise<number> {
  const filing = { source: 'hrnz_scraper', kind, url: page.url } as const
  return deps.unitOfWork.run((repositories) => archiveFetched(repositories, page, filing))
}
