import { addDays } from '../dates.ts'
import { venueWords } from '../reconcile/venues.ts'

/** A meeting as HRNZ's racing dates or its calendar announce it. */
export interface CalendarMeeting {
  readonly date: string
  readonly club: string
  readonly clubNumber: string | null
  readonly venue: string | null
  /** What is written beside it: `moved to …`, `abandoned`, `P`. */
  readonly note: string | null
  /** Where it is announced. */
  readonly url: string
}

/** What else is known of meetings on those dates. */
export interface KnownMeeting {
  readonly date: string
  readonly club: string | null
  readonly clubNumber: string | null
  readonly venue: string | null
}

export interface Unpaged {
  readonly meeting: CalendarMeeting
  /** `expected`: a page may still come. */
  readonly state: 'expected' | 'abandoned' | 'moved' | 'missing'
  /** The evidence, in words. */
  readonly reason: string
}

/** Days after which an announced meeting is not waited for any longer. */
const waitedDays = 10

/**
 * Accounts for announced meetings that have no results page. `status` is what another source says of
 * a meeting of that day and club or venue. Decided anew every time: a page or a correction of the
 * calendar that comes late opens the case again.
 */
export function accountForMeetings(
  announced: readonly CalendarMeeting[],
  known: {
    readonly pages: readonly KnownMeeting[]
    readonly masters: readonly (KnownMeeting & { readonly status: string | null })[]
  },
  today: string,
): Unpaged[] {
  return announced.flatMap((meeting) => {
    if (known.pages.some((page) => isSame(meeting, page))) return []
    const master = known.masters.find((one) => isSame(meeting, one))
    return [{ meeting, ...stateOf(meeting, master?.status ?? null, today) }]
  })
}

function stateOf(
  { date, note }: CalendarMeeting,
  status: string | null,
  today: string,
): Pick<Unpaged, 'state' | 'reason'> {
  const said = note === null ? '' : `the calendar says "${note}"`
  if (/\babandon|\bcancel|\bcalled off\b|\blost\b/i.test(note ?? ''))
    return { state: 'abandoned', reason: said }
  if (/\bpostpone|\btransferred\b|\bdeferred\b|\bmoved to \d/i.test(note ?? ''))
    return { state: 'moved', reason: said }
  if (status === 'abandoned' || status === 'postponed')
    return {
      state: status === 'abandoned' ? 'abandoned' : 'moved',
      reason: `TAB has the meeting as ${status}`,
    }
  if (today <= addDays(date, waitedDays))
    return {
      state: 'expected',
      reason: date > today ? 'in the calendar; still to come' : 'in the calendar; no page yet',
    }
  // Another place is no reason against a page, but may be why it is not where it was looked for.
  const hint = said === '' ? '' : `; ${said}`
  const elsewhere = status === null ? '' : `; TAB has it as ${status}`
  return {
    state: 'missing',
    reason: `no page ${waitedDays} days after the meeting${hint}${elsewhere}`,
  }
}

/** Whether a row of the calendar and a meeting of another list are one. */
export function isSame(meeting: CalendarMeeting, other: KnownMeeting): boolean {
  if (meeting.date !== other.date) return false
  if (meeting.clubNumber !== null && other.clubNumber !== null)
    return meeting.clubNumber === other.clubNumber
  const club = venueWords(meeting.club)
  if (other.club !== null && venueWords(other.club) === club) return true
  return (
    other.club === null &&
    other.venue !== null &&
    [club, venueWords(meeting.venue ?? '')].includes(venueWords(other.venue))
  )
}

/**
 * One entry for each announced meeting, of several lists that say the same: a club's number, a venue
 * or a note that only one of them has is kept.
 */
export function mergeAnnounced(lists: readonly CalendarMeeting[]): CalendarMeeting[] {
  const merged: CalendarMeeting[] = []
  for (const meeting of lists) {
    const at = merged.findIndex((one) => isSame(one, meeting))
    const before = merged[at]
    if (before === undefined) merged.push(meeting)
    else
      merged[at] = {
        ...before,
        clubNumber: before.clubNumber ?? meeting.clubNumber,
        venue: before.venue ?? meeting.venue,
        note: before.note ?? meeting.note,
      }
  }
  return merged.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}
