import type { ParsedMeeting, RaceObservation } from '../../domain/observation.ts'
import { hrnzMeetingKey, hrnzRaceKey } from '../../domain/source-keys.ts'
import { LayoutChangedError } from '../../errors.ts'
import { linkOnHost, stewardsReportOf } from './hrnz-urls.ts'
import { meetingHeader } from './meeting-header.ts'
import { pageText } from './page-text.ts'
import { linesOf, pageTree } from './page-tree.ts'

const mostLines = 3000
const mostText = 8000

/**
 * A stewards' report: what is said of each race, as it stands. Names in it are not taken for starters,
 * since nothing tells them from other words in capitals; the text is the evidence.
 */
export function parseStewardsReport(
  html: Uint8Array,
  page: {
    readonly url: string | null
    readonly expectedDate?: string | null
    readonly contentType?: string | null
  },
  host: string,
): ParsedMeeting {
  const url = page.url === null ? undefined : linkOnHost(page.url, page.url, host)
  // The one family of pages whose names carry the year.
  const named = stewardsReportOf(page.url ?? '')
  const tree = pageTree(pageText(html, page.contentType))
  const header = meetingHeader(tree, new Set())
  const date = named?.date ?? header.date
  if (date === undefined) throw new LayoutChangedError("the stewards' report has no date")
  if (page.expectedDate != null && page.expectedDate !== date)
    throw new LayoutChangedError(`the report is of ${date}, not of ${page.expectedDate}`, {
      code: 'wrong-date',
    })
  const texts = new Map<number, string>()
  let race: number | undefined
  for (const { text } of linesOf(tree.root.children, { most: mostLines, lineMost: 4000 })) {
    const heading = /^race\s{0,3}(?:no\.?\s?)?(\d{1,2})(?!\d)\s*[-–:.]?\s*(.*)$/is.exec(text)
    if (heading !== null) race = Number(heading[1])
    const words = heading === null ? text : (heading[2] ?? '')
    if (race === undefined || words === '') continue
    const before = texts.get(race)
    texts.set(race, (before === undefined ? words : `${before}\n${words}`).slice(0, mostText))
  }
  if (texts.size === 0)
    throw new LayoutChangedError("this is no stewards' report: it speaks of no race", {
      code: 'not-a-report',
    })
  const key = hrnzMeetingKey(date, {
    ...(named === undefined ? {} : { number: named.clubNumber }),
    name: header.club ?? '',
  })
  const races: RaceObservation[] = [...texts]
    .sort(([a], [b]) => a - b)
    .map(([number, stewardsText]) => ({
      key: hrnzRaceKey(key, number),
      number,
      stewardsText,
      starters: [],
    }))
  return {
    observation: {
      source: 'hrnz_scraper',
      kind: 'stewards',
      key,
      date,
      ...(header.club === undefined ? {} : { club: header.club }),
      ...(named === undefined ? {} : { clubNumber: named.clubNumber }),
      ...(url === undefined ? {} : { more: { 'stewards report': url } }),
      races,
    },
    issues: [],
  }
}
