import { dateIn } from './cell-values.ts'
import { labelledLines, labelsOf } from './labelled-lines.ts'
import { textOf, tidy, type PageElement, type PageTree } from './page-tree.ts'

export interface MeetingHeader {
  readonly date?: string
  readonly club?: string
  readonly venue?: string
  readonly weather?: string
  readonly trackCondition?: string
  readonly isAbandoned: boolean
}

const labels = labelsOf([
  'meeting',
  'meeting date',
  'race date',
  'raceday',
  'date',
  'club',
  'venue',
  'course',
  'location',
  'track',
  'track condition',
  'condition',
  'weather',
  'status',
])
const most = 160

/** What the page says of the whole meeting: all that stands outside the races. */
export function meetingHeader(page: PageTree, races: ReadonlySet<PageElement>): MeetingHeader {
  const { values, plain } = labelledLines(page.root.children, labels, {
    lineMost: 400,
    skip: (element) => races.has(element) || ['nav', 'footer', 'aside'].includes(element.name),
  })
  const value = (...names: string[]): string | undefined => {
    for (const name of names) {
      const text = values.get(name)?.[0]?.trim()
      if (text !== undefined && text !== '') return text.slice(0, most)
    }
    return undefined
  }
  const title = textOf(page.title, 300)
  const headings = plain.filter(({ heading }) => heading).map(({ text }) => text)
  const others = plain
    .filter(({ heading, text }) => !heading && !/updated|printed|generated|copyright|©/i.test(text))
    .map(({ text }) => text)
  const dated = [
    value('meeting date', 'race date', 'raceday', 'date') ?? '',
    value('meeting') ?? '',
  ]
    .concat(headings, others, title)
    .find((text) => dateIn(text) !== undefined)
  const date = dateIn(dated ?? '')

  const meeting = value('meeting')
  const named = [...(meeting === undefined ? [] : [meeting]), ...headings, title]
    .map(clubAndVenue)
    .find(({ club }) => club !== undefined)
  const club = value('club') ?? named?.club
  const venue = value('venue', 'course', 'location') ?? named?.venue
  const weather = value('weather')
  const track = value('track condition', 'condition', 'track')
  return {
    ...(date === undefined ? {} : { date }),
    ...(club === undefined ? {} : { club }),
    ...(venue === undefined ? {} : { venue }),
    ...(weather === undefined ? {} : { weather: weather.slice(0, 60) }),
    ...(track === undefined ? {} : { trackCondition: track.slice(0, 60) }),
    isAbandoned: [...headings, ...others, value('status') ?? ''].some(
      (text) => text.length < 200 && /\babandoned\b/i.test(text),
    ),
  }
}

/**
 * `Results for CLUB at VENUE, Thursday 21 May 2026`. The venue comes after the last ` at `, since the
 * titles of meetings can hold the word too.
 */
function clubAndVenue(text: string): { club?: string; venue?: string } {
  const bare = tidy(
    text
      .replace(
        /\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s)?\d{1,2}(?:st|nd|rd|th)?[\s/-]{1,3}[a-z\d]{1,9}\.?,?[\s/-]{1,3}\d{4}\b/gi,
        ' ',
      )
      .replace(/\b(?:race\s|meeting\s)?results?\b(?:\sfor\b|\sof\b)?/gi, ' '),
  ).replace(/^[\s,|:–-]+|[\s,|:–-]+$/g, '')
  if (
    bare.length < 3 ||
    bare.length > most ||
    /^(?:hrnz|infohorse|harness racing new zealand)$/i.test(bare)
  )
    return {}
  const at = bare.toLowerCase().lastIndexOf(' at ')
  const pieces =
    at > 0
      ? [bare.slice(0, at), bare.slice(at + 4)]
      : bare.split(/\s[|–-]\s/).map((one) => one.trim())
  const club = pieces[0]?.replace(/[\s,:|–-]+$/, '')
  const venue = at > 0 ? pieces[1]?.replace(/[\s,:|–-]+$/, '') : undefined
  return {
    ...(club ? { club } : {}),
    ...(venue ? { venue } : {}),
  }
}
