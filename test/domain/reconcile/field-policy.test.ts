import { describe, expect, it } from 'vitest'
import {
  finishPolicy,
  isAmended,
  racePolicies,
  resolveField,
  resolveValue,
  starterPolicies,
} from '../../../src/domain/reconcile/field-policy.ts'
import { aStarterSaid } from '../../support/observations.ts'

const tab = (said: object) => aStarterSaid('tab:entrant:1', 'Rata', said)
const hrnz = (said: object) => aStarterSaid('hrnz:starter:1', 'Rata', said)

describe('the policy of a field', () => {
  it.each([
    ['driver', 'A', 'B', false, 'A', 'tab-first'],
    ['driver', 'A', 'B', true, 'A', 'tab-first'],
    ['driver', undefined, 'B', false, 'B', 'only'],
    ['marginRaw', '1L', '2L', false, '1L', 'tab-first'],
    ['marginRaw', '1L', '2L', true, '2L', 'amended-result'],
    ['marginRaw', '1L', undefined, true, '1L', 'only'],
    ['stakeCents', 100, 200, true, 200, 'amended-result'],
    ['scratched', false, true, true, true, 'amended-result'],
    ['scratched', undefined, undefined, true, null, 'none'],
  ] as const)('%s: TAB %s, HRNZ %s, amended %s → %s by %s', (field, a, b, amended, value, rule) => {
    const by = {
      tab_api: tab(a === undefined ? {} : { [field]: a }),
      hrnz_scraper: hrnz(b === undefined ? {} : { [field]: b }),
    }
    const policy = starterPolicies[field] as (typeof starterPolicies)['driver']
    const resolution = resolveField(policy, by, amended)
    expect([resolution.value, resolution.rule]).toEqual([value, rule])
    expect(resolveValue(policy, by, amended)).toEqual(value)
    expect(resolution.claims.map((claim) => claim.value)).toEqual(
      [a, b].filter((claim) => claim !== undefined),
    )
  })

  it('takes placing and its text as one value: a disqualification is a result', () => {
    const by = {
      tab_api: tab({ finishPosition: 1, finishRaw: '1' }),
      hrnz_scraper: hrnz({ finishRaw: 'disq' }),
    }
    expect(resolveValue(finishPolicy, by, true)).toEqual({ position: null, raw: 'disq' })
    expect(resolveValue(finishPolicy, by, false)).toEqual({ position: 1, raw: '1' })
  })

  it('lets the winning time go with a winner who was disqualified', () => {
    const race = { number: 4, starters: [] }
    const by = {
      tab_api: { ...race, key: 'tab:event:1', winningTimeMs: 164_600, mileRateMs: 120_400 },
      hrnz_scraper: { ...race, key: 'hrnz:race:1', winningTimeMs: 164_900, mileRateMs: 120_600 },
    }
    const { winningTimeMs, mileRateMs } = racePolicies
    expect([true, false].map((amended) => resolveValue(winningTimeMs, by, amended))).toEqual([
      164_900, 164_600,
    ])
    expect(resolveValue(mileRateMs, by, true)).toBe(120_600)
  })

  it('takes a page as amended from the second day after the meeting', () => {
    expect(
      ['2026-03-06', '2026-03-07', '2026-03-08', '2026-12-01'].map((confirmed) =>
        isAmended('2026-03-06', confirmed),
      ),
    ).toEqual([false, false, true, true])
    expect(isAmended('2026-03-06', null)).toBe(false)
  })
})
