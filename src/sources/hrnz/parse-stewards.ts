import type { ParsedMeeting, RaceObservation } from '../../domain/observation.ts'
import { rulingSentences } from '../../domain/rulings/marked-sentences.ts'
import { isDenial } from '../../domain/rulings/ruling-doubts.ts'
import { hrnzMeetingKey, hrnzRaceKey } from '../../domain/source-keys.ts'
import { LayoutChangedError } from '../../errors.ts'
import { linkOnHost, stewardsReportOf } from './hrnz-urls.ts'
import { meetingHeader } from './meeting-header.ts'
import { pageText } from './page-text.ts'
import { linesOf, pageTree } from './page-tree.ts'

const mostLines = 3000
const mostText = 8000

/**
 * A stewards' report: what is said of each race, as it stands. Names in it are not taken for starters
 * here, since nothing on the page tells them from other words in capitals: the words are read for
 * rulings beside the race's card (domain/rulings). What comes before the first race is of no race,
 * so that a ruling told there is an issue.
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
  let race = 0
  for (const { text, element } of linesOf(tree.root.children, {
    most: mostLines,
    lineMost: 4000,
  })) {
    const heading = raceHeading(text, element?.name ?? '')
    if (heading !== undefined) race = heading.race
    const words = heading?.title ?? text
    if (words === '') continue
    const before = texts.get(race)
    texts.set(race, (before === undefined ? words : `${before}\n${words}`).slice(0, mostText))
  }
  const general = texts.get(0) ?? ''
  texts.delete(0)
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
      more: {
        ...(url === undefined ? {} : { 'stewards report': url }),
        ...(general === '' ? {} : { general }),
      },
      races,
    },
    issues: rulingSentences(general)
      .filter((sentence) => !isDenial(sentence.toLowerCase()))
      .map((sentence) => ({
        code: 'ruling-without-race',
        subject: 'meeting',
        message: 'a sentence that looks like a ruling stands under no race, and stays text',
        excerpt: sentence.slice(0, 200),
      })),
  }
}

/** `Race 4 - The Name` begins a race; `Race 7 acceptor FERNBANK was scratched.` is told within one. */
function raceHeading(
  text: string,
  element: string,
): { readonly race: number; readonly title: string } | undefined {
  const match = /^race\s{0,3}(?:no\.?\s?)?(\d{1,2})(?!\d)\s*([-–:.]?)\s*(.*)$/is.exec(text)
  if (match === null) return undefined
  const [, number, mark, title = ''] = match
  const isTold = mark === '' && !/^h[1-6]$/.test(element) && /[.;]$/.test(title)
  return isTold ? undefined : { race: Number(number), title }
}
