import type { DynamicPage, DynamicPages, ListedRace } from '../../app/ports.ts'
import { nameKey } from '../../domain/names.ts'
import type { MeetingObservation, ParsedMeeting } from '../../domain/observation.ts'
import { hrnzMeetingKey } from '../../domain/source-keys.ts'
import { LayoutChangedError } from '../../errors.ts'
import { dateIn } from './cell-values.ts'
import { parserVersion } from './hrnz-pages.ts'
import { linkOnHost, racedaySearchUrl } from './hrnz-urls.ts'
import { IssueList } from './issue-list.ts'
import { meetingHeader } from './meeting-header.ts'
import { pageText } from './page-text.ts'
import { hasClass, pageTree, textOf, walk, type PageElement, type PageTree } from './page-tree.ts'
import { parseRace } from './parse-race.ts'
import { distinctRaces, meetingStatus, watchLayout } from './parse-results.ts'

const mostRaces = 40

/** The pages that HRNZ's database answers with, below `baseUrl`. */
export function dynamicPages({ baseUrl }: { readonly baseUrl: string }): DynamicPages {
  // A saved page may have lost its address; its links lead to where it came from all the same.
  const at = <P extends DynamicPage>(page: P): P =>
    /^https?:/.test(page.url) ? page : { ...page, url: racedaySearchUrl(baseUrl, '', 1) }
  return {
    parserVersion,
    searchUrl: (from, pageNumber) => racedaySearchUrl(baseUrl, from, pageNumber),
    parseSearch: (page) => parseSearch(at(page)),
    listedRaces: (page) => listedRaces(at(page)),
    parseHeading: (page) => headingOf(treeOf(page)),
    findRace,
    parseRaceday,
  }
}

const treeOf = ({ bytes, contentType }: DynamicPage): PageTree =>
  pageTree(pageText(bytes, contentType))

const racedayLink = /RacesDisplay.{0,400}RacedayID/i
const raceLink = /RaceDisplay.{0,400}RacehdrID/i

function linksTo(
  tree: PageTree,
  pageUrl: string,
  wanted: RegExp,
): { readonly url: string; readonly link: PageElement }[] {
  const found = new Map<string, PageElement>()
  for (const link of tree.links) {
    const href = (link.attribs['href'] ?? '').slice(0, 500)
    if (!wanted.test(href)) continue
    const url = linkOnHost(href, pageUrl, new URL(pageUrl).host)
    if (url !== undefined && !found.has(url)) found.set(url, link)
  }
  return [...found].map(([url, link]) => ({ url, link }))
}

/** One page of the search: race days by their row's date and club. */
function parseSearch(page: DynamicPage): ReturnType<DynamicPages['parseSearch']> {
  const issues = new IssueList()
  const racedays = linksTo(treeOf(page), page.url, racedayLink).flatMap(({ url, link }) => {
    const row = rowOf(link)
    const date = dateIn(textOf(row, 400))
    const texts = [link, ...cellsOf(row)].map((element) => textOf(element, 160))
    const club = texts.find((text) => text !== '' && dateIn(text) === undefined)
    if (date !== undefined && club !== undefined) return [{ url, date, club }]
    // A race day without its year could be filed under a wrong one.
    issues.add('raceday-undated', 'search', 'a race day without date or club', textOf(row, 200))
    return []
  })
  return { racedays, issues: issues.all() }
}

function listedRaces(raceday: DynamicPage): ListedRace[] {
  const tree = treeOf(raceday)
  const { club } = headingOf(tree)
  return linksTo(tree, raceday.url, raceLink).map(({ url, link }) => {
    return { url, club, text: textOf(rowOf(link), 400) }
  })
}

function headingOf(tree: PageTree): ReturnType<DynamicPages['parseHeading']> {
  const { date, club } = meetingHeader(tree, new Set())
  return { date: date ?? null, club: club ?? null }
}

/** By the race's number and name, which stand beside the link as they stand above the race. */
function findRace(page: DynamicPage, listed: readonly ListedRace[]): ListedRace | undefined {
  const tree = treeOf(page)
  const { race } = parseRace(raceBlock(tree), '', 0, new IssueList())
  const name = nameKey(race.name ?? '')
  const number = new RegExp(`(?<!\\d)${race.number}(?!\\d)`)
  const fitting = listed.filter(
    ({ text }) => name !== '' && number.test(text) && nameKey(text).includes(name),
  )
  const { club } = headingOf(tree)
  const [found, ...others] =
    fitting.length > 1 ? fitting.filter((one) => one.club === club) : fitting
  return others.length === 0 ? found : undefined
}

function rowOf(link: PageElement): PageElement {
  for (let up = link.parent; up !== null; up = up.parent) if (up.name === 'tr') return up
  return link.parent ?? link
}

function cellsOf(row: PageElement): PageElement[] {
  return below(row, ({ name }) => name === 'td' || name === 'th')
}

/** A race day and its races, under the same rules as a static results page. */
function parseRaceday(
  raceday: DynamicPage,
  races: readonly DynamicPage[],
  expected: { readonly date: string; readonly club: string },
): ParsedMeeting {
  const header = meetingHeader(treeOf(raceday), new Set())
  const { date } = expected
  if (header.date !== undefined && header.date !== date)
    throw new LayoutChangedError(`the race day is of ${header.date}, not of ${date}`, {
      code: 'wrong-date',
    })
  if (races.length === 0)
    throw new LayoutChangedError('the race day links no race', { code: 'no-races' })
  const issues = new IssueList()
  const key = hrnzMeetingKey(date, { name: expected.club })
  const onPage = races
    .slice(0, mostRaces)
    .map((page, index) => parseRace(raceBlock(treeOf(page)), key, index + 1, issues))
  const empty = onPage.findIndex(
    ({ race, rows }) => rows.length === 0 && race.status !== 'abandoned',
  )
  // Each race is a page of its own: an error page among them would pass for a race nobody ran in.
  if (empty >= 0)
    throw new LayoutChangedError(`${races[empty]?.url} shows no participants`, {
      code: 'not-a-race-page',
    })
  const found = distinctRaces(onPage, issues)
  watchLayout(onPage)
  const status = meetingStatus(found, header.isAbandoned)
  const observation: MeetingObservation = {
    source: 'hrnz_scraper',
    kind: 'results',
    key,
    date,
    club: expected.club,
    ...(header.venue === undefined ? {} : { venue: header.venue }),
    ...(/^https?:/.test(raceday.url) ? { hrnzUrl: raceday.url } : {}),
    ...(status === undefined ? {} : { status }),
    races: found,
  }
  return { observation, issues: issues.all() }
}

/** The smallest element with both the race's line and its rows: what stands around it is the site's. */
function raceBlock(tree: PageTree): PageElement {
  const line = below(tree.root, (element) => hasClass(element, 'hrnz-datalist--inline'))[0]
  for (let up = line?.parent ?? null; up !== null; up = up.parent)
    if (below(up, ({ attribs }) => attribs['data-label'] === 'Placing').length > 0) return up
  return tree.root
}

function below(element: PageElement, wanted: (element: PageElement) => boolean): PageElement[] {
  const found: PageElement[] = []
  walk(element, (inner) => {
    if (wanted(inner)) found.push(inner)
  })
  return found
}
