import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentile, timingBound } from '../../../src/domain/quality/request-timing.ts'

describe('response times', () => {
  it('are kept to a quarter', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 100_000, noNaN: true }), (ms) => {
        const bound = timingBound(ms)
        expect(bound).toBeGreaterThanOrEqual(ms)
        expect(bound).toBeLessThanOrEqual(ms * 1.25 + 1)
      }),
    )
    expect(timingBound(1e9)).toBe(timingBound(1e8))
  })

  it('give the time that a share of the requests stayed within', () => {
    const buckets = [
      { upToMs: 400, requests: 5 },
      { upToMs: 100, requests: 95 },
    ]
    expect(percentile(buckets, 0.5)).toBe(100)
    expect(percentile(buckets, 0.95)).toBe(100)
    expect(percentile(buckets, 0.96)).toBe(400)
    expect(percentile([], 0.5)).toBeNull()
  })
})
