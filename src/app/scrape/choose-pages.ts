import { isoInstant } from '../../domain/dates.ts'
import { isPastReuse } from '../../domain/scraping/freshness.ts'
import { UsageError } from '../../errors.ts'
import type { DueFilter, Page } from '../../repositories/pages.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { ReadDeps } from './read-results-page.ts'
import type { ScrapeRequest } from './scrape-meetings.ts'

const mostPages = 100_000

/** The pages of a run, one after the other. */
export interface PageQueue {
  /** How many there are at the beginning; pages that are read may link more. */
  readonly size: number
  /** `held`: those that are left are in the hands of other runs. */
  next(): Promise<Page | 'held' | undefined>
  /** How many are left to a run that ends early, the page given last included. */
  left(): Promise<number>
}

/** The pages named by address, or what is due: chosen when its turn comes, so that runs can share. */
export async function openQueue(
  deps: ReadDeps,
  request: ScrapeRequest,
  startedAt: number,
): Promise<PageQueue> {
  const { urls = [] } = request
  if (urls.length > 0) return listQueue(await pagesOfUrls(deps, urls, startedAt))
  const due = dueQueue(deps, request, startedAt)
  const finals = listQueue(
    request.refresh === true ? await finalPages(deps, request, startedAt) : [],
  )
  const left = async (): Promise<number> => (await due.left()) + (await finals.left())
  return {
    size: await left(),
    next: async () => (await due.next()) ?? (await finals.next()),
    left,
  }
}

/** The pages that a run without addresses would take now. */
export async function dueResultsPages(
  deps: Pick<ReadDeps, 'unitOfWork' | 'clock'>,
  request: ScrapeRequest,
): Promise<readonly Page[]> {
  const { limit = mostPages } = request
  const now = deps.clock.now()
  const due = await deps.unitOfWork.read(async ({ pages }) => {
    const all: Page[] = []
    for (const filter of dueFilters(request, now, now))
      all.push(...(await pages.due(filter, limit - all.length)))
    return all
  })
  const finals = request.refresh === true ? await finalPages(deps, request, now) : []
  return [...due, ...finals].slice(0, limit)
}

function listQueue(pages: readonly Page[]): Omit<PageQueue, 'next'> & {
  next(): Promise<Page | undefined>
} {
  let at = -1
  return {
    size: pages.length,
    next: async () => pages[++at],
    left: async () => Math.max(0, pages.length - Math.max(at, 0)),
  }
}

/** Stewards' reports that the pages of this run link are registered as due, so they belong to it. */
function dueQueue(
  { unitOfWork, clock }: ReadDeps,
  request: ScrapeRequest,
  startedAt: number,
): Pick<PageQueue, 'next' | 'left'> {
  const { worker } = request
  const taken = new Set<number>()
  const filters = () => dueFilters(request, startedAt, clock.now())
  const left = (): Promise<number> =>
    unitOfWork.read(async ({ pages }) => {
      let count = 0
      for (const filter of filters()) count += await pages.countDue(filter)
      return count
    })
  const choose = async ({ pages }: Repositories): Promise<Page | undefined> => {
    for (const filter of filters()) {
      const page =
        worker === undefined ? (await pages.due(filter, 1))[0] : await pages.claim(filter, worker)
      if (page !== undefined) return page
    }
    return undefined
  }
  return {
    left,
    next: async () => {
      // Where nobody else is at work there is nothing to write.
      const page = await (worker === undefined ? unitOfWork.read(choose) : unitOfWork.run(choose))
      if (page === undefined) return worker !== undefined && (await left()) > 0 ? 'held' : undefined
      // Under a clock that was set back, what has just been read seems to have been read long ago.
      if (taken.has(page.id)) return undefined
      taken.add(page.id)
      return page
    },
  }
}

/** What is due by now and was not tried by this run: a page is read once in a run. */
function dueFilters({ range }: ScrapeRequest, startedAt: number, now: number): DueFilter[] {
  return readKinds.map((kind) => ({
    source: 'hrnz_scraper',
    kind,
    now: isoInstant(now),
    notSince: isoInstant(startedAt),
    ...(range === undefined ? {} : { range }),
  }))
}

async function finalPages(
  { unitOfWork }: Pick<ReadDeps, 'unitOfWork'>,
  { range }: ScrapeRequest,
  now: number,
): Promise<Page[]> {
  const all = await unitOfWork.read(({ pages }) =>
    pages.list({
      source: 'hrnz_scraper',
      kind: 'results',
      ...(range === undefined ? {} : { range }),
    }),
  )
  const isDue = ({ state, dueAt }: Page): boolean =>
    state !== 'final' && dueAt !== null && Date.parse(dueAt) <= now
  return all.filter(
    (page) =>
      page.state !== 'closed' &&
      !isDue(page) &&
      (page.date === null || !isPastReuse(page.date, now)),
  )
}

/** Results first: their pages are overwritten in the end, the others wait. */
const readKinds = ['results', 'fields', 'stewards'] as const

/** Pages named on the command line; the source's own hosts only, which the fetcher enforces. */
async function pagesOfUrls(deps: ReadDeps, urls: readonly string[], now: number): Promise<Page[]> {
  const { host } = new URL(deps.hrnz.indexUrl)
  const wanted = [
    ...new Set(
      urls.map((text) => {
        const url = URL.canParse(text) ? new URL(text) : undefined
        if (url === undefined || url.host !== host)
          throw new UsageError(
            `${text.slice(0, 200)} is no page of ${host}`,
            'Give the address of a results page, or import a saved one with --file.',
          )
        url.hash = ''
        return url.href
      }),
    ),
  ]
  return deps.unitOfWork.run(async ({ pages }) => {
    const known = new Set((await pages.findByUrls('hrnz_scraper', wanted)).map(({ url }) => url))
    await pages.register(
      wanted
        .filter((url) => !known.has(url))
        .map((url) => ({
          source: 'hrnz_scraper',
          kind: deps.hrnz.kindOf(url) ?? 'results',
          url,
          date: null,
          club: null,
          clubNumber: null,
          venue: null,
          dueAt: isoInstant(now),
          reason: 'asked for by address',
        })),
    )
    return pages.findByUrls('hrnz_scraper', wanted)
  })
}
