import { expect, test } from 'vitest'
import { mergeMeeting } from '../../../src/domain/capture/merge-meeting.ts'
import type { MeetingObservation, RaceObservation } from '../../../src/domain/observation.ts'

function race(number: number, over: Partial<RaceObservation> = {}): RaceObservation {
  return { key: `tab:event:${number}`, number, status: 'open', starters: [], ...over }
}

function meeting(
  races: RaceObservation[],
  over: Partial<MeetingObservation> = {},
): MeetingObservation {
  return {
    source: 'tab_api',
    kind: 'card',
    key: 'tab:meeting:m',
    date: '2026-03-06',
    races,
    ...over,
  }
}

const field = [{ key: 'tab:entrant:a', number: 1, horseName: 'Paper Lantern' }]
const none = new Map<string, RaceObservation>()
const of = (...races: RaceObservation[]): Map<string, RaceObservation> =>
  new Map(races.map((one) => [one.key, one]))

test('the list alone never takes starters away', () => {
  const stored = mergeMeeting(undefined, meeting([race(1)]), of(race(1, { starters: field })))
  expect(mergeMeeting(stored, meeting([race(1)]), none).races[0]?.starters).toEqual(field)
})

test('nor does an event that has lost its runners', () => {
  const stored = meeting([race(1, { starters: field })])
  const merged = mergeMeeting(stored, meeting([race(1)]), of(race(1, { status: 'final' })))
  expect(merged.races[0]).toMatchObject({ status: 'final', starters: field })
})

test('an abandonment comes from the list and keeps the last card', () => {
  const stored = meeting([race(1, { starters: field })])
  const merged = mergeMeeting(
    stored,
    meeting([race(1, { status: 'abandoned' })]),
    of(race(1, { status: 'open', starters: field })),
  )
  expect(merged).toMatchObject({ status: 'abandoned', races: [{ starters: field }] })
  expect(merged.races[0]?.status).toBe('abandoned')
  expect(mergeMeeting(merged, meeting([race(1)]), none).races[0]?.status).toBe('open')
})

test('the event is nearer to the race than the list, in every other status', () => {
  const merged = mergeMeeting(
    undefined,
    meeting([race(1, { status: 'final' })]),
    of(race(1, { status: 'interim', starters: field })),
  )
  expect(merged.races[0]?.status).toBe('interim')
  expect(mergeMeeting(merged, meeting([race(1)]), none).races[0]?.status).toBe('interim')
})

test('who speaks for a field does not depend on what was read last', () => {
  const list = meeting([race(1, { weather: 'FINE', name: 'TUSSOCK PACE' })])
  const event = race(1, { weather: 'Fine', name: 'Tussock Pace', starters: field })
  const merged = mergeMeeting(undefined, list, of(event))
  expect(merged.races[0]).toMatchObject({ weather: 'FINE', name: 'Tussock Pace' })
  expect(mergeMeeting(merged, list, none)).toEqual(merged)
  expect(mergeMeeting(merged, list, of(event))).toEqual(merged)
})

test('a moved start is taken from the list', () => {
  const stored = meeting([race(1, { starters: field, startTime: '2026-03-06T05:30:00.000Z' })])
  const moved = '2026-03-06T05:45:00.000Z'
  const merged = mergeMeeting(stored, meeting([race(1, { startTime: moved })]), none)
  expect(merged.races[0]?.startTime).toBe(moved)
})

test('a race that left the list stays, unless another one took its number', () => {
  const stored = meeting([race(1, { starters: field }), race(2, { starters: field })])
  const list = meeting([race(1), race(2, { key: 'tab:event:new' })])
  expect(mergeMeeting(stored, meeting([race(1)]), none).races).toHaveLength(2)
  expect(mergeMeeting(stored, list, none).races.map((one) => one.key)).toEqual([
    'tab:event:1',
    'tab:event:new',
  ])
})

test("the first race's date in New Zealand is the meeting's", () => {
  const events = of(
    race(1, { starters: field, more: { raceDateNz: '2026-03-07' } }),
    race(2, { starters: field, more: { raceDateNz: '2026-03-08' } }),
  )
  expect(mergeMeeting(undefined, meeting([race(1), race(2)]), events).date).toBe('2026-03-07')
})

test('a protest that only the list tells of takes the placing as well', () => {
  const placed = [{ ...field[0]!, finishPosition: 1, finishRaw: '1' }]
  const merged = mergeMeeting(
    undefined,
    meeting([race(1, { protestText: '#1 Paper Lanter has been disqualifed.' })]),
    of(race(1, { status: 'final', starters: placed })),
  )
  expect(merged.races[0]?.starters[0]).toMatchObject({ finishRaw: 'DSQ' })
  expect(merged.races[0]?.starters[0]).not.toHaveProperty('finishPosition')
})
