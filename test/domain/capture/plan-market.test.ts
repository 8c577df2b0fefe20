import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  planMarket,
  type KnownMarket,
  type MarketChanges,
  type MarketSaying,
} from '../../../src/domain/capture/plan-market.ts'
import {
  noMarket,
  type Dividend,
  type RaceMarket,
} from '../../../src/domain/capture/race-market.ts'
import type { RaceObservation } from '../../../src/domain/observation.ts'

const nothing: KnownMarket = {
  odds: [],
  dividends: [],
  pools: [],
  startTimes: [],
  scratchings: [],
  protests: [],
}
const clock = (minute: number): string =>
  new Date(1_772_775_000_000 + minute * 60_000).toISOString()

function saying(
  minute: number,
  over: { market?: Partial<RaceMarket>; race?: Partial<RaceObservation>; scratched?: boolean } = {},
): MarketSaying {
  const { market, race, scratched = false } = over
  return {
    eventId: 'e1',
    at: clock(minute),
    race: {
      key: 'tab:event:e1',
      number: 1,
      starters: [
        {
          key: 'tab:entrant:a',
          tabEntrantId: 'a',
          number: 4,
          horseName: 'Paper Lantern',
          scratched,
          ...(scratched ? { scratchedAt: clock(minute - 1) } : {}),
        },
      ],
      ...race,
    },
    market: { ...noMarket, ...market },
  }
}

const prices = (fixedWin: number | null) => ({
  entrantId: 'a',
  fixedWin,
  fixedPlace: null,
  poolWin: null,
  poolPlace: null,
})
const priced = (minute: number, win: number | null): MarketSaying =>
  saying(minute, { market: { odds: [prices(win)] } })

/** What is on record once the changes are written, as the repository writes them. */
function applied(known: KnownMarket, changes: MarketChanges): KnownMarket {
  const by = <Row>(before: readonly Row[], rows: readonly Row[], key: (row: Row) => string) => [
    ...new Map([...before, ...rows].map((row) => [key(row), row])).values(),
  ]
  const replaced = new Set(changes.replaceDividends.map((row) => `${row.eventId} ${row.status}`))
  return {
    odds: by(known.odds, changes.odds, (row) => `${row.entrantId} ${row.firstSeen}`),
    dividends: [
      ...known.dividends.filter((row) => !replaced.has(`${row.eventId} ${row.status}`)),
      ...changes.dividends,
    ],
    pools: by(known.pools, changes.pools, (row) => `${row.eventId} ${row.product}`),
    startTimes: by(known.startTimes, changes.startTimes, (row) => `${row.eventId} ${row.seenAt}`),
    scratchings: by(known.scratchings, changes.scratchings, (row) => row.entrantId),
    protests: by(known.protests, changes.protests, (row) => `${row.eventId} ${row.seenAt}`),
  }
}

const after = (...sayings: MarketSaying[]): KnownMarket =>
  sayings.reduce((known, said) => applied(known, planMarket(known, [said])), nothing)

describe('planMarket', () => {
  it('keeps each price once, and the same again only moves its end', () => {
    const known = after(priced(0, 250), priced(1, 250), priced(2, 240), priced(3, 250))
    expect(known.odds).toEqual([
      { ...prices(250), firstSeen: clock(0), lastSeen: clock(1) },
      { ...prices(240), firstSeen: clock(2), lastSeen: clock(2) },
      { ...prices(250), firstSeen: clock(3), lastSeen: clock(3) },
    ])
  })

  it('begins with the first price, and a price that is withdrawn is a change', () => {
    expect(after(priced(0, null)).odds).toEqual([])
    const known = after(priced(0, null), priced(1, 300), priced(2, null))
    expect(known.odds.map(({ fixedWin }) => fixedWin)).toEqual([300, null])
  })

  it('keeps interim dividends beside final ones, and lets a correction replace its own kind', () => {
    const win = (status: Dividend['status'], pays: number): Dividend => ({
      product: 'Pool Win',
      numbers: '4',
      status,
      pays,
      pool: null,
      jackpot: null,
    })
    const paid = (minute: number, ...dividends: Dividend[]): MarketSaying =>
      saying(minute, { market: { dividends } })
    const known = after(
      paid(0, win('interim', 310)),
      paid(1, win('interim', 310), win('final', 320)),
      paid(2, win('interim', 310), win('final', 330)),
      paid(3),
    )
    expect(known.dividends).toEqual([
      { ...win('interim', 310), eventId: 'e1', seenAt: clock(0) },
      { ...win('final', 330), eventId: 'e1', seenAt: clock(2) },
    ])
    const older = planMarket(known, [paid(1, win('final', 320))])
    expect(older.dividends).toEqual([])
  })

  it('keeps the history of the start, and of the protest with its verdicts', () => {
    const start = (minute: number, startTime: string): MarketSaying =>
      saying(minute, { race: { startTime, protestText: '#4 disqualified' } })
    const known = after(start(0, clock(60)), start(5, clock(60)), start(9, clock(66)))
    expect(known.startTimes).toEqual([
      { eventId: 'e1', seenAt: clock(0), startTime: clock(60) },
      { eventId: 'e1', seenAt: clock(9), startTime: clock(66) },
    ])
    expect(known.protests).toEqual([
      { eventId: 'e1', seenAt: clock(0), text: '#4 disqualified', disqualified: [4] },
    ])
  })

  it('times a scratching by the source, and remembers one that was taken back', () => {
    const known = after(saying(0), saying(5, { scratched: true }), saying(9))
    expect(known.scratchings).toEqual([
      {
        eventId: 'e1',
        entrantId: 'a',
        number: 4,
        scratchedAt: clock(4),
        seenAt: clock(5),
        withdrawnAt: clock(9),
      },
    ])
  })

  it('has nothing to add when any of the looks are read again', () => {
    const look = fc
      .record({
        win: fc.constantFrom(null, 200, 250),
        total: fc.constantFrom(100, 200),
        pays: fc.constantFrom(null, 300, 310),
        start: fc.constantFrom(60, 66),
        scratched: fc.boolean(),
      })
      .map(
        ({ win, total, pays, start, scratched }) =>
          (minute: number) =>
            saying(minute, {
              scratched,
              race: { startTime: clock(start) },
              market: {
                odds: [prices(win)],
                pools: [{ product: 'Win', status: 'open', total, isFinal: false }],
                dividends:
                  pays === null
                    ? []
                    : [
                        {
                          product: 'Pool Win',
                          numbers: '4',
                          status: 'final',
                          pays,
                          pool: null,
                          jackpot: null,
                        },
                      ],
              },
            }),
      )
    fc.assert(
      fc.property(fc.array(look, { maxLength: 12 }), fc.array(fc.nat()), (looks, picks) => {
        const sayings = looks.map((make, minute) => make(minute))
        const known = after(...sayings)
        const again = [...new Set(picks.map((pick) => pick % Math.max(1, sayings.length)))]
          .sort((a, b) => a - b)
          .flatMap((index) => sayings[index] ?? [])
        expect(applied(known, planMarket(known, again))).toEqual(known)
      }),
    )
  })
})
