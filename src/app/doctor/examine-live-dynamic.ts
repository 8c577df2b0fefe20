import { addDays, racingDate } from '../../domain/dates.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'
import { LayoutChangedError } from '../../errors.ts'
import { horsePageKind, pedigreePageKind } from '../scrape/fetch-horse-pages.ts'
import { inWords, type LivePage, readSafely, type Reading, shareOf } from './live-page.ts'
import type { DynamicPage, HrnzPages, ListedMeeting } from '../ports.ts'
import {
  type DynamicDeps,
  fetchDynamic,
  racedayKind,
  racePageKind,
} from '../scrape/read-raceday.ts'

type Deps = DynamicDeps & { readonly hrnz: HrnzPages }
/** Race days of the last weeks: one of them has surely been held. */
const searchedDays = 28

/**
 * One page of each kind that HRNZ's database answers with: a search, a race day, a race, a horse and
 * its pedigree, each found by the one before. Kept in the archive as a scrape would keep them.
 */
export async function examineLiveDynamic(deps: Deps): Promise<readonly LivePage[]> {
  const { dynamic, hrnz } = deps
  const pages: LivePage[] = []
  const look = async (
    page: string,
    url: string | null | undefined,
    filing: { readonly kind: string; readonly date?: string; readonly club?: string },
    expected: string,
    read: (fetched: DynamicPage) => Reading,
  ): Promise<void> => {
    const about = { page, url: url ?? null, expected, assumptions: [] }
    if (url === null || url === undefined) {
      pages.push({ ...about, found: 'no link to one was found', isAsExpected: false })
      return
    }
    const { kind, date = null, club = null } = filing
    let reading: Reading
    try {
      const fetched = await fetchDynamic(deps, url, { kind, date, label: club })
      reading = readSafely(() => read(fetched))
    } catch (error) {
      // Not there: the others may be.
      if (!(error instanceof LayoutChangedError)) throw error
      reading = { found: error.message, isAsExpected: false }
    }
    pages.push({ ...about, ...reading })
  }

  const from = addDays(racingDate(deps.clock.now()), -searchedDays)
  let one: Pick<ListedMeeting, 'url' | 'date' | 'club'> | undefined
  const rows = 'rows of race days: link, date, club'
  const search = { kind: 'raceday-search' }
  await look('search of race days', dynamic.searchUrl(from, 1), search, rows, (page) => {
    const { racedays, issues } = dynamic.parseSearch(page)
    const dates = racedays.map(({ date }) => date)
    one = racedays[0]
    return {
      found: `${racedays.length} race days, ${issues.length} without date or club`,
      isAsExpected: racedays.length > 0,
      assumptions: [
        {
          grade: 'B',
          text: 'race days are linked by RacesDisplay and RacedayID',
          holds: racedays.length + issues.length > 0,
        },
        {
          grade: 'C',
          text: 'each row has its date with the year, and its club',
          holds: issues.length === 0,
        },
        {
          grade: 'C',
          text: 'the search begins with the day that was asked for and goes on to later ones',
          holds: dates.every((date, at) => date >= (dates[at - 1] ?? from)),
        },
      ],
    }
  })

  let raceday: DynamicPage | undefined
  let raceUrl: string | undefined
  const links = 'links to its races'
  await look('race day', one?.url, { ...one, kind: racedayKind }, links, (page) => {
    raceday = page
    const races = dynamic.listedRaces(page)
    const { date, club } = dynamic.parseHeading(page)
    raceUrl = races[0]?.url
    return {
      found: `${races.length} races; ${date ?? 'no date'}, ${club ?? 'no club'}`,
      isAsExpected: races.length > 0,
      assumptions: [
        {
          grade: 'B',
          text: 'races are linked by RaceDisplay and RacehdrID',
          holds: races.length > 0,
        },
        { grade: 'C', text: 'the page tells its own date', holds: date === one?.date },
      ],
    }
  })

  let horse: HorseIdentifier | undefined
  const whole = 'one race with labelled rows: placing, horse, driver'
  await look('race', raceUrl, { ...one, kind: racePageKind }, whole, (page) => {
    if (one === undefined || raceday === undefined) return { found: '', isAsExpected: false }
    const parsed = dynamic.parseRaceday(raceday, [page], one)
    const race = parsed.observation.races[0]
    horse = race?.starters.flatMap(({ identifiers = [] }) => identifiers)[0]
    return {
      ...inWords(parsed),
      assumptions: [
        {
          grade: 'B',
          text: 'the header is one line: Race N - NAME, $STAKE, class and distance',
          holds:
            race?.name !== undefined &&
            race.stakeCents !== undefined &&
            race.distanceM !== undefined,
        },
        {
          grade: 'B',
          text: 'the labels are HCP, Stakes and Time',
          holds:
            shareOf(parsed, ({ barrier, handicapM }) => (barrier ?? handicapM) !== undefined) > 0 &&
            shareOf(parsed, ({ stakeCents }) => stakeCents !== undefined) > 0 &&
            shareOf(parsed, ({ timeMs }) => timeMs !== undefined) > 0,
        },
        { grade: 'B', text: 'rows link the horse with its id', holds: horse !== undefined },
      ],
    }
  })

  let pedigree: string | null | undefined
  const facts = 'name, age and sex, foaling date, sire and dam'
  const horseUrl = horse && hrnz.horseUrl(horse)
  await look('horse', horseUrl, { kind: horsePageKind }, facts, (page) => {
    const { facts: said, issues, pedigreeUrl } = hrnz.parseHorse(page.bytes, page)
    const { name, sex, foaledOn, sire, dam } = said
    const without = (code: string): boolean => !issues.some((issue) => issue.code === code)
    pedigree = pedigreeUrl
    return {
      found: [name, sex, foaledOn, sire && `by ${sire}`, dam && `from ${dam}`]
        .filter((one) => one !== null)
        .join(', '),
      isAsExpected: foaledOn !== null && sex !== null,
      assumptions: [
        {
          grade: 'B',
          text: 'the foaling date reads DD-MM-YYYY',
          holds: without('unknown-foal-date'),
        },
        {
          grade: 'B',
          text: 'the line below the name tells the sex',
          holds: without('unknown-sex'),
        },
        {
          grade: 'B',
          text: 'the pedigree has 30 cells, or a page of its own',
          holds: without('no-pedigree'),
        },
        { grade: 'B', text: 'horses are known by GUIDs', holds: said.ids.hrnz_guid !== undefined },
      ],
    }
  })
  if (typeof pedigree === 'string')
    await look('pedigree', pedigree, { kind: pedigreePageKind }, 'sire and dam', (page) => {
      const parents = hrnz.parsePedigree(page.bytes, page)
      return {
        found: parents === null ? 'no pedigree of 30 cells' : `${parents.sire} - ${parents.dam}`,
        isAsExpected: parents !== null,
      }
    })
  return pages
}
