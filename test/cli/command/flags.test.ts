import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDate, parseRange, rangeText } from '../../../src/cli/command/flags.ts'
import { SystemClock } from '../../../src/ops/clock.ts'

/** Stands still at an instant: the speed is too slow to be noticed. */
const at = (instant: string) =>
  new SystemClock({ shownMs: Date.parse(instant), realMs: Date.now(), speed: 1e-9 })

// 00:30 on 8 March in New Zealand (UTC+13), still the 7th in UTC.
const clock = at('2026-03-07T11:30:00Z')

describe('parseRange', () => {
  it.each([
    [
      { from: '2026-03-01', to: '2026-03-05' },
      { from: '2026-03-01', to: '2026-03-05' },
    ],
    [
      { from: 'yesterday', to: 'today' },
      { from: '2026-03-07', to: '2026-03-08' },
    ],
    [{ from: '-3d' }, { from: '2026-03-05', to: '2026-03-08' }],
    [{ to: '2026-01-02' }, { from: '2026-01-02', to: '2026-01-02' }],
    [{ from: '2026-04-01' }, { from: '2026-04-01', to: '2026-04-01' }],
    [{ days: 1 }, { from: '2026-03-08', to: '2026-03-08' }],
    [{ days: 8 }, { from: '2026-03-01', to: '2026-03-08' }],
  ])('reads %j by the racing date in New Zealand', async (words, range) => {
    expect(await parseRange(words, clock)).toEqual(range)
  })

  it('is nothing when nothing was asked for', async () => {
    expect(await parseRange({}, clock)).toBeUndefined()
  })

  it('refuses a reversed range as a usage error', async () => {
    await expect(parseRange({ from: 'today', to: 'yesterday' }, clock)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('reversed'),
    })
  })

  it('echoes the dates in words', () => {
    expect(rangeText({ from: '2026-03-01', to: '2026-03-02' })).toContain(
      '2026-03-01 to 2026-03-02',
    )
  })
})

describe('parseDate', () => {
  it.each(['2026-02-30', '1/2/2026', 'tomorrow', '-d', '', '2026-3-1'])(
    'refuses %j and names the flag',
    async (word) => {
      await expect(parseDate(word, clock, '--from')).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('--from'),
      })
    },
  )

  it('gives a date or a usage error for any word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.integer().map((n) => `${n}d`),
        ),
        async (word) => {
          const outcome = await parseDate(word, clock, '--to').catch((error: unknown) => error)
          if (typeof outcome === 'string') expect(outcome).toMatch(/^-?\d{4,6}-\d\d-\d\d$/)
          else expect(outcome).toMatchObject({ exitCode: 2 })
        },
      ),
    )
  })
})
