import { canonicalJson } from '../../domain/canonical-json.ts'
import { isoInstant, racingDate } from '../../domain/dates.ts'
import { groupBy } from '../../domain/group-by.ts'
import { type Reading, spareReadings } from '../../domain/scraping/spare-readings.ts'
import { InterruptedError, LayoutChangedError } from '../../errors.ts'
import type { PruneCut } from '../../repositories/pruning.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { dryRun } from '../dry-run.ts'
import { kindOf } from '../scrape/page-state.ts'
import type { AppDeps, HrnzPages } from '../ports.ts'

/** Pages of meetings: a reading can only go when the one after it said the same. */
const readingKinds = ['results', 'fields', 'stewards']
/** Lists, of which only the latest is ever looked at. */
const listKinds = ['index', 'month', 'dates-index', 'dates-month', 'calendar', 'fields-index']
/** Documents that are removed in one transaction. */
const documentsAtOnce = 200

/** Rows that went, or would go. */
export interface PruneCounts {
  readonly readings: number
  readonly lists: number
  /** Of the bodies of both, as they were kept. */
  readonly bytes: number
  readonly runs: number
  readonly requestTimes: number
}

type PruneDeps = AppDeps & { readonly hrnz: HrnzPages }

/**
 * Removes what is older than so many days and nothing is lost with. Never what TAB said, which it
 * cannot be asked for again; never the latest reading of a page, a decision, or a record of what
 * was missed.
 */
export async function pruneDatabase(
  deps: PruneDeps,
  request: { readonly days: number; readonly dryRun: boolean },
): Promise<PruneCounts> {
  const now = deps.clock.now()
  const at = now - request.days * 86_400_000
  const cut: PruneCut = { instant: isoInstant(at), date: racingDate(at) }
  const readings = await supersededReadings(deps, cut)
  const lists = await supersededLists(deps, cut)
  if (request.dryRun)
    return await dryRun(deps.unitOfWork, async (repositories) => ({
      ...(await removeAll(repositories, readings, lists, cut)),
      ...(await forget(repositories, cut)),
    }))
  let counts = { readings: 0, lists: 0, bytes: 0 }
  deps.progress.start(readings.length + lists.length, 'documents')
  for (const [some, others] of chunks(readings, lists)) {
    if (deps.signal.aborted) throw new InterruptedError()
    const gone = await deps.unitOfWork.run((repositories) =>
      removeAll(repositories, some, others, cut),
    )
    counts = {
      readings: counts.readings + gone.readings,
      lists: counts.lists + gone.lists,
      bytes: counts.bytes + gone.bytes,
    }
    for (const id of [...some, ...others]) deps.progress.step(`document ${id}`)
  }
  deps.progress.stop()
  return { ...counts, ...(await deps.unitOfWork.run((repositories) => forget(repositories, cut))) }
}

/** Newest first: a body goes before the older one that it is told by. */
async function supersededReadings(deps: PruneDeps, cut: PruneCut): Promise<number[]> {
  const { spare, all } = await deps.unitOfWork.read(async ({ pruning, archive }) => ({
    spare: await pruning.unreferenced(readingKinds, cut),
    all: (await archive.list({ source: 'hrnz_scraper' })).filter(({ kind }) =>
      readingKinds.includes(kind),
    ),
  }))
  const wanted = new Set(spare.map(pageOf))
  const mayGo = new Set(spare.map(({ id }) => id))
  const ids: number[] = []
  deps.progress.start(wanted.size, 'pages')
  for (const [page, documents] of groupBy(all, pageOf)) {
    if (!wanted.has(page)) continue
    if (deps.signal.aborted) throw new InterruptedError()
    if (documents.length > 1) ids.push(...spareReadings(await readingsOf(deps, documents)))
    deps.progress.step(documents[0]?.label ?? page)
  }
  deps.progress.stop()
  return ids.filter((id) => mayGo.has(id)).sort((a, b) => b - a)
}

async function readingsOf(
  deps: PruneDeps,
  documents: readonly ArchivedDocument[],
): Promise<Reading[]> {
  const readings: Reading[] = []
  for (const document of documents) {
    const { id, lastSeenAt } = document
    readings.push({ id, lastSeenAt, said: await said(deps, document) })
  }
  return readings
}

/** By the parser of today, as reading the archive again would have it. */
async function said(deps: PruneDeps, document: ArchivedDocument): Promise<string | undefined> {
  // What an archive has is left alone, and need not be at hand.
  if (document.archivedIn !== null) return undefined
  const bytes = await deps.unitOfWork.read(({ archive }) => archive.bytes(document.id))
  if (bytes === undefined) return undefined
  try {
    const { url, date, contentType } = document
    const page = { url, expectedDate: date, contentType }
    return canonicalJson(deps.hrnz.parsePage(kindOf(document), bytes, page).observation)
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    return undefined
  }
}

async function supersededLists(deps: PruneDeps, cut: PruneCut): Promise<number[]> {
  const { spare, all } = await deps.unitOfWork.read(async ({ pruning, archive }) => ({
    spare: await pruning.unreferenced(listKinds, cut),
    all: (await archive.list({ source: 'hrnz_scraper' })).filter(({ kind }) =>
      listKinds.includes(kind),
    ),
  }))
  const latest = new Map<string, string>()
  for (const { url, lastSeenAt } of all)
    if (lastSeenAt > (latest.get(url) ?? '')) latest.set(url, lastSeenAt)
  return spare
    .filter(({ url, lastSeenAt }) => lastSeenAt < (latest.get(url) ?? ''))
    .map(({ id }) => id)
    .sort((a, b) => b - a)
}

async function removeAll(
  { pruning }: Repositories,
  readings: readonly number[],
  lists: readonly number[],
  cut: PruneCut,
): Promise<Pick<PruneCounts, 'readings' | 'lists' | 'bytes'>> {
  const gone = await pruning.removeDocuments(readings, cut)
  const goneLists = await pruning.removeDocuments(lists, cut)
  return {
    readings: gone.documents,
    lists: goneLists.documents,
    bytes: gone.bytes + goneLists.bytes,
  }
}

async function forget(
  { pruning }: Repositories,
  cut: PruneCut,
): Promise<Pick<PruneCounts, 'runs' | 'requestTimes'>> {
  return {
    runs: await pruning.forgetRuns(cut),
    requestTimes: await pruning.forgetRequestTimes(cut),
  }
}

/** A name that the source uses again every year is another page each time. */
const pageOf = ({ url, date }: ArchivedDocument): string => `${url} ${date ?? ''}`

function* chunks(
  readings: readonly number[],
  lists: readonly number[],
): Generator<readonly [readonly number[], readonly number[]]> {
  for (let start = 0; start < readings.length; start += documentsAtOnce)
    yield [readings.slice(start, start + documentsAtOnce), []]
  for (let start = 0; start < lists.length; start += documentsAtOnce)
    yield [[], lists.slice(start, start + documentsAtOnce)]
}
