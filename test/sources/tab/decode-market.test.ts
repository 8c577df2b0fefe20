import { describe, expect, test } from 'vitest'
import { decodeEvent } from '../../../src/sources/tab/decode-event.ts'
import { bytes, eventBody, ids, runner, type Json } from './invented-payloads.ts'

function market(over: { runners?: unknown; dividends?: unknown; pools?: unknown } = {}) {
  const { pools, ...rest } = over
  const body = eventBody(rest)
  const data = body['data'] as Json
  const event = decodeEvent(bytes({ ...body, data: { ...data, tote_pools: pools } }))
  if (event.kind !== 'race') throw new Error('no race')
  return event.market
}

describe('prices', () => {
  test('are what one dollar pays, in cents; 0 is no price', () => {
    const odds = { fixed_win: 1.75, fixed_place: 0, pool_win: '4.7', pool_place: null }
    expect(market({ runners: [runner(1, { odds }), runner(2, { odds: null })] }).odds).toEqual([
      {
        entrantId: ids.entrant(1),
        fixedWin: 175,
        fixedPlace: null,
        poolWin: 470,
        poolPlace: null,
      },
      {
        entrantId: ids.entrant(2),
        fixedWin: null,
        fixedPlace: null,
        poolWin: null,
        poolPlace: null,
      },
    ])
  })
})

describe('dividends and pools', () => {
  const row = (over: Json): Json => ({
    product_name: 'Pool Win',
    status: 'Final',
    dividend: 3.4,
    pool_size: 1715.22,
    jackpot_size: 0,
    description: '7',
    ...over,
  })

  test('of Interim and Final stand apart, each once; what pays nothing is none', () => {
    const found = market({
      dividends: [row({ status: 'Interim' }), row({}), row({}), row({ dividend: 0 })],
    }).dividends
    expect(found).toEqual([
      {
        product: 'Pool Win',
        numbers: '7',
        status: 'interim',
        pays: 340,
        pool: 171_522,
        jackpot: null,
      },
      {
        product: 'Pool Win',
        numbers: '7',
        status: 'final',
        pays: 340,
        pool: 171_522,
        jackpot: null,
      },
    ])
  })

  test('a pool keeps its total; odd rows are passed over', () => {
    const pools = [
      { product_type: 'FirstFour', total: 228.9, status: 'OPEN', is_final: false },
      'odd',
      { total: 1 },
    ]
    expect(market({ pools }).pools).toEqual([
      { product: 'FirstFour', status: 'open', total: 22_890, isFinal: false },
    ])
    expect(market({ pools: null }).pools).toEqual([])
  })
})

describe('past starts', () => {
  const start = {
    date: '29/12/2024',
    track: 'KERE',
    distance: '2060',
    finish: '6',
    number_of_runners: '12',
    margin: '8.30',
    time_ran: '2:44.10',
    jockey: 'R Fernhill',
    class: 'Rating 50',
    starting_price: '25.00',
    stipes: '',
  }

  test('are kept under the number of the horse', () => {
    const rows = [start, { ...start, date: '31/02/2024' }, null, 7, { date: '1/2/2024' }]
    const found = market({ runners: [runner(1, { last_starts: rows })] }).pastStarts
    expect(found.map(({ date }) => date)).toEqual(['2024-12-29', '2024-02-01'])
    expect(found[0]).toEqual({
      scheme: 'tab_horse:nz',
      horse: '400001',
      date: '2024-12-29',
      track: 'KERE',
      distanceM: 2060,
      finish: '6',
      fieldSize: 12,
      margin: '8.30',
      time: '2:44.10',
      driver: 'R Fernhill',
      classText: 'Rating 50',
      price: '25.00',
      stewards: null,
    })
  })

  test('are bounded, and a horse without a number has none', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({
      ...start,
      date: `${String((i % 28) + 1).padStart(2, '0')}/${String((i % 12) + 1).padStart(2, '0')}/2024`,
    }))
    expect(market({ runners: [runner(1, { last_starts: many })] }).pastStarts.length).toBe(60)
    const nameless = runner(1, { last_starts: [start], horse_id: null })
    expect(market({ runners: [nameless] }).pastStarts).toEqual([])
  })
})
