import type { ListedMeeting } from '../../app/ports.ts'
import { addDays, isPlainDate } from '../../domain/dates.ts'
import { monthNamed } from '../../domain/scraping/month-pages.ts'
import { LayoutChangedError } from '../../errors.ts'
import { dateIn } from './cell-values.ts'
import { clubNumberOf, fieldsDigits, linkOnHost } from './hrnz-urls.ts'
import { pageText } from './page-text.ts'
import { pageTree, textOf, walk, type PageElement } from './page-tree.ts'

/**
 * The index of fields: the cards of the coming days. Its dates have no year (`Tue 29 Apr`), so each is
 * taken as the one nearest to today.
 */
export function parseFieldsIndex(
  html: Uint8Array,
  pageUrl: string,
  host: string,
  today: string,
): ListedMeeting[] {
  const meetings = new Map<string, ListedMeeting>()
  let links = 0
  walk(pageTree(pageText(html, null)).root, (element) => {
    const href = element.name === 'a' ? element.attribs['href'] : undefined
    const url = href === undefined ? undefined : linkOnHost(href, pageUrl, host)
    if (url === undefined || fieldsDigits(url) === undefined || links > 1000) return
    links++
    const rowText = textOf(rowOf(element), 400)
    const date = dateIn(rowText) ?? nearestDate(rowText, today)
    if (date === undefined || meetings.has(url)) return
    const club = textOf(element, 120)
    meetings.set(url, { url, date, club, clubNumber: clubNumberOf(url) ?? null, venue: null })
  })
  if (links === 0 && !/fields/i.test(textOf(pageTree(pageText(html, null)).root, 5000)))
    throw new LayoutChangedError(`${pageUrl} is not the index of fields that we know`)
  return [...meetings.values()]
}

function rowOf(link: PageElement): PageElement {
  let element = link
  for (let up = 0; up < 5 && element.parent !== null && element.parent.parent !== null; up++) {
    element = element.parent
    if (element.name === 'tr' || element.name === 'li') break
  }
  return element
}

/** `Sun, 8 Feb` in the year that brings it within half a year of today. */
function nearestDate(text: string, today: string): string | undefined {
  const match =
    /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.exec(
      text,
    )
  const month = monthNamed(match?.[2] ?? '')
  if (match === null || month === undefined) return undefined
  const day = `${String(month).padStart(2, '0')}-${(match[1] ?? '').padStart(2, '0')}`
  const year = Number(today.slice(0, 4))
  return [year - 1, year, year + 1]
    .map((one) => `${one}-${day}`)
    .find((date) => isPlainDate(date) && date > addDays(today, -183) && date <= addDays(today, 182))
}
