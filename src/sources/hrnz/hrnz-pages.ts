import type { HrnzPages } from '../../app/ports.ts'
import { parseListing } from './parse-listing.ts'
import { parseResultsPage } from './parse-results.ts'

/** Grows with every change of what the parser makes of a page. */
const parserVersion = 'hrnz-1'

/** HRNZ's static pages below `baseUrl`. */
export function hrnzPages(options: { readonly baseUrl: string }): HrnzPages {
  const base = options.baseUrl.replace(/\/+$/, '')
  const { host } = new URL(base)
  return {
    parserVersion,
    indexUrl: `${base}/datahrs/results/results.htm`,
    parseIndex: (html, url) => parseListing(html, url, host),
    parseMonth: (html, url) => parseListing(html, url, host),
    parseResults: (html, page) => parseResultsPage(html, page, host),
  }
}
