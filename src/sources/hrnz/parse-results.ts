import type {
  MeetingObservation,
  ParsedMeeting,
  RaceObservation,
} from '../../domain/observation.ts'
import { hrnzMeetingKey } from '../../domain/source-keys.ts'
import { LayoutChangedError } from '../../errors.ts'
import { clubNumberOf, linkOnHost, resultsDigits, stewardsReportOf } from './hrnz-urls.ts'
import { IssueList } from './issue-list.ts'
import { meetingHeader } from './meeting-header.ts'
import { pageText } from './page-text.ts'
import { pageTree, walk, type PageElement, type PageTree } from './page-tree.ts'
import { parseRace, raceDigest, type RaceOnPage } from './parse-race.ts'
import { savedFrom } from './saved/saved-from.ts'

const mostRaces = 40

/**
 * One meeting's results page. Throws LayoutChangedError: `not-a-results-page`, `wrong-date` (file
 * names carry no year and are used again every year), `layout-changed` (landmarks are missing).
 */
export function parseResultsPage(
  html: Uint8Array,
  page: {
    readonly url: string | null
    readonly expectedDate?: string | null
    readonly contentType?: string | null
  },
  /** The site's own address. */
  base: string,
): ParsedMeeting {
  const { host } = new URL(base)
  const text = pageText(html, page.contentType)
  const tree = pageTree(text)
  const containers = raceContainers(tree)
  const header = meetingHeader(tree, new Set(containers))
  if (containers.length === 0 && !(header.isAbandoned && header.date !== undefined)) {
    if (hasPlacings(tree.root))
      throw new LayoutChangedError('the page has placings, but no race containers', layoutHint)
    throw new LayoutChangedError('this is not a results page: it holds no race', {
      code: 'not-a-results-page',
      hint: 'look at the saved page: an error page or another page came in its place',
    })
  }
  const { date } = header
  if (date === undefined)
    throw new LayoutChangedError('the page names no full date, so its year is unknown', layoutHint)
  if (page.expectedDate != null && page.expectedDate !== date)
    throw new LayoutChangedError(`the page is of ${date}, not of ${page.expectedDate}`, {
      code: 'wrong-date',
      hint: 'file names are used again every year; the page asked for has been replaced',
    })

  // A saved file may claim any address; only the source's own count.
  const own = page.url === null ? undefined : linkOnHost(page.url, page.url, host)
  const url = own ?? savedResultsUrl(text, host)
  const clubNumber =
    clubNumberOf(page.url ?? '') ?? clubNumberOf(url ?? '') ?? clubInIds(containers, date)
  const issues = new IssueList()
  if (header.club === undefined && clubNumber === undefined)
    throw new LayoutChangedError('neither the page nor its name tells the club', layoutHint)
  if (header.club === undefined) issues.add('club-missing', 'meeting', 'the page names no club')
  const digits = resultsDigits(url ?? page.url ?? '')
  if (digits !== undefined && !digits.includes(date.slice(5, 7)))
    issues.add('file-name-date', 'meeting', `the name ${digits} does not hold the month of ${date}`)

  const key = hrnzMeetingKey(date, {
    ...(clubNumber === undefined ? {} : { number: clubNumber }),
    name: header.club ?? '',
  })
  if (containers.length > mostRaces)
    issues.add('too-many-races', 'meeting', `${containers.length} races; ${mostRaces} are taken`)
  const onPage = containers
    .slice(0, mostRaces)
    .map((container, index) => parseRace(container, key, index + 1, issues))
  const races = distinctRaces(onPage, issues)
  watchLayout(onPage)
  const status = meetingStatus(races, header.isAbandoned)
  const observation: MeetingObservation = {
    source: 'hrnz_scraper',
    kind: 'results',
    key,
    date,
    ...(header.venue === undefined ? {} : { venue: header.venue }),
    ...(header.club === undefined ? {} : { club: header.club }),
    ...(clubNumber === undefined ? {} : { clubNumber }),
    ...(url === undefined ? {} : { hrnzUrl: url }),
    ...(status === undefined ? {} : { status }),
    ...ofMeeting('weather', header.weather, races),
    ...ofMeeting('trackCondition', header.trackCondition, races),
    races,
  }
  const stewardsUrl = stewardsLink(tree, url ?? `${base}/datahrs/results/`, host, date)
  return {
    observation,
    issues: issues.all(),
    ...(stewardsUrl === undefined ? {} : { stewardsUrl }),
  }
}

/** A report of another day is not this meeting's. */
function stewardsLink(
  tree: PageTree,
  pageUrl: string,
  host: string,
  date: string,
): string | undefined {
  for (const { attribs } of tree.links) {
    const href = attribs['href'] ?? ''
    if (!href.includes('stipes_rpt_')) continue
    const url = linkOnHost(href, pageUrl, host)
    if (url !== undefined && stewardsReportOf(url)?.date === date) return url
  }
  return undefined
}

const layoutHint = {
  hint: 'the site may have a new layout; the page is kept, and `harness scrape --reparse` reads it again after an update',
}

