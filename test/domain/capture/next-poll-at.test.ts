import { describe, expect, test } from 'vitest'
import { nzInstant } from '../../../src/domain/dates.ts'
import {
  defaultPollPolicy,
  isComplete,
  nextPollAt,
  whyLeftAlone,
  type PollState,
} from '../../../src/domain/capture/next-poll-at.ts'
import type { StarterObservation } from '../../../src/domain/observation.ts'

const minute = 60_000
const date = '2026-03-06'
const start = nzInstant(date, '19:00:00')

/** Minutes from the advertised start to the next look, for a race last read at `last` minutes. */
function next(last: number, over: Partial<PollState> = {}, now = last): number | null {
  const poll = nextPollAt(state(last, over), start + now * minute, defaultPollPolicy)
  return poll === null ? null : (poll.at - start) / minute
}

function state(last: number, over: Partial<PollState> = {}): PollState {
  return {
    date,
    status: 'open',
    listStatus: undefined,
    startAt: start,
    lastPolledAt: start + last * minute,
    finalSeenAt: undefined,
    complete: false,
    failures: 0,
    ...over,
  }
}

describe('before the start', () => {
  test.each([
    ['far out', -600, -570],
    ['brought forward to the hour before', -75, -60],
    ['within the hour', -60, -57.5],
    ['brought forward to the last five minutes', -6, -5],
    ['in the last five minutes', -5, -4.5],
    ['at the start', 0, 0.5],
    ['after it, when it has not gone yet', 20, 20.5],
    ['long after it', 121, 131],
  ])('%s', (_, last, expected) => {
    expect(next(last)).toBe(expected)
  })

  test('a start that moved is followed at once', () => {
    expect(next(-600, { startAt: start - 540 * minute })).toBe(-599 + 1.5)
    expect(next(-3, { startAt: start + 120 * minute })).toBe(27)
  })

  test('a race that was never read is due now', () => {
    expect(next(0, { lastPolledAt: undefined }, -600)).toBe(-600)
    expect(next(0, { lastPolledAt: undefined, listStatus: 'abandoned' }, -600)).toBe(-600)
  })

  test('without a start, or postponed, it is read every half hour', () => {
    expect(next(0, { startAt: undefined })).toBe(30)
    expect(next(0, { status: 'postponed' })).toBe(30)
    expect(next(0, { startAt: undefined, status: undefined })).toBe(30)
  })
})

describe('under way', () => {
  test.each([['closed'], ['interim']] as const)('%s: every half minute', (status) => {
    expect(next(3, { status })).toBe(3.5)
    expect(next(200, { status })).toBe(210)
  })

  test('a list that is ahead of the event has it read again', () => {
    expect(next(-200, { listStatus: 'final' })).toBe(-199.5)
    expect(next(3, { status: 'interim', listStatus: 'closed' })).toBe(3.5)
    expect(next(-200, { status: 'open', listStatus: 'open' })).toBe(-170)
  })
})

describe('after Final', () => {
  const final = { status: 'final', finalSeenAt: start + 12 * minute, complete: true } as const
  const endOfDay = (nzInstant(date, '23:45:00') - start) / minute
  const morning = (nzInstant('2026-03-07', '09:00:00') - start) / minute

  test.each([
    ['half an hour', 12, 42],
    ['an hour', 42, 72],
    ['the end of the day', 72, endOfDay],
    ['the next morning', endOfDay, morning],
  ])('again after %s', (_, last, expected) => {
    expect(next(last, final)).toBe(expected)
  })

  test('settled when it was read next morning', () => {
    expect(next(morning - 1, final)).toBe(morning)
    expect(next(morning, final)).toBeNull()
    expect(whyLeftAlone(state(morning + 1, final))).toBe('final and settled')
  })

  test('a result seen days later is settled at once', () => {
    const late = { ...final, finalSeenAt: start + 3000 * minute }
    expect(next(3000, late)).toBeNull()
  })

  test('without margins it is asked for every morning until the lists end', () => {
    const bare = { ...final, complete: false }
    expect(next(morning - 1, bare)).toBe(morning)
    expect(next(morning, bare)).toBe(morning + 1440)
    const lastMorning = (nzInstant('2026-03-19', '09:00:00') - start) / minute
    expect(next(lastMorning + 1, bare)).toBeNull()
    expect(whyLeftAlone(state(lastMorning + 1, bare))).toContain('without margins')
  })
})

