import ICAL from 'ical.js'
import { racingDate } from '../../domain/dates.ts'
import type { CalendarMeeting } from '../../domain/scraping/account-meetings.ts'
import { LayoutChangedError } from '../../errors.ts'
import { pageText } from './page-text.ts'
import { tidy } from './page-tree.ts'

const mostEvents = 5000
const mostBytes = 5_000_000
/** Letters of an unfolded line: the library takes the square of its length for its parameters. */
const longestLine = 10_000

/**
 * The calendar of official meetings. No real copy of it is public: UID, DTSTART, SUMMARY and LOCATION
 * are assumed, of which only date and summary are needed.
 */
export function parseCalendar(bytes: Uint8Array, url: string): CalendarMeeting[] {
  const text = pageText(bytes, null)
  if (bytes.byteLength > mostBytes || !/^\s*BEGIN:VCALENDAR/i.test(text))
    throw new LayoutChangedError(`${url} is no calendar`)
  if (
    text
      .replace(/\r?\n[ \t]/g, '')
      .split('\n')
      .some(({ length }) => length > longestLine)
  )
    throw new LayoutChangedError(`${url} is a calendar with a line longer than any real one`)
  let events: ICAL.Component[]
  try {
    events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
  } catch (error) {
    throw new LayoutChangedError(`${url} is a calendar that cannot be read`, { cause: error })
  }
  return events.slice(0, mostEvents).flatMap((event) => {
    try {
      return meetingOf(event, url) ?? []
    } catch {
      // Values are decoded when they are asked for: one that is no date leaves out its event alone.
      return []
    }
  })
}

function meetingOf(event: ICAL.Component, url: string): CalendarMeeting | undefined {
  const date = dateOf(event.getFirstPropertyValue('dtstart'))
  const summary = textOfProperty(event, 'summary')
  if (date === undefined || summary === '') return undefined
  const { club, note } = withoutNotes(summary)
  const location = textOfProperty(event, 'location')
  const cancelled = textOfProperty(event, 'status').toUpperCase() === 'CANCELLED'
  const notes = [...(note === '' ? [] : [note]), ...(cancelled ? ['cancelled'] : [])]
  return {
    date,
    club,
    clubNumber: null,
    venue: location === '' ? null : location,
    note: notes.length === 0 ? null : notes.join('; '),
    url,
  }
}

/** A date stands for itself; an instant is on the racing date that New Zealand has then. */
function dateOf(value: unknown): string | undefined {
  if (!(value instanceof ICAL.Time)) return undefined
  if (!value.isDate && value.zone === ICAL.Timezone.utcTimezone)
    return racingDate(value.toJSDate().getTime())
  const { year, month, day } = value
  if (year < 1900 || year > 2200) return undefined
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function textOfProperty(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name)
  return typeof value === 'string' ? tidy(value.slice(0, 1000)).slice(0, 120) : ''
}

function withoutNotes(summary: string): { club: string; note: string } {
  const notes = [...summary.matchAll(/\(([^()]{1,120})\)/g)].map((match) => match[1] ?? '')
  return { club: tidy(summary.replace(/\([^()]{0,120}\)/g, ' ')), note: notes.join('; ') }
}