function hasPlacings(root: PageElement): boolean {
  let found = false
  walk(root, (element) => {
    found ||= element.attribs['data-label']?.trim().toLowerCase() === 'placing'
    return !found
  })
  return found
}

export const raceId = /^results-.{0,200}-race-/is

/** Outermost containers; of a wrapper that holds several races, these. */
function raceContainers(tree: PageTree): PageElement[] {
  const found = tree.identified
    .filter(({ attribs }) => raceId.test(attribs['id'] ?? ''))
    .slice(0, 2000)
  const all = new Set(found)
  const inside = new Map<PageElement, PageElement[]>()
  for (const element of found) {
    const outer = ancestorIn(element, all)
    if (outer !== undefined) inside.set(outer, [...(inside.get(outer) ?? []), element])
  }
  const idOf = (element: PageElement): string => element.attribs['id'] ?? ''
  const wrappers = new Set(
    [...inside].flatMap(([outer, below]) =>
      below.filter((element) => !idOf(element).startsWith(idOf(outer))).length > 1 ? [outer] : [],
    ),
  )
  return found.filter((element) => {
    if (wrappers.has(element)) return false
    const outer = ancestorIn(element, all)
    return outer === undefined || wrappers.has(outer)
  })
}

function ancestorIn(element: PageElement, set: ReadonlySet<PageElement>): PageElement | undefined {
  for (let parent = element.parent; parent !== null; parent = parent.parent)
    if (set.has(parent)) return parent
  return undefined
}

export function distinctRaces(onPage: readonly RaceOnPage[], issues: IssueList): RaceObservation[] {
  const byNumber = new Map<number, RaceObservation>()
  for (const { race } of onPage) {
    const before = byNumber.get(race.number)
    if (before === undefined) {
      byNumber.set(race.number, race)
      continue
    }
    const isSame = raceDigest(before) === raceDigest(race)
    issues.add(
      isSame ? 'doubled-race' : 'race-number-twice',
      `R${race.number}`,
      isSame
        ? 'the race stands on the page twice'
        : 'two different races bear one number; the one with more starters is taken',
    )
    if (!isSame && race.starters.length > before.starters.length) byNumber.set(race.number, race)
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number)
}

/**
 * Absolute floors: below these the page is not odd but unknown, and an empty or nameless meeting
 * must not pass for what the site said. A race that was not run may have no rows.
 */
export function watchLayout(onPage: readonly RaceOnPage[]): void {
  const rows = onPage.flatMap(({ rows }) => rows)
  const share = (of: number): string => `${of} of ${rows.length} rows`
  const named = onPage.reduce((sum, { race }) => sum + race.starters.length, 0)
  const placings = rows.filter(({ cells }) => cells.placing !== undefined).length
  const drivers = rows.filter(({ cells }) => cells.driver !== undefined).length
  const held = onPage.filter(({ race }) => race.status !== 'abandoned')
  const empty = held.filter(({ rows }) => rows.length === 0)
  const broken =
    held.length > 0 && empty.length * 2 >= held.length
      ? `${empty.length} of ${held.length} races have no participants`
      : rows.length > 0 && named < rows.length * 0.5
        ? `only ${share(named)} name a horse`
        : placings < rows.length * 0.8
          ? `only ${share(placings)} have a placing's cell`
          : drivers < rows.length * 0.5
            ? `only ${share(drivers)} have a driver's cell`
            : undefined
  if (broken !== undefined)
    throw new LayoutChangedError(`the page does not look as expected: ${broken}`, layoutHint)
}

export function meetingStatus(
  races: readonly RaceObservation[],
  isAbandoned: boolean,
): MeetingObservation['status'] {
  const statuses = new Set(races.map(({ status }) => status))
  if (races.length === 0 || (statuses.size === 1 && statuses.has('abandoned')))
    return isAbandoned || races.length > 0 ? 'abandoned' : undefined
  statuses.delete('abandoned')
  return statuses.size === 1 && statuses.has('final') ? 'final' : undefined
}

/** The meeting's own word, else the one on which all its races agree. */
function ofMeeting<K extends 'weather' | 'trackCondition'>(
  field: K,
  own: string | undefined,
  races: readonly RaceObservation[],
): Partial<Record<K, string>> {
  const said = new Set(races.flatMap((race) => race[field] ?? []))
  const value = own ?? (said.size === 1 ? [...said][0] : undefined)
  return value === undefined ? {} : ({ [field]: value } as Record<K, string>)
}

function savedResultsUrl(text: string, host: string): string | undefined {
  const address = savedFrom(text)
  const url = address === undefined ? undefined : linkOnHost(address, address, host)
  return url !== undefined && resultsDigits(url) !== undefined ? url : undefined
}

/** `results-052109-race-1`: a renamed saved page still tells its club where ids hold the file name. */
function clubInIds(containers: readonly PageElement[], date: string): string | undefined {
  const monthAndDay = date.slice(5).replace('-', '')
  for (const container of containers) {
    const match = /^results-(\d{4})(\d{2})-race-/i.exec(container.attribs['id'] ?? '')
    if (match?.[1] === monthAndDay) return match[2]
  }
  return undefined
}
