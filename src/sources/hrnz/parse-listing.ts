import type { ListedMeeting } from '../../app/ports.ts'
import type { ParseIssue } from '../../domain/observation.ts'
import { LayoutChangedError } from '../../errors.ts'
import { dateIn } from './cell-values.ts'
import { clubNumberOf, linkOnHost, resultsDigits } from './hrnz-urls.ts'
import { pageText } from './page-text.ts'
import { pageTree, textOf, tidy, walk, type PageElement } from './page-tree.ts'

export interface Listing {
  readonly months: readonly { readonly url: string; readonly label: string }[]
  readonly meetings: readonly ListedMeeting[]
  readonly issues: readonly ParseIssue[]
}

const monthFile = /\/rlts_[a-z]{3,9}\.html?$/i
const mostLinks = 5000
/** Links of one meeting's row. */
const mostOfOne = 50

/**
 * An index or month page: its links to results pages, with the date that stands in the same row, and
 * its links to month pages. A page with neither is not the page that we know.
 */
export function parseListing(html: Uint8Array, pageUrl: string, host: string): Listing {
  const months = new Map<string, string>()
  const meetings = new Map<string, ListedMeeting>()
  const issues: ParseIssue[] = []
  let links = 0
  walk(pageTree(pageText(html, null)).root, (element) => {
    if (element.name !== 'a' || links > mostLinks) return
    const href = element.attribs['href']
    const url = href === undefined ? undefined : linkOnHost(href, pageUrl, host)
    if (url === undefined) return
    if (monthFile.test(new URL(url).pathname)) {
      links++
      if (!months.has(url)) months.set(url, textOf(element, 60))
    } else if (resultsDigits(url) !== undefined) {
      links++
      const listed = listedMeeting(element, url)
      if ('code' in listed) issues.push(listed)
      // The index repeats what its month page says; one address is one page.
      else if (!meetings.has(url)) meetings.set(url, listed)
    }
  })
  if (links === 0)
    throw new LayoutChangedError(
      `${pageUrl} has no link to a month or to a results page; it is not the list that we know`,
      { hint: 'look at the page in a browser; if it is fine there, the site has a new layout' },
    )
  return {
    months: [...months].map(([url, label]) => ({ url, label })),
    meetings: [...meetings.values()].map(detached),
    issues: issues.slice(0, 200),
  }
}

function listedMeeting(link: PageElement, url: string): ListedMeeting | ParseIssue {
  const club = textOf(link, 120)
  const row = rowOf(link)
  const rowText = textOf(row, 600)
  const date = dateIn(rowText)
  if (date === undefined)
    return {
      code: 'listing-without-date',
      subject: new URL(url).pathname.slice(-40),
      message: 'a results page is listed without a full date, so its year is unknown',
      excerpt: rowText.slice(0, 200),
    }
  return {
    url,
    date,
    // A link may be the date or a word such as `Results`; the row's other text is the club then.
    club:
      dateIn(club) !== undefined || /^(results?|view)$/i.test(club) || club === ''
        ? withoutDate(rowText, club)
        : club,
    clubNumber: clubNumberOf(url) ?? null,
    venue: cellOf(row, 'venue') ?? cellOf(row, 'track') ?? null,
  }
}

/** The row or item that the link stands in: the nearest ancestor that lists one meeting. */
function rowOf(link: PageElement): PageElement {
  let element = link
  for (let up = 0; up < 6; up++) {
    const parent = element.parent
    if (parent === null || parent.parent === null) break
    if (countResultLinks(parent) > 1) break
    element = parent
    if (['tr', 'li', 'dl'].includes(parent.name)) break
  }
  return element
}

function countResultLinks(element: PageElement): number {
  const files = new Set<string>()
  let links = 0
  walk(element, (below) => {
    if (files.size > 1 || links > mostOfOne) return false
    const digits = below.name === 'a' ? resultsDigits(below.attribs['href'] ?? '') : undefined
    if (digits !== undefined) files.add(digits)
    if (below.name === 'a') links++
    return true
  })
  return files.size
}

function cellOf(row: PageElement, label: string): string | undefined {
  let text = ''
  walk(row, (element) => {
    if (element.attribs['data-label']?.toLowerCase() === label) text ||= textOf(element, 120)
  })
  return text === '' ? undefined : text
}

const withoutDate = (rowText: string, linkText: string): string =>
  tidy(
    rowText
      .replace(linkText, ' ')
      .replace(
        /(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s|\d{1,2}[\s/-]\w{1,9}[\s/-]\d{4}/gi,
        ' ',
      ),
  ).slice(0, 120)

/** A text cut out of a page keeps the whole page in memory; a copy does not. */
const detached = (meeting: ListedMeeting): ListedMeeting =>
  JSON.parse(JSON.stringify(meeting)) as ListedMeeting
