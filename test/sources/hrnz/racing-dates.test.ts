import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LayoutChangedError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const base = 'https://results.example'
const pages = hrnzPages({ baseUrl: base })
const month = `${base}/datahrs/calendar/raceday/2027/dates_september2027.htm`
const bytes = (text: string) => Buffer.from(text)

describe('racing dates', () => {
  it('take year and month from the heading: the path has the year in which the season ends', () => {
    const html = `<h1>September 2026</h1><table>
      <tr><th>Day</th></tr>
      <tr><td>4</td><td>*</td><td>Fri</td><td><a href="/datahrs/clubs/club57.htm">Kereru H.R.C.</a> (moved to Tui Park) (P)</td></tr>
      <tr><td>6&nbsp;</td><td></td><td>Sun</td><td><a href="/datahrs/programmes/2026090641pg-01.htm">Weka T.C.</a></td></tr>
    </table>`
    const { meetings, issues } = pages.parseDatesMonth(bytes(html), month, null)
    expect(issues).toEqual([])
    expect(meetings).toEqual([
      {
        date: '2026-09-04',
        club: 'Kereru H.R.C.',
        clubNumber: '57',
        venue: 'Tui Park',
        note: 'moved to Tui Park; P',
        url: month,
      },
      {
        date: '2026-09-06',
        club: 'Weka T.C.',
        clubNumber: '41',
        venue: null,
        note: null,
        url: month,
      },
    ])
  })

  it('take them from the label of the link where the page has no heading', () => {
    const html = '<table><tr><td>4</td><td>Fri</td><td>Kereru</td></tr></table>'
    expect(pages.parseDatesMonth(bytes(html), month, '2026-09').meetings).toMatchObject([
      { date: '2026-09-04', club: 'Kereru' },
    ])
    expect(() => pages.parseDatesMonth(bytes(html), month, null)).toThrow(LayoutChangedError)
  })

  it('leave out a row whose weekday belongs to another year', () => {
    const html =
      '<h2>September 2026</h2><table><tr><td>4</td><td>Thu</td><td>Kereru</td></tr></table>'
    const read = pages.parseDatesMonth(bytes(html), month, null)
    expect(read.meetings).toEqual([])
    expect(read.issues).toMatchObject([{ code: 'calendar-weekday', subject: '2026-09-04' }])
  })

  it('are found through their index, on the own host only', () => {
    const html = `<a href="2027/dates_september2027.htm">September 2026</a>
      <a href="2026/dates_june2026.htm">June 2026</a><a href="https://other.example/dates_may2026.htm">May 2026</a>`
    expect(pages.parseDatesIndex(bytes(html), pages.datesIndexUrl)).toEqual([
      { url: month, month: '2026-09' },
      { url: `${base}/datahrs/calendar/raceday/2026/dates_june2026.htm`, month: '2026-06' },
    ])
    expect(() => pages.parseDatesIndex(bytes('<h1>Closed</h1>'), month)).toThrow(LayoutChangedError)
  })
})

describe('the calendar of official meetings', () => {
  it('unfolds lines, undoes escapes and does without a location', () => {
    const ics = [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20260904',
      'SUMMARY:Kereru Harness Racing Cl',
      ' ub\\, Incorporated (P)',
      'LOCATION:Tui Park',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'DTSTART:20260905T110000Z',
      'SUMMARY:Weka T.C.',
      'STATUS:CANCELLED',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'SUMMARY:No date',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n')
    expect(pages.parseCalendar(bytes(ics), 'x')).toEqual([
      {
        date: '2026-09-04',
        club: 'Kereru Harness Racing Club, Incorporated',
        clubNumber: null,
        venue: 'Tui Park',
        note: 'P',
        url: 'x',
      },
      // 11 pm in New Zealand is still that day; 11:00Z is.
      {
        date: '2026-09-05',
        club: 'Weka T.C.',
        clubNumber: null,
        venue: null,
        note: 'cancelled',
        url: 'x',
      },
    ])
  })

  it('is refused by name when it is none, and never crashes', () => {
    expect(() => pages.parseCalendar(bytes('<html>'), 'x')).toThrow(LayoutChangedError)
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'BEGIN:VEVENT',
            'END:VEVENT',
            'DTSTART:2026',
            'DTSTART;VALUE=DATE:20261399',
            'SUMMARY:',
            ' x',
            'RRULE:FREQ=DAILY',
          ),
        ),
        (lines) => {
          try {
            const text = ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR'].join('\r\n')
            for (const { date } of pages.parseCalendar(bytes(text), 'x'))
              expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/)
          } catch (error) {
            expect(error).toBeInstanceOf(LayoutChangedError)
          }
        },
      ),
    )
  })
})
