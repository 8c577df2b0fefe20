import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, instantFromPostgres } from '../../src/db/instants.ts'

const dates = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})

describe('instant', () => {
  it('brings every form of an instant into one', () => {
    expect(instant('2026-03-06T22:00:00+13:00')).toBe('2026-03-06T09:00:00.000Z')
    expect(instant('2026-03-06T09:00:00Z')).toBe('2026-03-06T09:00:00.000Z')
    fc.assert(
      fc.property(dates, (date) => {
        expect(instant(date.toISOString())).toBe(date.toISOString())
      }),
    )
  })

  it('refuses what is none', () => {
    expect(() => instant('yesterday')).toThrow(TypeError)
  })
})

describe('instantFromPostgres', () => {
  it('gives back what went in', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const iso = date.toISOString()
        // Postgres leaves trailing zeros of the fraction away.
        const fraction = iso.slice(19, 23).replace(/\.?0+$/, '')
        const shown = `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}+00`
        expect(instantFromPostgres(shown)).toBe(iso)
      }),
    )
  })

  it('leaves infinity alone', () => {
    expect(instantFromPostgres('infinity')).toBe('infinity')
  })
})
