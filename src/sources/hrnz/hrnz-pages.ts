import type { HrnzPages } from '../../app/ports.ts'
import { parseCalendar } from './parse-calendar.ts'
import { parseListing } from './parse-listing.ts'
import { parseDatesIndex, parseDatesMonth } from './parse-racing-dates.ts'
import { parseResultsPage } from './parse-results.ts'
import { unpackSaved } from './saved/unpack-saved.ts'

/** Grows with every change of what the parser makes of a page. */
const parserVersion = 'hrnz-1'

/** HRNZ's static pages below `baseUrl`. */
export function hrnzPages(options: { readonly baseUrl: string }): HrnzPages {
  const base = options.baseUrl.replace(/\/+$/, '')
  const { host } = new URL(base)
  return {
    parserVersion,
    indexUrl: `${base}/datahrs/results/results.htm`,
    datesIndexUrl: `${base}/datahrs/calendar/raceday/dates_index.htm`,
    calendarUrl: `${base}/datahrs/calendar/HRNZOfficialMeetings.ics`,
    parseDatesIndex: (html, url) => parseDatesIndex(html, url, host),
    parseDatesMonth: (html, url, month) => parseDatesMonth(html, url, host, month),
    parseCalendar,
    unpackSaved,
    parseIndex: (html, url) => parseListing(html, url, host),
    parseMonth: (html, url) => parseListing(html, url, host),
    parseResults: (html, page) => parseResultsPage(html, page, host),
  }
}
