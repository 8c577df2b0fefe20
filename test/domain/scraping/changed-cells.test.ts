import { describe, expect, it } from 'vitest'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import { changedCells, changeInWords } from '../../../src/domain/scraping/changed-cells.ts'

const starter = (horseName: string, more: object = {}) => ({
  key: `hrnz:starter:2026-02-06/61/R1/${horseName.toLowerCase()}`,
  horseName,
  ...more,
})
const card = (starters: readonly object[], more: object = {}): MeetingObservation =>
  ({
    source: 'hrnz_scraper',
    kind: 'results',
    key: 'hrnz:meeting:2026-02-06/61',
    date: '2026-02-06',
    races: [{ key: 'hrnz:race:2026-02-06/61/R1', number: 1, starters, ...more }],
  }) as unknown as MeetingObservation

describe('what two readings say differently', () => {
  it('is told cell by cell', () => {
    const before = card([
      starter('Fernbank', { finishPosition: 1, finishRaw: '1', stakeCents: 600_000 }),
      starter('Left Out'),
    ])
    const after = card(
      [starter('Fernbank', { finishRaw: 'DQ', scratched: false }), starter('Late Entry')],
      { stewardsText: 'Fernbank disqualified.' },
    )
    expect(changedCells(before, after).map(changeInWords)).toEqual([
      'R1: stewardsText nothing → Fernbank disqualified.',
      'R1 Fernbank: finishPosition 1 → nothing',
      'R1 Fernbank: finishRaw 1 → DQ',
      'R1 Fernbank: stakeCents 600000 → nothing',
      'R1 Fernbank: scratched nothing → false',
      'R1 Left Out: row there → nothing',
      'R1 Late Entry: row nothing → there',
    ])
    expect(changedCells(after, after)).toEqual([])
  })

  it('names whole races that came or went', () => {
    const before = card([])
    const after = { ...before, races: [], weather: 'Fine' }
    expect(changedCells(before, after).map(changeInWords)).toEqual([
      'meeting: weather nothing → Fine',
      'R1: row there → nothing',
    ])
  })
})
