import type { HrnzPages } from '../../app/ports.ts'
import { parseCalendar } from './parse-calendar.ts'
import { fieldsDigits, horsePageUrl, resultsDigits, stewardsReportOf } from './hrnz-urls.ts'
import { parseFieldsPage } from './parse-fields.ts'
import { parseFieldsIndex } from './parse-fields-index.ts'
import { parseListing } from './parse-listing.ts'
import { parseDatesIndex, parseDatesMonth } from './parse-racing-dates.ts'
import { parseHorsePage, parsePedigreePage } from './parse-horse.ts'
import { parseResultsPage } from './parse-results.ts'
import { parseStewardsReport } from './parse-stewards.ts'
import { recognisePage } from './recognise-page.ts'
import { unpackSaved } from './saved/unpack-saved.ts'

/** Grows with every change of what the parser makes of a page. */
export const parserVersion = 'hrnz-1'

/** HRNZ's static pages below `baseUrl`; those that its database answers with are below `dynamicUrl`. */
export function hrnzPages(options: {
  readonly baseUrl: string
  readonly dynamicUrl?: string
}): HrnzPages {
  const base = options.baseUrl.replace(/\/+$/, '')
  const { host } = new URL(base)
  const dynamicUrl = (options.dynamicUrl ?? 'https://harness.hrnz.co.nz').replace(/\/+$/, '')
  return {
    parserVersion,
    indexUrl: `${base}/datahrs/results/results.htm`,
    datesIndexUrl: `${base}/datahrs/calendar/raceday/dates_index.htm`,
    calendarUrl: `${base}/datahrs/calendar/HRNZOfficialMeetings.ics`,
    parseDatesIndex: (html, url) => parseDatesIndex(html, url, host),
    parseDatesMonth: (html, url, month) => parseDatesMonth(html, url, host, month),
    parseCalendar,
    unpackSaved,
    recognise: (page) => recognisePage(page, { staticUrl: base, dynamicUrl }),
    fieldsIndexUrl: `${base}/datahrs/fields/fields.htm`,
    parseFieldsIndex: (html, url, today) => parseFieldsIndex(html, url, host, today),
    kindOf: (url) =>
      resultsDigits(url) !== undefined
        ? 'results'
        : fieldsDigits(url) !== undefined
          ? 'fields'
          : stewardsReportOf(url) === undefined
            ? null
            : 'stewards',
    parsePage(kind, html, page) {
      if (kind === 'fields') return parseFieldsPage(html, page, host)
      if (kind === 'stewards') return parseStewardsReport(html, page, host)
      return this.parseResults(html, page)
    },
    horseUrl: (identifier) => horsePageUrl(dynamicUrl, identifier),
    parseHorse: parseHorsePage,
    parsePedigree: parsePedigreePage,
    parseIndex: (html, url) => parseListing(html, url, host),
    parseMonth: (html, url) => parseListing(html, url, host),
    parseResults: (html, page) => parseResultsPage(html, page, base),
  }
}
