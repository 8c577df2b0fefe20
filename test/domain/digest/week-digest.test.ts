import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/domain/alerts/decide-alerts.ts'
import { digestNotice, digestPairs } from '../../../src/domain/digest/digest-lines.ts'
import {
  isEmpty,
  lastWholeWeek,
  weekDigest,
  type WeekFacts,
} from '../../../src/domain/digest/week-digest.ts'
import type { Measure } from '../../../src/domain/quality/measures.ts'

const week = { from: '2026-03-02', to: '2026-03-08' }
const facts: WeekFacts = {
  sources: [{ source: 'tab_api', read: 40, failed: 2, created: 300, updated: 12 }],
  corrections: 1,
  answers: 3,
}
const nothing: WeekFacts = { sources: [], corrections: 0, answers: 0 }

function measure(day: string, name: string, numerator: number, more: Partial<Measure> = {}) {
  return { day, measure: name, numerator, denominator: 100, status: 'ok', ...more } as Measure
}
const within = (instant: string) => instant >= '2026-03-01T11' && instant < '2026-03-08T11'
const digest = (measures: readonly Measure[], alerts: readonly Alert[] = [], of = facts) =>
  weekDigest(week, of, measures, alerts, within)

describe('the last whole week', () => {
  it.each([
    ['2026-03-08', '2026-02-23'],
    ['2026-03-09', '2026-03-02'],
    ['2026-03-15', '2026-03-02'],
    ['2026-03-16', '2026-03-09'],
    ['2026-01-01', '2025-12-22'],
  ])('on %s began on %s', (today, from) => {
    expect(lastWholeWeek(today).from).toBe(from)
  })
})

describe('a digest', () => {
  it('compares the last look of the week with the last one before it', () => {
    const { size, questions, quality } = digest([
      measure('2026-02-20', 'database-bytes', 1),
      measure('2026-02-27', 'database-bytes', 8_000_000),
      measure('2026-03-03', 'database-bytes', 9_000_000),
      measure('2026-03-07', 'database-bytes', 10_500_000),
      measure('2026-03-09', 'database-bytes', 99_000_000),
      measure('2026-03-07', 'questions-open', 12),
    ])
    expect(size).toEqual({ now: 10_500_000, before: 8_000_000 })
    expect(questions).toEqual({ now: 12, before: null })
    expect(quality).toEqual([])
  })

  it('of a week in which nobody measured says so, instead of taking the week before for it', () => {
    const found = digest([
      measure('2026-03-01', 'database-bytes', 8_000_000),
      measure('2026-03-01', 'questions-open', 12),
    ])
    expect(found.size).toEqual({ now: null, before: 8_000_000 })
    const pairs = digestPairs(found)
    expect(pairs).toContainEqual(['questions', 'not counted'])
    expect(pairs).toContainEqual(['quality', 'not measured: nightly does that'])
    expect(pairs).toContainEqual(['size', 'not measured'])
  })

  it('tells a change of status before one of a count, what became worse first', () => {
    const before = (name: string, numerator: number, more: Partial<Measure> = {}) =>
      measure('2026-03-01', name, numerator, more)
    const now = (name: string, numerator: number, more: Partial<Measure> = {}) =>
      measure('2026-03-08', name, numerator, more)
    const { quality } = digest([
      before('placing-gap', 5),
      now('placing-gap', 6),
      before('winner-missing', 9, { status: 'error' }),
      now('winner-missing', 0),
      before('driver-missing', 1),
      now('driver-missing', 4, { status: 'warn' }),
      before('rating-missing', 4),
      now('rating-missing', 4),
      now('name-only-links', 4),
    ])
    expect(quality.map(({ rule }) => rule)).toEqual([
      'driver-missing',
      'placing-gap',
      'winner-missing',
    ])
  })

  it('counts what opened and what ended in the week', () => {
    const alert: Alert = {
      rule: 'slow',
      subject: '',
      state: 'warn',
      openedAt: '2026-03-05T00:00:00.000Z',
      recoveredAt: null,
      value: 'it is slow',
      clearLooks: 0,
      told: 'warn',
      toldAt: null,
    }
    const over: Alert = {
      ...alert,
      state: 'ok',
      openedAt: '2026-02-01T00:00:00.000Z',
      recoveredAt: '2026-03-06T00:00:00.000Z',
    }
    expect(digest([], [alert, over]).alerts).toEqual({
      opened: 1,
      recovered: 1,
      open: ['it is slow'],
    })
  })

  it('of a week before the first one is empty, and one of a week in which all stood still is not', () => {
    expect(isEmpty(digest([], [], nothing))).toBe(true)
    expect(isEmpty(digest([]))).toBe(false)
    const before = measure('2026-03-01', 'database-bytes', 8_000_000)
    expect(isEmpty(digest([before], [], nothing))).toBe(false)
    const now = measure('2026-03-08', 'database-bytes', 8_000_000)
    expect(isEmpty(digest([now], [], nothing))).toBe(false)
  })

  it('fits on a screen and on a telephone, however much has changed', () => {
    const rules = ['placing-gap', 'winner-missing', 'driver-missing', 'rating-missing']
    const many = [
      ...rules,
      'name-only-links',
      'pedigree-missing',
      'stakes-above-purse',
      'mile-rate-bounds',
    ]
    const measures = many.flatMap((rule) => [
      measure('2026-03-01', rule, 1),
      measure('2026-03-08', rule, 123_456, { denominator: 9_876_543, status: 'error' }),
    ])
    const alerts = many.map((subject): Alert => ({
      rule: 'slow',
      subject,
      state: 'warn',
      openedAt: '2026-03-05T00:00:00.000Z',
      recoveredAt: null,
      value: `${subject} ${'very '.repeat(50)}slow`,
      clearLooks: 0,
      told: 'warn',
      toldAt: null,
    }))
    const full = digest(measures, alerts)
    const pairs = digestPairs(full)
    expect(pairs.length).toBeLessThan(22)
    expect(pairs.every(([name, text]) => name.length <= 14 && text.length <= 64)).toBe(true)
    const { title, message } = digestNotice(full)
    expect(title).toBe('harness: the week to 2026-03-08')
    expect(message).toContain('and 2 more')
    expect(Buffer.byteLength(message)).toBeLessThan(2000)
  })
})
