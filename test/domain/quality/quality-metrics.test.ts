import { describe, expect, it } from 'vitest'
import { qualityMetrics, worstStatus } from '../../../src/domain/quality/quality-metrics.ts'
import { qualityRules, statusOf } from '../../../src/domain/quality/quality-rules.ts'
import { seasonOf } from '../../../src/domain/quality/season.ts'

describe('seasons', () => {
  it.each([
    ['2019-07-31', '2019'],
    ['2019-08-01', '2020'],
    ['2020-07-31', '2020'],
    ['2020-08-01', '2021'],
    ['2021-07-31', '2021'],
    ['2021-08-01', '2021 Aug-Dec'],
    ['2021-12-31', '2021 Aug-Dec'],
    ['2022-01-01', '2022'],
  ])('%s belongs to %s', (date, season) => expect(seasonOf(date)).toBe(season))
})

describe('the status of a count', () => {
  const rule = { warnAbove: 0.02, errorAbove: 0.2 }
  it.each([
    [0, 100, 'ok'],
    [0, 0, 'ok'],
    [2, 100, 'info'],
    [3, 100, 'warn'],
    [21, 100, 'error'],
  ])('%i of %i is %s', (found, among, status) => expect(statusOf(rule, found, among)).toBe(status))

  it('is never worse than info where there is no limit', () => {
    expect(statusOf({ warnAbove: null, errorAbove: null }, 9, 9)).toBe('info')
  })
})

describe('metrics', () => {
  const tally = (venue: string, date: string, found: number) => ({
    date,
    venue,
    source: 'merged',
    counts: { 'winner-missing': { found, among: 10, notYet: 1 } },
  })
  const metrics = qualityMetrics(
    [tally('Tui', '2024-01-01', 1), tally('Weka', '2025-01-01', 0)],
    ['all', 'season', 'venue', 'source'],
  )

  it('has a line for each rule over everything, even where nothing was counted', () => {
    const all = metrics.filter(({ scope }) => scope === 'all')
    expect(all.map(({ id }) => id)).toEqual(qualityRules.map(({ id }) => id))
    expect(all.find(({ id }) => id === 'winner-missing')).toMatchObject({
      numerator: 1,
      denominator: 20,
      notYet: 2,
      status: 'error',
    })
  })

  it('breaks the same counts down', () => {
    const found = metrics.filter(({ scope }) => scope !== 'all')
    expect(found.map(({ scope, numerator, status }) => [scope, numerator, status])).toEqual([
      ['season 2024', 1, 'error'],
      ['season 2025', 0, 'ok'],
      ['venue Tui', 1, 'error'],
      ['venue Weka', 0, 'ok'],
      ['source merged', 1, 'error'],
    ])
  })

  it('are as bad as the worst of them', () => {
    expect(worstStatus(metrics)).toBe('error')
    expect(worstStatus([])).toBe('ok')
  })
})