describe('abandonment', () => {
  test('comes from the list, whatever the event goes on saying', () => {
    expect(next(-200, { listStatus: 'abandoned' })).toBeNull()
    expect(whyLeftAlone(state(-200, { listStatus: 'abandoned' }))).toBe('abandoned')
  })

  test('can be taken back by the list', () => {
    expect(next(-200, { status: 'abandoned', listStatus: 'open' })).toBe(-170)
    expect(next(-200, { status: 'abandoned' })).toBeNull()
  })
})

describe('failures', () => {
  test.each([
    [1, 0.5],
    [2, 1],
    [5, 8],
    [6, 15],
    [500, 15],
  ])('%i in a row wait %d minutes', (failures, expected) => {
    expect(next(0, { failures })).toBe(expected)
  })

  test('never end before the lists do', () => {
    const end = (nzInstant('2026-03-20', '00:00:00') - start) / minute
    expect(next(end - 10, { failures: 9999 })).toBe(end + 5)
    expect(next(end - 10, { failures: 9999 }, end)).toBeNull()
    expect(whyLeftAlone(state(0, { status: 'interim' }))).toBe(
      'not final after the last day for asking, last seen interim',
    )
  })
})

test('the hours of the day are those of New Zealand, also when its clocks change', () => {
  // Clocks go back on 5 April 2026 at 3:00: that night has an hour more.
  const day = '2026-04-04'
  const evening = nzInstant(day, '20:00:00')
  const race = state(0, { date: day, status: 'final', finalSeenAt: evening, complete: true })
  const poll = nextPollAt(
    { ...race, lastPolledAt: nzInstant(day, '23:50:00') },
    nzInstant(day, '23:50:00'),
    defaultPollPolicy,
  )
  expect(poll?.at).toBe(Date.parse('2026-04-04T21:00:00Z'))

  // And forward on 27 September: that one has an hour less.
  const spring = '2026-09-26'
  const late = nzInstant(spring, '23:50:00')
  const after = nextPollAt(
    { ...race, date: spring, finalSeenAt: nzInstant(spring, '20:00:00'), lastPolledAt: late },
    late,
    defaultPollPolicy,
  )
  expect(after?.at).toBe(Date.parse('2026-09-26T20:00:00Z'))
})

test('a look in the future was taken by a wrong clock: the race is read now', () => {
  const now = nzInstant('2026-03-07', '19:00:00')
  const poll = nextPollAt(
    { ...state(0, { date: '2026-03-07', status: 'open' }), lastPolledAt: now + 3_600_000 },
    now,
    defaultPollPolicy,
  )
  expect(poll).toEqual({ at: now, reason: 'the clock was set back' })
})

describe('a complete result', () => {
  const starter = (over: Partial<StarterObservation>): StarterObservation => ({
    key: 'tab:entrant:x',
    horseName: 'Paper Lantern',
    ...over,
  })
  const race = (starters: StarterObservation[]) => ({ key: 'tab:event:x', number: 1, starters })
  const placed = (count: number, over: Partial<StarterObservation> = {}): StarterObservation[] =>
    Array.from({ length: count }, (_, at) => starter({ finishPosition: at + 1, ...over }))

  test('has more than four placings, or margins, or everybody', () => {
    expect(isComplete(race([...placed(4), starter({})]))).toBe(false)
    expect(isComplete(race([...placed(5), starter({})]))).toBe(true)
    expect(isComplete(race([...placed(4, { marginRaw: '1.5' }), starter({})]))).toBe(true)
    expect(isComplete(race([...placed(4), starter({ scratched: true })]))).toBe(true)
    expect(isComplete(race([...placed(4), starter({ finishRaw: 'DSQ' })]))).toBe(true)
    expect(isComplete(race([starter({})]))).toBe(false)
  })
})
