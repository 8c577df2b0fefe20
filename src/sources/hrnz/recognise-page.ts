import type { HrnzPages, PageKind, SavedPage } from '../../app/ports.ts'
import { horseId } from './cell-values.ts'
import { dynamicPath, horsePageUrl, linkOnHost } from './hrnz-urls.ts'
import { meetingHeader } from './meeting-header.ts'
import { kindOfAddress } from './page-kinds.ts'
import { pageText } from './page-text.ts'
import { hasClass, linesOf, pageTree, textOf, walk, type PageTree } from './page-tree.ts'
import { horseOnPage, parentsOf } from './parse-horse.ts'
import { raceId } from './parse-results.ts'
import { savedFrom } from './saved/saved-from.ts'

/** The site's two servers: static pages, and those that its database answers with. */
export interface Servers {
  readonly staticUrl: string
  readonly dynamicUrl: string
}

/**
 * What a saved page is, told by what it shows: a file may bear any name. Where nothing but its links
 * would tell, its address goes before them; a page that shows nothing known is refused as what it was
 * meant to be. The address is null unless it is one of the site's own.
 */
export function recognisePage(
  page: SavedPage,
  servers: Servers,
): ReturnType<HrnzPages['recognise']> {
  const text = pageText(page.bytes, page.contentType)
  const isCalendar = /^\s{0,100}BEGIN:VCALENDAR/i.test(text)
  const tree = pageTree(isCalendar ? '' : text)
  const said = page.url ?? savedFrom(text) ?? namedAfter(page.name, servers.dynamicUrl)
  const url = said === undefined ? undefined : ownAddress(said, servers)
  const kind =
    (isCalendar ? 'calendar' : kindShown(tree)) ??
    kindOfAddress(url ?? `/${page.name}`) ??
    kindByLinks(tree)
  const horse = horseId(url) ?? horseOnPage(tree)?.id
  const horseUrl = horse === undefined ? null : horsePageUrl(servers.dynamicUrl, horse)
  return { kind: kind ?? null, url: kind === 'horse' ? horseUrl : (url ?? null), horseUrl }
}

function ownAddress(url: string, { staticUrl, dynamicUrl }: Servers): string | undefined {
  if (!URL.canParse(url)) return undefined
  return (
    linkOnHost(url, staticUrl, new URL(staticUrl).host) ??
    linkOnHost(url, dynamicUrl, new URL(dynamicUrl).host)
  )
}

/** The order matters: pages of one race link horses, and pages of horses link races. */
function kindShown(tree: PageTree): PageKind | undefined {
  const ids = tree.identified.map(({ attribs }) => attribs['id'] ?? '')
  if (ids.some((id) => raceId.test(id))) return 'results'
  if (ids.some((id) => /-race-\d/i.test(id))) return 'fields'
  if (horseOnPage(tree) !== undefined) return 'horse'
  if (parentsOf(tree) !== null) return 'horse-pedigree'
  return isRace(tree) ? 'race' : undefined
}

/** What a page is of shows in the first of them. */
const mostLinks = 5000

function kindByLinks(tree: PageTree): PageKind | undefined {
  if (isStewardsReport(tree)) return 'stewards'
  const links = tree.links
    .slice(0, mostLinks)
    .map(({ attribs }) => (attribs['href'] ?? '').slice(0, 500))
  for (const [kind, link] of listed) if (links.some((href) => link.test(href))) return kind
  if (isRacingDates(tree)) return 'dates-month'
  if (links.some((href) => /dates_[a-z]{3,9}\d{4}\.html?$/i.test(href))) return 'dates-index'
  const { isAbandoned, date } = meetingHeader(tree, new Set())
  return isAbandoned && date !== undefined ? 'results' : undefined
}

/** What lists what. Months are listed by the index alone. */
const listed: readonly (readonly [PageKind, RegExp])[] = [
  ['raceday', /RaceDisplay.{0,400}RacehdrID/i],
  ['raceday-search', /RacesDisplay.{0,400}RacedayID/i],
  ['index', /(?:^|\/)rlts_[a-z]{3,9}\.html?$/i],
  ['month', /(?:^|\/)(?:\d{6}|\d{8})rs\.html?$/i],
  ['fields-index', /(?:^|\/)(?:\d{6}|\d{8})fd\.html?$/i],
]

/** The dynamic server shows one race a page, in no container of its own. */
function isRace(tree: PageTree): boolean {
  let hasLine = false
  let hasPlacing = false
  walk(tree.root, (element) => {
    hasLine ||= hasClass(element, 'hrnz-datalist--inline')
    hasPlacing ||= element.attribs['data-label'] === 'Placing'
    return !(hasLine && hasPlacing)
  })
  return hasLine && hasPlacing
}

function isStewardsReport(tree: PageTree): boolean {
  const lines = linesOf(tree.root.children, { most: 400, lineMost: 200 }).map(({ text }) => text)
  const heads = [textOf(tree.title, 200), ...lines.slice(0, 20)]
  return (
    heads.some((line) => /\bsteward|\braceday report\b/i.test(line)) &&
    lines.some((line) => /^race\s{0,3}(?:no\.?\s?)?\d{1,2}(?!\d)/i.test(line))
  )
}

/** A month and its year above rows that begin with a day. */
function isRacingDates(tree: PageTree): boolean {
  let isHeaded = false
  let hasDay = false
  walk(tree.root, (element) => {
    if (/^(?:h[1-4]|caption)$/.test(element.name))
      isHeaded ||= /\bdates\b|\b[a-z]{3,9} 20\d{2}\b/i.test(textOf(element, 100))
    if (element.name === 'td') hasDay ||= /^\d{1,2}\s?[*+]?$/.test(textOf(element, 20))
  })
  return isHeaded && hasDay
}

/** Programs that save pages call a dynamic page by its whole address. */
function namedAfter(name: string, dynamicUrl: string): string | undefined {
  const query = /(?:^|[/\\])wsd06x(?:\?|%3F|@)([^/\\]{1,400}?)(?:\.html?)?$/i.exec(name)?.[1]
  return query === undefined ? undefined : `${dynamicUrl}${dynamicPath}?${query}`
}
