import { expect, it } from 'vitest'
import { noCounts, RunCounts, type WriteCounts } from '../../../src/app/counts.ts'

/** A unit that read one meeting of two races and did this to it. */
function unit(done: 'created' | 'updated' | 'unchanged', meetingId = 1) {
  const counts: WriteCounts = noCounts()
  counts.meetings[done] = 1
  counts.races[done] = 2
  counts.starters[done] = 20
  return { counts, meetingId }
}
const summed = (...units: ReturnType<typeof unit>[]) => {
  const run = new RunCounts()
  for (const one of units) run.add(one)
  const { created, updated, unchanged } = run.sum.meetings
  return { created, updated, unchanged }
}

it('a meeting of which several pages are read counts once, by the most that was done to it', () => {
  expect(summed(unit('created'), unit('unchanged'))).toEqual({
    created: 1,
    updated: 0,
    unchanged: 0,
  })
  expect(summed(unit('created'), unit('updated'))).toEqual({ created: 1, updated: 0, unchanged: 0 })
  expect(summed(unit('unchanged'), unit('updated'), unit('unchanged'))).toEqual({
    ...{ created: 0, updated: 1, unchanged: 0 },
  })
  expect(summed(unit('unchanged'), unit('unchanged', 2))).toEqual({
    ...{ created: 0, updated: 0, unchanged: 2 },
  })
})

it('its rows count as read once, and every change of them counts', () => {
  const run = new RunCounts()
  for (const one of [unit('created'), unit('unchanged')]) run.add(one)
  expect(run.sum.starters).toMatchObject({ created: 20, unchanged: 0 })
  run.add(unit('updated'))
  expect(run.sum.races).toMatchObject({ created: 2, updated: 2, unchanged: 0 })
})

it('a unit that brings meetings together or asks a question is counted whole', () => {
  const run = new RunCounts()
  run.add(unit('unchanged'))
  const merging = unit('updated')
  merging.counts.meetings = { ...merging.counts.meetings, updated: 2, merged: 1 }
  merging.counts.horses.review = 3
  run.add(merging)
  expect(run.sum.meetings).toMatchObject({ updated: 2, unchanged: 1, merged: 1 })
  expect(run.sum.horses.review).toBe(3)
})
