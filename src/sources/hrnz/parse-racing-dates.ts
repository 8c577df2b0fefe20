import type { CalendarMeeting } from '../../domain/scraping/account-meetings.ts'
import { isPlainDate } from '../../domain/dates.ts'
import type { ParseIssue } from '../../domain/observation.ts'
import { monthNamed } from '../../domain/scraping/month-pages.ts'
import { LayoutChangedError } from '../../errors.ts'
import { clubNumberInLink, linkOnHost } from './hrnz-urls.ts'
import { pageText } from './page-text.ts'
import { isElement, pageTree, textOf, tidy, walk, type PageElement } from './page-tree.ts'

export interface RacingMonth {
  readonly url: string
  /** `YYYY-MM`, null where the link does not say it. */
  readonly month: string | null
}

const monthFile = /\/dates_[a-z]{3,9}\d{4}\.html?$/i
const mostLinks = 1000

/** The index of the racing dates: its links to months, of all seasons. */
export function parseDatesIndex(html: Uint8Array, pageUrl: string, host: string): RacingMonth[] {
  const months = new Map<string, RacingMonth>()
  walk(pageTree(pageText(html, null)).root, (element) => {
    const href = element.name === 'a' ? element.attribs['href'] : undefined
    const url = href === undefined ? undefined : linkOnHost(href, pageUrl, host)
    if (url === undefined || months.size >= mostLinks) return
    if (!monthFile.test(new URL(url).pathname) || months.has(url)) return
    months.set(url, { url, month: monthIn(textOf(element, 60)) ?? null })
  })
  if (months.size === 0)
    throw new LayoutChangedError(`${pageUrl} links no month of racing dates`, {
      hint: 'look at the page in a browser; if it is fine there, the site has a new layout',
    })
  return [...months.values()]
}

/** `September 2026` as `2026-09`. */
function monthIn(text: string): string | undefined {
  const month = monthNamed(text)
  const year = /(?<!\d)(20\d{2}|19\d{2})(?!\d)/.exec(text)?.[1]
  return month === undefined || year === undefined
    ? undefined
    : `${year}-${String(month).padStart(2, '0')}`
}

/**
 * One month of racing dates. Its rows have the day of the month alone, so year and month come from the
 * heading, else from the link's label; never from the path, whose year is that in which the season
 * ends.
 */
export function parseDatesMonth(
  html: Uint8Array,
  pageUrl: string,
  host: string,
  label: string | null,
): { readonly meetings: readonly CalendarMeeting[]; readonly issues: readonly ParseIssue[] } {
  const tree = pageTree(pageText(html, null))
  const headings: string[] = []
  const rows: PageElement[] = []
  walk(tree.root, (element) => {
    if (/^h[1-4]$/.test(element.name) || element.name === 'caption')
      headings.push(textOf(element, 120))
    if (element.name === 'tr') rows.push(element)
  })
  const month =
    [...headings, textOf(tree.title, 120)].map(monthIn).find((one) => one !== undefined) ??
    label ??
    undefined
  if (month === undefined)
    throw new LayoutChangedError(`${pageUrl} does not say its month and year`)
  const issues: ParseIssue[] = []
  const meetings = rows.slice(0, 500).flatMap((row) => {
    const read = meetingOfRow(row, { month, pageUrl, host })
    if (read === undefined) return []
    if ('code' in read) {
      issues.push(read)
      return []
    }
    return [read]
  })
  return { meetings, issues }
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** Day, marker (`*` night, `+` twilight), weekday, club; notes stand in brackets. */
function meetingOfRow(
  row: PageElement,
  page: { readonly month: string; readonly pageUrl: string; readonly host: string },
): CalendarMeeting | ParseIssue | undefined {
  const cells = row.children.filter(isElement).filter(({ name }) => name === 'td')
  const texts = cells.map((cell) => textOf(cell, 200))
  const at = texts.findIndex((text) => /^\d{1,2}\s?[*+]?$/.test(text))
  if (at < 0) return undefined
  const day = Number.parseInt(texts[at] ?? '', 10)
  const date = `${page.month}-${String(day).padStart(2, '0')}`
  const rest = texts.slice(at + 1)
  const weekday = rest.find((text) => /^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]{0,6}$/i.test(text))
  const named = rest.filter((text) => text !== weekday && !/^[*+\s]*$/.test(text)).join(' ')
  const issue = (code: string, message: string): ParseIssue => ({
    code,
    subject: date,
    message,
    excerpt: texts.join(' ').slice(0, 200),
  })
  if (!isPlainDate(date)) return issue('calendar-date', 'a row of no day of that month')
  if (weekday !== undefined) {
    const real = weekdays[new Date(date).getUTCDay()]
    if (!weekday.toLowerCase().startsWith(real ?? ''))
      return issue('calendar-weekday', `${date} is no ${weekday}`)
  }
  const notes = [...named.matchAll(/\(([^()]{1,120})\)/g)].map((match) => (match[1] ?? '').trim())
  const club = tidy(named.replace(/\([^()]{0,120}\)/g, ' '))
  if (club === '') return issue('calendar-club', 'a row that names no club')
  let clubNumber: string | undefined
  walk(row, (element) => {
    const href = element.name === 'a' ? element.attribs['href'] : undefined
    const url = href === undefined ? undefined : linkOnHost(href, page.pageUrl, page.host)
    if (url !== undefined) clubNumber ??= clubNumberInLink(url, date)
  })
  const note = notes.join('; ')
  const moved = notes.map((one) => /\bmoved to (\D.{1,80})$/i.exec(one)?.[1]).find(Boolean)
  return {
    date,
    club: club.slice(0, 120),
    clubNumber: clubNumber ?? null,
    venue: moved?.trim() ?? null,
    note: note === '' ? null : note,
    url: page.pageUrl,
  }
}
