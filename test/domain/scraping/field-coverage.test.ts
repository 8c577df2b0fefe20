import { describe, expect, it } from 'vitest'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import {
  droppedFields,
  fieldCoverage,
  nextBaselines,
  type FieldBaseline,
} from '../../../src/domain/scraping/field-coverage.ts'

const page = (starter: object, races = 3): MeetingObservation =>
  ({
    races: Array.from({ length: races }, (_, index) => ({
      number: index + 1,
      status: 'final',
      name: 'A race',
      starters: Array.from({ length: 8 }, () => starter),
    })),
  }) as unknown as MeetingObservation
const whole = { number: 1, driver: 'A', trainer: 'B', finishRaw: '1', timeMs: 1 }

function after(pages: number): readonly FieldBaseline[] {
  let baselines: readonly FieldBaseline[] = []
  for (let read = 0; read < pages; read++)
    baselines = nextBaselines(fieldCoverage(page(whole)), baselines)
  return baselines
}

describe('the watch over the layout', () => {
  it('says nothing before it has seen twenty pages, and names what is gone afterwards', () => {
    const { driver: _, ...withoutDriver } = whole
    const shares = fieldCoverage(page(withoutDriver))
    expect(droppedFields(shares, after(19))).toEqual([])
    expect(droppedFields(shares, after(20))).toEqual([
      'starter.driver in 0 % of 24 rows, usually in 100 %',
    ])
    expect(droppedFields(fieldCoverage(page(whole)), after(20))).toEqual([])
  })

  it('does not count what only a result brings in races that are still to be run', () => {
    const { finishRaw: _, timeMs: __, ...card } = whole
    const evening = page(card)
    const toRun = { races: evening.races.map(({ status: _status, ...race }) => race) }
    const shares = fieldCoverage(toRun as unknown as MeetingObservation)
    expect(droppedFields(shares, after(30))).toEqual([])
    expect(droppedFields(fieldCoverage(evening), after(30))).toHaveLength(2)
  })

  it('says nothing of a page with few rows, and of a field that comes and goes', () => {
    expect(droppedFields(fieldCoverage(page({}, 1)), after(30))).toEqual([])
    const rare: FieldBaseline[] = [{ field: 'starter.driver', share: 500, pages: 50 }]
    expect(droppedFields(fieldCoverage(page({})), rare)).toEqual([])
  })

  it('forgets slowly: a site that fills a field less and less is followed', () => {
    let baselines = after(60)
    const half = [{ field: 'starter.driver', share: 600, of: 24 }]
    for (let read = 0; read < 100; read++) baselines = nextBaselines(half, baselines)
    expect(baselines[0]?.share).toBeLessThan(700)
    expect(baselines[0]?.pages).toBe(50)
  })
})
