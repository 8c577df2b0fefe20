import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InterruptedError } from '../../src/errors.ts'
import { parseClockSpec, SystemClock } from '../../src/ops/clock.ts'

describe('parseClockSpec', () => {
  it.each([
    ['2026-03-06T19:00:00Z', { realMs: 5, speed: 1 }],
    ['2026-03-06T19:00:00Z@1700000000000', { realMs: 1_700_000_000_000, speed: 1 }],
    ['2026-03-06T19:00:00Zx60', { realMs: 5, speed: 60 }],
    ['2026-03-07T08:00:00+13:00@12x0.5', { realMs: 12, speed: 0.5 }],
  ])('reads %s', (text, rest) => {
    const shownMs = Date.parse('2026-03-06T19:00:00Z')
    expect(parseClockSpec(text, 5)).toEqual({ shownMs, ...rest })
  })

  it.each(['', 'now', '2026-03-06', '2026-03-06T19:00:00', '2026-03-06T19:00:00Zx0', 'x2', '@5'])(
    'refuses %j as a usage error',
    (text) => {
      expect(() => parseClockSpec(text, 5)).toThrow(expect.objectContaining({ exitCode: 2 }))
    },
  )

  it('reads any text or refuses it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseClockSpec(text, 0).speed).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ exitCode: 2 })
        }
      }),
    )
  })
})

describe('SystemClock', () => {
  it('shows the machine’s time when nothing else is asked', () => {
    const before = Date.now()
    const shown = new SystemClock().now()
    expect(shown).toBeGreaterThanOrEqual(before)
    expect(shown).toBeLessThanOrEqual(Date.now())
  })

  it('agrees with another process that has the same spec', () => {
    const spec = parseClockSpec('2026-03-06T19:00:00Z@1000x3600', 0)
    const apart = new SystemClock(spec).now() - new SystemClock(spec).now()
    expect(Math.abs(apart)).toBeLessThan(3_600_000)
  })

  it('sleeps in shown time: an hour at 360,000 times the speed', async () => {
    const clock = new SystemClock({ shownMs: 0, realMs: Date.now(), speed: 360_000 })
    const until = clock.now() + 3_600_000
    await clock.sleepUntil(until)
    expect(clock.now()).toBeGreaterThanOrEqual(until)
  })

  it('does not sleep for an instant that has passed', async () => {
    await expect(new SystemClock().sleepUntil(0)).resolves.toBeUndefined()
  })

  it('wakes at once when the signal fires', async () => {
    const abort = new AbortController()
    const sleeping = new SystemClock().sleepUntil(Date.now() + 3_600_000, abort.signal)
    abort.abort()
    await expect(sleeping).rejects.toBeInstanceOf(InterruptedError)
  })
})
