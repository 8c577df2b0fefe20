import { describe, expect, it } from 'vitest'
import {
  accountForMeetings,
  mergeAnnounced,
  type CalendarMeeting,
} from '../../../src/domain/scraping/account-meetings.ts'

const meeting = (more: Partial<CalendarMeeting> = {}): CalendarMeeting => ({
  date: '2026-02-06',
  club: 'Kereru H.R.C.',
  clubNumber: null,
  venue: null,
  note: null,
  url: 'x',
  ...more,
})
const nothing = { pages: [], masters: [] }
const states = (
  announced: CalendarMeeting,
  today: string,
  known: Parameters<typeof accountForMeetings>[1] = nothing,
) => accountForMeetings([announced], known, today).map(({ state, reason }) => `${state}: ${reason}`)

describe('an announced meeting without a page', () => {
  it('is expected until ten days have passed, then missing', () => {
    expect(states(meeting(), '2026-02-01')).toEqual(['expected: in the calendar; still to come'])
    expect(states(meeting(), '2026-02-16')).toEqual(['expected: in the calendar; no page yet'])
    expect(states(meeting(), '2026-02-17')).toEqual(['missing: no page 10 days after the meeting'])
  })

  it('is closed by what stands beside it, on the day already', () => {
    expect(states(meeting({ note: 'Abandoned' }), '2026-02-06')).toEqual([
      'abandoned: the calendar says "Abandoned"',
    ])
    expect(states(meeting({ note: 'postponed to 8 February' }), '2026-02-06')[0]).toMatch(/^moved/)
    // Another place is no reason against a page; it only explains one that never comes.
    expect(states(meeting({ note: 'moved to Tui Park' }), '2026-02-06')[0]).toMatch(/^expected/)
    expect(states(meeting({ note: 'moved to Tui Park' }), '2026-03-06')).toEqual([
      'missing: no page 10 days after the meeting; the calendar says "moved to Tui Park"',
    ])
  })

  it('is closed by what TAB says of it', () => {
    const master = { date: '2026-02-06', club: null, clubNumber: null, venue: 'Kereru' }
    const known = (status: string) => ({ pages: [], masters: [{ ...master, status }] })
    expect(states(meeting(), '2026-02-06', known('abandoned'))).toEqual([
      'abandoned: TAB has the meeting as abandoned',
    ])
    expect(states(meeting(), '2026-03-01', known('final'))).toEqual([
      'missing: no page 10 days after the meeting; TAB has it as final',
    ])
  })

  it('has one as soon as a page of its day and club is known', () => {
    const page = { date: '2026-02-06', club: 'Kereru Harness Racing Club Inc', venue: null }
    const pages = (clubNumber: string | null) => ({ pages: [{ ...page, clubNumber }], masters: [] })
    expect(states(meeting(), '2026-03-01', pages(null))).toEqual([])
    expect(states(meeting({ clubNumber: '61' }), '2026-03-01', pages('61'))).toEqual([])
    expect(states(meeting({ clubNumber: '61' }), '2026-03-01', pages('62'))).toHaveLength(1)
    expect(states(meeting({ date: '2026-02-08' }), '2026-03-01', pages(null))).toHaveLength(1)
  })
})

describe('several lists', () => {
  it('are one, and nothing that only one of them says is lost', () => {
    expect(
      mergeAnnounced([
        meeting({ clubNumber: '61' }),
        meeting({ date: '2026-02-01', club: 'Weka' }),
        meeting({ club: 'KERERU HRC', venue: 'Kereru Park', note: 'P' }),
      ]),
    ).toEqual([
      meeting({ date: '2026-02-01', club: 'Weka' }),
      meeting({ clubNumber: '61', venue: 'Kereru Park', note: 'P' }),
    ])
  })
})
