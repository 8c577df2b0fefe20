import { isoInstant } from '../domain/dates.ts'
import { isPastReuse } from '../domain/scraping/freshness.ts'
import { UsageError } from '../errors.ts'
import type { Page } from '../repositories/repositories.ts'
import type { ReadDeps } from './read-results-page.ts'
import type { ScrapeRequest } from './scrape-meetings.ts'

const mostPages = 100_000

/** The pages that a run without addresses would take now. */
export async function dueResultsPages(
  deps: Pick<ReadDeps, 'unitOfWork' | 'clock'>,
  request: ScrapeRequest,
): Promise<{ pages: readonly Page[]; left: boolean }> {
  const limit = request.limit ?? mostPages
  const pages = await duePages(deps, request, deps.clock.now(), limit + 1)
  return { pages: pages.slice(0, limit), left: pages.length > limit }
}

/** Stewards' reports that have been registered by the pages read so far. */
export async function reportsSince(
  deps: ReadDeps,
  { range }: ScrapeRequest,
  read: readonly Page[],
): Promise<Page[]> {
  const seen = new Set(read.map(({ id }) => id))
  const due = await deps.unitOfWork.read(({ pages }) =>
    pages.due(
      {
        source: 'hrnz_scraper',
        kind: 'stewards',
        now: isoInstant(deps.clock.now()),
        ...(range === undefined ? {} : { range }),
      },
      mostPages,
    ),
  )
  return due.filter(({ id }) => !seen.has(id))
}

async function duePages(
  deps: Pick<ReadDeps, 'unitOfWork'>,
  { range, refresh }: ScrapeRequest,
  now: number,
  most: number,
): Promise<Page[]> {
  const filter = {
    source: 'hrnz_scraper' as const,
    ...(range === undefined ? {} : { range }),
  }
  return deps.unitOfWork.read(async ({ pages }) => {
    const due: Page[] = []
    for (const kind of readKinds)
      due.push(...(await pages.due({ ...filter, kind, now: isoInstant(now) }, most - due.length)))
    if (refresh !== true) return due
    const known = new Set(due.map(({ id }) => id))
    const others = (await pages.list({ ...filter, kind: 'results' })).filter(
      ({ id, date, state }) =>
        !known.has(id) && state !== 'closed' && (date === null || !isPastReuse(date, now)),
    )
    return [...due, ...others].slice(0, most)
  })
}

/** Results first: their pages are overwritten in the end, the others wait. */
const readKinds = ['results', 'fields', 'stewards'] as const

/** Pages named on the command line; the source's own hosts only, which the fetcher enforces. */
export async function pagesOfUrls(
  deps: ReadDeps,
  urls: readonly string[],
  now: number,
): Promise<Page[]> {
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
