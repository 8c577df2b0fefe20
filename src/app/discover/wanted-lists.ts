import { racingDate, type DateRange } from '../../domain/dates.ts'
import { monthNamed, monthsIn, withinStaticPages } from '../../domain/scraping/month-pages.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { AppDeps, HrnzPages } from '../ports.ts'

export interface WantedList {
  readonly what: string
  readonly url: string
}

/**
 * Lists that have been neither fetched nor saved: without them nobody knows which pages there are.
 * The index first, then the months of the range that it links.
 */
export async function wantedLists(
  { unitOfWork, clock, hrnz }: Pick<AppDeps, 'unitOfWork' | 'clock'> & { readonly hrnz: HrnzPages },
  range: DateRange | undefined,
): Promise<WantedList[]> {
  const { indexUrl: url } = hrnz
  const source = 'hrnz_scraper'
  const { index, urls, strays } = await unitOfWork.read(async ({ archive }) => {
    const latest = (await archive.list({ source, kind: 'index', url })).at(-1)
    const saved = await archive.list({ source, kind: 'month' })
    const unnamed: (Uint8Array | undefined)[] = []
    for (const month of saved)
      if (month.url.startsWith('file:')) unnamed.push(await archive.bytes(month.id))
    return {
      index: latest && (await archive.bytes(latest.id)),
      urls: new Set(saved.map((month) => month.url)),
      strays: unnamed,
    }
  })
  if (index === undefined) return [{ what: 'the results index', url }]
  const reach = range && withinStaticPages(range, racingDate(clock.now())).reachable
  const months = reach ? monthsIn(reach) : new Set<number>()
  // A list that was saved without its address is known by the dates on it.
  const listed = new Set(
    strays.flatMap((bytes) =>
      bytes === undefined
        ? []
        : listing(hrnz, bytes).meetings.map(({ date }) => Number(date.slice(5, 7))),
    ),
  )
  return listing(hrnz, index).months.flatMap((month) => {
    const number = monthNamed(month.label) ?? 0
    const isKnown = urls.has(month.url) || listed.has(number)
    return months.has(number) && !isKnown
      ? [{ what: `the list of ${month.label}`, url: month.url }]
      : []
  })
}

function listing(hrnz: HrnzPages, bytes: Uint8Array): ReturnType<HrnzPages['parseIndex']> {
  try {
    return hrnz.parseIndex(bytes, hrnz.indexUrl)
  } catch (error) {
    // It has another layout by now: that is said where it is read.
    if (error instanceof LayoutChangedError) return { months: [], meetings: [], issues: [] }
    throw error
  }
}
