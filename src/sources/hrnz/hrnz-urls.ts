import { isPlainDate } from '../../domain/dates.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'

/** Where HRNZ's pages are. Links are followed, never made up. */

/** File names of results pages: six digits (MMDDCC) or eight, then `rs.htm`; the club comes last. */
const resultsFile = /^(\d{6}|\d{8})rs\.html?$/i

/** Six or eight digits of a results page's address, undefined for any other page. */
export function resultsDigits(url: string): string | undefined {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  return resultsFile.exec(path.slice(path.lastIndexOf('/') + 1))?.[1]
}

/** Six or eight digits of a fields page's address. */
export function fieldsDigits(url: string): string | undefined {
  return /\/(\d{6}|\d{8})fd\.html?$/i.exec(pathOf(url))?.[1]
}

export function clubNumberOf(url: string): string | undefined {
  return (resultsDigits(url) ?? fieldsDigits(url))?.slice(-2)
}

/** Date and club in the name of a stewards' report. */
export function stewardsReportOf(
  url: string,
): { readonly date: string; readonly clubNumber: string } | undefined {
  const match = /\/stipes_rpt_(\d{4})(\d{2})(\d{2})_0(\d{2})\.html?$/i.exec(pathOf(url))
  if (match === null) return undefined
  const date = `${match[1]}-${match[2]}-${match[3]}`
  return isPlainDate(date) ? { date, clubNumber: match[4] ?? '' } : undefined
}

/** The page of one horse: arguments are names and values in turn, all of them called `Arg`. */
export function horsePageUrl(base: string, { value }: HorseIdentifier): string {
  const words = ['hrnzg-Ptype', 'HorseDetails', 'hrnzg-DoSearch', 'TRUE', 'hrnzg-HorseId', value]
  return dynamicUrl(base, [...words, 'hrnzg-rSite', 'TRUE'])
}

/** The search for official race days from a date on; month and day without zeros. */
export function racedaySearchUrl(base: string, from: string, pageNumber: number): string {
  const [year = '', month, day] = from.split('-')
  const search = ['hrnzg-Ptype', 'RaceResults', 'hrnzg-rSite', 'TRUE']
  const days = ['hrnzg-ResultsType', 'RacedaySearch', 'hrnzg-ResultsYear', year]
  const start = ['hrnzg-ResultsMonth', `${Number(month)}`, 'hrnzg-ResultsDay', `${Number(day)}`]
  const official = ['hrnzg-ResultsRacedayType', 'OfficialRaces', 'hrnzg-ResultsClubNo', '']
  const more = pageNumber === 1 ? [] : ['hrnzg-PageNumber', `${pageNumber}`]
  return dynamicUrl(base, [...search, ...days, ...start, ...official, ...more])
}

/** Where HRNZ's database answers. */
export const dynamicPath = '/gws/ws/r/infohorsews/wsd06x'

function dynamicUrl(base: string, words: readonly string[]): string {
  const query = words.map((word) => `Arg=${encodeURIComponent(word)}`)
  return `${base.replace(/\/+$/, '')}${dynamicPath}?${query.join('&')}`
}

const pathOf = (url: string): string =>
  URL.canParse(url, 'file:///') ? new URL(url, 'file:///').pathname : `/${url}`

/** An absolute address on the source's host without fragment, undefined when it leads elsewhere. */
export function linkOnHost(href: string, pageUrl: string, host: string): string | undefined {
  const trimmed = href.trim()
  if (trimmed.length > 500 || !URL.canParse(trimmed, pageUrl)) return undefined
  const url = new URL(trimmed, pageUrl)
  // Links written for http, or for another name of port 80, would leave the encrypted site.
  if (url.protocol === 'http:' && new URL(pageUrl).protocol === 'https:') url.protocol = 'https:'
  if (!/^https?:$/.test(url.protocol) || url.host !== host) return undefined
  url.hash = ''
  url.username = ''
  url.password = ''
  return url.href
}

/** The club in the name of a club's page (`club57.htm`) or of a programme of that very date. */
export function clubNumberInLink(url: string, date: string): string | undefined {
  const file = new URL(url).pathname.split('/').at(-1) ?? ''
  const club = /^club(\d{2})\.html?$/i.exec(file)?.[1]
  const programme = /^(\d{8})(\d{2})pg-\d{2}\.html?$/i.exec(file)
  if (club !== undefined) return club
  return programme?.[1] === date.replaceAll('-', '') ? programme[2] : undefined
}
