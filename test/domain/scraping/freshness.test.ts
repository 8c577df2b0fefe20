import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { isPastReuse, nextRead, retryAfterFailure } from '../../../src/domain/scraping/freshness.ts'
import {
  monthNamed,
  monthsIn,
  withinStaticPages,
} from '../../../src/domain/scraping/month-pages.ts'

const meeting = '2026-03-06'
const at = (date: string, time = '12:00:00') => nzInstant(date, time)

describe('nextRead', () => {
  it('is the first window after the last read', () => {
    const due = (readAt: number) => new Date(nextRead(meeting, readAt)?.at ?? 0).toISOString()
    expect(due(at(meeting))).toBe(new Date(at(meeting, '22:30:00')).toISOString())
    expect(due(at(meeting, '23:00:00'))).toBe(new Date(at('2026-03-07', '08:00:00')).toISOString())
    expect(due(at('2026-03-07'))).toBe(new Date(at('2026-03-09', '08:00:00')).toISOString())
    // Across the change of the clocks the window is still at eight in the morning.
    expect(due(at('2026-03-20'))).toBe(new Date(at('2026-04-03', '08:00:00')).toISOString())
  })

  it('makes up for missed windows by one read, and ends after 330 days', () => {
    expect(nextRead(meeting, at(addDays(meeting, 100)))?.why).toBe('decisions within 120 days')
    expect(nextRead(meeting, at(addDays(meeting, 330)))).toBeNull()
  })

  it('takes nine reads at the most, the last within 330 days', () => {
    const reads: number[] = []
    for (let due = nextRead(meeting, 0); due !== null; due = nextRead(meeting, due.at))
      reads.push(due.at)
    expect(reads).toHaveLength(9)
    expect(Math.max(...reads)).toBeLessThan(at(addDays(meeting, 331), '00:00:00'))
    expect([...reads].sort((a, b) => a - b)).toEqual(reads)
  })

  it('is always later than the read', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 800 }), (days) => {
        const readAt = at(addDays(meeting, days))
        const next = nextRead(meeting, readAt)
        expect(next === null || next.at > readAt).toBe(true)
      }),
    )
  })
})

describe('isPastReuse', () => {
  it('begins when the name may stand for the next meeting', () => {
    expect(isPastReuse(meeting, at(addDays(meeting, 330)))).toBe(false)
    expect(isPastReuse(meeting, at(addDays(meeting, 332)))).toBe(true)
  })
})

describe('retryAfterFailure', () => {
  it('waits an hour, then ever longer, at most a day', () => {
    const hours = [1, 2, 3, 4, 5, 6, 50].map((attempts) => retryAfterFailure(attempts, 0) / 3.6e6)
    expect(hours).toEqual([1, 2, 4, 8, 16, 24, 24])
  })
})

describe('month pages', () => {
  it.each([
    ['February 2026', 2],
    ['Feb', 2],
    ['rlts dec.htm', 12],
    ['All results', undefined],
    ['smartsept', undefined],
  ])('reads the month of %j', (text, month) => {
    expect(monthNamed(text)).toBe(month)
  })

  it('knows the months of a range across the turn of the year', () => {
    expect([...monthsIn({ from: '2025-11-30', to: '2026-02-01' })]).toEqual([11, 12, 1, 2])
    expect(monthsIn({ from: '2020-01-01', to: '2026-01-01' }).size).toBe(12)
  })

  it('splits a range at what pages without a year can hold', () => {
    const today = '2026-03-06'
    expect(withinStaticPages({ from: '2026-01-01', to: today }, today)).toEqual({
      reachable: { from: '2026-01-01', to: today },
      beyond: null,
    })
    expect(withinStaticPages({ from: '2025-01-01', to: today }, today)).toEqual({
      reachable: { from: '2025-03-06', to: today },
      beyond: { from: '2025-01-01', to: '2025-03-05' },
    })
    expect(withinStaticPages({ from: '2020-01-01', to: '2020-02-01' }, today).reachable).toBeNull()
  })
})
