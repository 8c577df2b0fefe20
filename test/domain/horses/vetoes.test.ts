import { describe, expect, it } from 'vitest'
import { Cluster } from '../../../src/domain/horses/cluster.ts'
import { findVeto, vetoes } from '../../../src/domain/horses/vetoes.ts'
import type { PooledStarter } from '../../../src/domain/masters.ts'
import { aStart } from '../../support/starters.ts'

type Said = Partial<PooledStarter>

/** For each veto: a pair that makes it ring, and the nearest pair that does not. */
const cases: Readonly<Record<string, { rings: [Said, Said]; quiet: [Said, Said] }>> = {
  'same-race': {
    rings: [{ raceId: 9 }, { raceId: 9 }],
    quiet: [{ raceId: 9 }, { raceId: 9, phase: 'scratched' }],
  },
  'times-overlap': {
    rings: [
      { date: '2026-03-01', startTime: '2026-03-01T05:00:00.000Z' },
      { date: '2026-03-01', startTime: '2026-03-01T05:14:00.000Z' },
    ],
    quiet: [
      { date: '2026-03-01', startTime: '2026-03-01T05:00:00.000Z' },
      { date: '2026-03-01', startTime: '2026-03-01T05:04:00.000Z', phase: 'entered' },
    ],
  },
  'other-identifier': {
    rings: [{ ids: { hrnz_guid: 'A' } }, { ids: { hrnz_guid: 'B' } }],
    quiet: [{ ids: { 'tab_horse:nz': '1' } }, { ids: { 'tab_horse:intl': '2' } }],
  },
  'other-sire': {
    rings: [{ sire: 'Art Minor' }, { sire: 'Art Major' }],
    quiet: [{ sire: "Rock N' Roll (USA)" }, { sire: 'Rock n Roll' }],
  },
  'other-dam': {
    rings: [{ dam: 'Kowhai Girl' }, { dam: 'Kowhai Lass' }],
    quiet: [{ dam: 'Kowhai Girl' }, { dam: null }],
  },
  'other-foal-year': {
    rings: [{ foaledOn: '2019-10-01' }, { foaledOn: '2020-10-01' }],
    quiet: [{ foaledOn: '2019-10-01' }, { foaledOn: '2019-11-12' }],
  },
  'sex-line': {
    rings: [{ sex: 'Mare' }, { sex: 'Gelding' }],
    quiet: [{ sex: 'Colt' }, { sex: 'Gelding' }],
  },
  'age-impossible': {
    rings: [{ foaledOn: '2025-10-01', date: '2027-01-01' }, { date: '2025-03-01' }],
    quiet: [{ foaledOn: '2023-10-01', date: '2027-01-01' }, { date: '2026-03-01' }],
  },
  'career-too-long': {
    rings: [{ date: '2005-01-01' }, { date: '2026-01-01' }],
    quiet: [{ date: '2015-01-01' }, { date: '2026-01-01' }],
  },
  'two-meetings-one-day': {
    rings: [
      { date: '2026-03-01', startTime: null },
      { date: '2026-03-01', startTime: null },
    ],
    quiet: [{ date: '2026-03-01' }, { date: '2026-03-01', phase: 'entered' }],
  },
  'other-gait': {
    rings: [{ gait: 'pace' }, { gait: 'trot' }],
    quiet: [{ gait: 'pace' }, { gait: null }],
  },
}

const pair = (said: [Said, Said]): [Cluster, Cluster] => [
  Cluster.of([aStart({ id: 1, ...said[0] })]),
  Cluster.of([aStart({ id: 2, ...said[1] })]),
]

describe('vetoes', () => {
  it('has a case for each', () => {
    expect(Object.keys(cases).sort()).toEqual(vetoes.map(({ id }) => id).sort())
  })

  for (const veto of vetoes) {
    it(`${veto.id} rings where ${veto.text}, either way round, and not beside it`, () => {
      const { rings, quiet } = cases[veto.id]!
      const [a, b] = pair(rings)
      expect(veto.rings(a, b)).toBe(true)
      expect(veto.rings(b, a)).toBe(true)
      const [c, d] = pair(quiet)
      expect(veto.rings(c, d)).toBe(false)
      expect(veto.rings(d, c)).toBe(false)
    })
  }

  it('soft ones are left out where only hard ones are asked for', () => {
    const [a, b] = pair(cases['other-gait']!.rings)
    expect(findVeto(a, b, { soft: true })?.id).toBe('other-gait')
    expect(findVeto(a, b, { soft: false })).toBeUndefined()
  })
})
