import { isoInstant, type DateRange } from '../../domain/dates.ts'
import { plain } from '../../domain/names.ts'
import type { Warning, WriteResult } from '../counts.ts'
import { noCounts } from '../counts.ts'
import { fetchDynamic, type DynamicDeps, racedayKind } from '../scrape/read-raceday.ts'

const mostSearchPages = 300

/** A race day as the search lists it. */
export interface DynamicRaceday {
  readonly date: string
  readonly club: string
  readonly url: string
  readonly state: 'new' | 'known'
}

/**
 * Searches HRNZ's database for the race days of a range and registers those whose results are not
 * known: years that no static page reaches. Page by page, and no further than the range.
 */
export async function discoverDynamic(
  deps: DynamicDeps,
  { range, dryRun }: { readonly range: DateRange; readonly dryRun: boolean },
): Promise<WriteResult & { readonly racedays: readonly DynamicRaceday[] }> {
  const found = new Map<string, Omit<DynamicRaceday, 'state'>>()
  const seen = new Set<string>()
  const warnings: Warning[] = []
  let isCut = true
  for (let number = 1; number <= mostSearchPages; number++) {
    const url = deps.dynamic.searchUrl(range.from, number)
    const page = await fetchDynamic(deps, url, {
      kind: 'raceday-search',
      date: null,
      label: null,
      keep: !dryRun,
    })
    const { racedays, issues } = deps.dynamic.parseSearch(page)
    warnings.push(...issues)
    const fresh = racedays.filter((raceday) => !seen.has(raceday.url))
    for (const raceday of fresh) {
      seen.add(raceday.url)
      if (raceday.date >= range.from && raceday.date <= range.to) found.set(raceday.url, raceday)
    }
    const isAscending = (fresh[0]?.date ?? '') <= (fresh.at(-1)?.date ?? '')
    if (fresh.length === 0 || (isAscending && fresh.every(({ date }) => date > range.to))) {
      isCut = false
      break
    }
  }
  const racedays = await registerRacedays(deps, [...found.values()], dryRun)
  const fresh = racedays.filter(({ state }) => state === 'new').length
  const counts = noCounts()
  counts.requests = { ...deps.fetcher.requests }
  return {
    counts,
    warnings,
    partial: isCut,
    racedays,
    outcome: `${racedays.length} race days found, ${fresh} new${dryRun ? ' (nothing was registered)' : '; `harness scrape --dynamic` reads them, about a minute each'}`,
  }
}

/** Registers those whose results are not known. */
export async function registerRacedays(
  deps: Pick<DynamicDeps, 'unitOfWork' | 'clock'>,
  racedays: readonly Omit<DynamicRaceday, 'state'>[],
  dryRun: boolean,
): Promise<DynamicRaceday[]> {
  const dates = [...new Set(racedays.map(({ date }) => date))]
  return await deps.unitOfWork[dryRun ? 'read' : 'run'](async ({ pages, observations }) => {
    const known = await pages.findByUrls(
      'hrnz_scraper',
      racedays.map(({ url }) => url),
    )
    const read = (await observations.listByDates(dates)).flatMap(({ source, kind, date, club }) =>
      source === 'hrnz_scraper' && kind === 'results' ? `${date} ${plain(club ?? '')}` : [],
    )
    const taken = new Set([...known.map(({ url }) => url), ...read])
    const states = racedays.map(({ date, club, url }): DynamicRaceday => {
      const isKnown = taken.has(url) || taken.has(`${date} ${plain(club)}`)
      return { date, club, url, state: isKnown ? 'known' : 'new' }
    })
    if (!dryRun)
      await pages.register(
        states
          .filter(({ state }) => state === 'new')
          .map(({ url, date, club }) => ({
            source: 'hrnz_scraper',
            kind: racedayKind,
            url,
            date,
            club,
            clubNumber: null,
            venue: null,
            dueAt: isoInstant(deps.clock.now()),
            reason: 'never read',
          })),
      )
    return states.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  })
}
