import { expect, test } from 'vitest'
import { parseDuration, parseInstant } from '../../../src/cli/text/time-words.ts'

const clock = { now: () => Date.parse('2026-03-06T11:30:00Z'), sleepUntil: async () => {} }

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['24h', 86_400_000],
])('%s is a time', (word, ms) => {
  expect(parseDuration(word, '--interval')).toBe(ms)
})

test.each(['', '30', 'm', '0s', '25h', '-5m', '1.5h', '99999999s'])('%j is none', (word) => {
  expect(() => parseDuration(word, '--interval')).toThrow(/--interval .* is no time/)
})

test("an hour is one of New Zealand's today, which has begun before UTC's", async () => {
  // 11:30 on the 6th in London is half past midnight on the 7th in New Zealand.
  expect(await parseInstant('23:30', clock, '--until')).toBe(Date.parse('2026-03-07T10:30:00Z'))
  expect(await parseInstant('2026-03-06T11:00:00Z', clock, '--until')).toBe(
    Date.parse('2026-03-06T11:00:00Z'),
  )
})

test.each(['24:00', '2026-03-06', '2026-03-06T11:00:00', 'noon', '2026-13-06T11:00:00Z'])(
  '%s is no instant',
  async (word) => {
    await expect(parseInstant(word, clock, '--until')).rejects.toMatchObject({ exitCode: 2 })
  },
)
