import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDialect } from '../support/database.ts'

export function watchingContract(dialect: TestDialect): void {
  describe('measures', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    const gaps = { measure: 'placing-gap', numerator: 3, denominator: 40, status: 'warn' } as const
    const size = {
      measure: 'database-bytes',
      numerator: 9_000_000_000,
      denominator: null,
      status: 'ok',
    } as const

    it('are kept day by day and read since a day, in order', async () => {
      const { measures } = database
      expect(await measures.since('0001-01-01')).toEqual([])
      await measures.saveDay('2026-03-07', [size, gaps])
      await measures.saveDay('2026-03-06', [gaps])
      expect(await measures.since('2026-03-06')).toEqual([
        { day: '2026-03-06', ...gaps },
        { day: '2026-03-07', ...size },
        { day: '2026-03-07', ...gaps },
      ])
      expect(await measures.since('2026-03-08')).toEqual([])
    })

    it('of a day are those of the last look at it', async () => {
      const { measures } = database
      await measures.saveDay('2026-03-06', [gaps, size])
      const mended = { ...gaps, numerator: 0, status: 'ok' } as const
      await measures.saveDay('2026-03-06', [mended])
      expect(await measures.since('2026-03-06')).toEqual([{ day: '2026-03-06', ...mended }])
      await measures.saveDay('2026-03-06', [])
      expect(await measures.since('2026-03-06')).toEqual([])
    })
  })
}
