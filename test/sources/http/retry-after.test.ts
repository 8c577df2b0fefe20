import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../src/sources/http/backoff.ts'
import { retryAfterInstant } from '../../../src/sources/http/retry-after.ts'

const receivedAt = Date.parse('2026-03-06T08:00:00Z')

describe('retryAfterInstant', () => {
  it.each([
    ['120', undefined, receivedAt + 120_000],
    ['Fri, 06 Mar 2026 08:05:00 GMT', undefined, receivedAt + 300_000],
    // A server whose clock is a year behind still means five minutes.
    ['Thu, 06 Mar 2025 08:05:00 GMT', 'Thu, 06 Mar 2025 08:00:00 GMT', receivedAt + 300_000],
    ['Fri, 06 Mar 2020 08:05:00 GMT', undefined, receivedAt],
    // Once a day a host is tried again, whatever it asks for.
    ['999999999', undefined, receivedAt + 86_400_000],
    ['9'.repeat(60), undefined, receivedAt + 86_400_000],
    ['Fri, 06 Mar 2099 08:05:00 GMT', undefined, receivedAt + 86_400_000],
    ['-5', undefined, undefined],
    ['1.5', undefined, undefined],
    ['soon', undefined, undefined],
    ['', undefined, undefined],
  ])('reads %j', (header, dateHeader, expected) => {
    expect(retryAfterInstant(header, { receivedAt, dateHeader })).toBe(expected)
  })

  it('never names an instant in the past or beyond a day, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (header, dateHeader) => {
        const instant = retryAfterInstant(header, { receivedAt, dateHeader })
        const waitMs = (instant ?? receivedAt) - receivedAt
        expect(waitMs >= 0 && waitMs <= 86_400_000).toBe(true)
      }),
    )
  })
})

describe('backoffMs', () => {
  it('doubles up to its cap and never falls below the pace', () => {
    const waits = [1, 2, 3, 4, 5, 6, 40].map((strikes) => backoffMs(strikes, 2000, 1))
    expect(waits).toEqual([4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 200_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (strikes, pace, random) => {
          const wait = backoffMs(strikes, pace, random)
          expect(wait).toBeGreaterThanOrEqual(pace)
          expect(wait).toBeLessThanOrEqual(Math.max(pace, 60_000))
        },
      ),
    )
  })
})
