import { isoInstant, nzInstant } from '../../domain/dates.ts'
import type {
  MeetingObservation,
  ParsedMeeting,
  RaceObservation,
} from '../../domain/observation.ts'
import { hrnzMeetingKey } from '../../domain/source-keys.ts'
import { LayoutChangedError } from '../../errors.ts'
import { withFieldsCells } from './fields-cells.ts'
import { clubNumberOf, linkOnHost } from './hrnz-urls.ts'
import { IssueList } from './issue-list.ts'
import { meetingHeader } from './meeting-header.ts'
import { pageText } from './page-text.ts'
import { pageTree } from './page-tree.ts'
import { parseRace } from './parse-race.ts'

const mostRaces = 40

/**
 * One meeting's fields page: the card before the races. Its date may lack the year, so the one that
 * the index gave has to come along; a full date on the page must agree with it.
 */
export function parseFieldsPage(
  html: Uint8Array,
  page: {
    readonly url: string | null
    readonly expectedDate?: string | null
    readonly contentType?: string | null
  },
  host: string,
): ParsedMeeting {
  const tree = pageTree(pageText(html, page.contentType))
  const containers = tree.identified.filter(({ name, attribs }) => {
    return /-race-\d/i.test(attribs['id'] ?? '') && name !== 'a'
  })
  if (containers.length === 0)
    throw new LayoutChangedError('this is not a fields page: it holds no race', {
      code: 'not-a-fields-page',
    })
  const header = meetingHeader(tree, new Set(containers))
  const expected = page.expectedDate ?? undefined
  const date = header.date ?? expected
  if (date === undefined) throw new LayoutChangedError('the fields page has no date with a year')
  if (expected !== undefined && date !== expected)
    throw new LayoutChangedError(`the page is of ${date}, not of ${expected}`, {
      code: 'wrong-date',
    })
  const url = page.url === null ? undefined : linkOnHost(page.url, page.url, host)
  const clubNumber = clubNumberOf(url ?? page.url ?? '')
  const issues = new IssueList()
  const key = hrnzMeetingKey(date, {
    ...(clubNumber === undefined ? {} : { number: clubNumber }),
    name: header.club ?? '',
  })
  if (header.club === undefined && clubNumber === undefined)
    throw new LayoutChangedError('neither the page nor its name tells the club')
  const onPage = containers
    .slice(0, mostRaces)
    .map((container, index) => parseRace(container, key, index + 1, issues, 'fields'))
  const rows = onPage.flatMap((one) => one.rows)
  const drivers = rows.filter(({ cells }) => cells.driver !== undefined).length
  if (rows.length === 0 || drivers < rows.length * 0.5)
    throw new LayoutChangedError(
      `the fields page does not look as expected: ${drivers} of ${rows.length} rows have a driver's cell`,
    )
  const byNumber = new Map<number, RaceObservation>()
  for (const { race } of onPage)
    if (!byNumber.has(race.number)) {
      const starters = race.starters.map((starter) =>
        withFieldsCells(starter, `R${race.number}`, issues),
      )
      byNumber.set(race.number, startingAt({ ...race, starters }, date))
    }
  const observation: MeetingObservation = {
    source: 'hrnz_scraper',
    kind: 'fields',
    key,
    date,
    ...(header.venue === undefined ? {} : { venue: header.venue }),
    ...(header.club === undefined ? {} : { club: header.club }),
    ...(clubNumber === undefined ? {} : { clubNumber }),
    races: [...byNumber.values()].sort((a, b) => a.number - b.number),
  }
  return { observation, issues: issues.all() }
}

/** `5:13pm` on the meeting's date, in New Zealand. */
function startingAt(race: RaceObservation, date: string): RaceObservation {
  const text = race.more?.['race time'] ?? race.more?.['start time'] ?? ''
  const match = /(?<!\d)(1[0-2]|[1-9])[:.]([0-5]\d)\s?([ap])\.?m/i.exec(text)
  if (match === null) return race
  const hour = (Number(match[1]) % 12) + (match[3]?.toLowerCase() === 'p' ? 12 : 0)
  const time = `${String(hour).padStart(2, '0')}:${match[2]}:00`
  return { ...race, startTime: isoInstant(nzInstant(date, time)) }
}
