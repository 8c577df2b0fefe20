import type { RaceObservation, StarterObservation } from '../observation.ts'
import { disqualifiedNumbers } from './protest-verdicts.ts'
import type { Dividend, PastStart, Pool, Prices, RaceMarket } from './race-market.ts'

/** One look at a race, list and event together, and when it was taken. Instants are ISO 8601. */
export interface MarketSaying {
  readonly eventId: string
  readonly at: string
  /** The race as it stands with this look. */
  readonly race: RaceObservation
  /** Absent where only the list was read. */
  readonly market?: RaceMarket
}

/** Prices that stood from `firstSeen` to `lastSeen`, as far as anybody looked. */
export interface OddsSnapshot extends Prices {
  readonly entrantId: string
  readonly firstSeen: string
  readonly lastSeen: string
}
export interface KnownDividend extends Dividend {
  readonly eventId: string
  readonly seenAt: string
}
export interface KnownPool extends Pool {
  readonly eventId: string
  readonly seenAt: string
}
export interface StartTimeChange {
  readonly eventId: string
  readonly seenAt: string
  readonly startTime: string
}
export interface Scratching {
  readonly eventId: string
  readonly entrantId: string
  readonly number: number | null
  /** As TAB times it; null where it does not. */
  readonly scratchedAt: string | null
  readonly seenAt: string
  /** The runner was back on a later card. */
  readonly withdrawnAt: string | null
}
export interface ProtestText {
  readonly eventId: string
  readonly seenAt: string
  readonly text: string
  /** Book numbers that the wording disqualifies. */
  readonly disqualified: readonly number[]
}

/** What is on record of some races. `odds`: all snapshots, or the latest of each entrant. */
export interface KnownMarket {
  readonly odds: readonly OddsSnapshot[]
  readonly dividends: readonly KnownDividend[]
  readonly pools: readonly KnownPool[]
  readonly startTimes: readonly StartTimeChange[]
  readonly scratchings: readonly Scratching[]
  readonly protests: readonly ProtestText[]
}

/** Rows to add, or to put in place of those of the same key. */
export interface MarketChanges extends KnownMarket {
  /** Entrants by their race, so that prices find it. */
  readonly entrants: readonly { entrantId: string; eventId: string; number: number | null }[]
  /** Sets of dividends that the ones above replace. */
  readonly replaceDividends: readonly { eventId: string; status: Dividend['status'] }[]
  readonly pastStarts: readonly PastStart[]
}

/**
 * What these looks add to the record. Saying the same again only moves `lastSeen` on; a look that is
 * older than what is on record (the archive read again) changes nothing that a later one said.
 */
export function planMarket(known: KnownMarket, sayings: readonly MarketSaying[]): MarketChanges {
  const odds = new OddsHistory(known.odds)
  const dividends = new Map(known.dividends.map((row) => [setKey(row), [] as KnownDividend[]]))
  for (const row of known.dividends) dividends.get(setKey(row))?.push(row)
  const pools = new Map(known.pools.map((row) => [poolKey(row), row]))
  const scratchings = new Map(known.scratchings.map((row) => [row.entrantId, row]))
  const startTimes = new Sequence(known.startTimes, (a, b) => a.startTime === b.startTime)
  const protests = new Sequence(known.protests, (a, b) => a.text === b.text)
  const newSets = new Set<string>()
  const newPools = new Set<string>()
  const newScratchings = new Set<string>()
  const entrants = new Map<string, MarketChanges['entrants'][number]>()
  const pastStarts = new Map<string, PastStart>()

  for (const { eventId, at, race, market } of sayings) {
    if (race.startTime !== undefined) {
      startTimes.add({ eventId, seenAt: at, startTime: race.startTime })
    }
    if (race.protestText !== undefined) {
      const text = race.protestText
      protests.add({ eventId, seenAt: at, text, disqualified: disqualifiedNumbers(text) })
    }
    if (market === undefined) continue
    for (const starter of race.starters) {
      if (starter.tabEntrantId === undefined) continue
      const { tabEntrantId: entrantId, number = null } = starter
      entrants.set(entrantId, { entrantId, eventId, number })
      const before = scratchings.get(entrantId)
      const next = scratching(before, starter, { eventId, entrantId, at })
      if (next === undefined || next === before) continue
      scratchings.set(entrantId, next)
      newScratchings.add(entrantId)
    }
    for (const { entrantId, ...prices } of market.odds) {
      if (entrants.has(entrantId)) odds.add(entrantId, at, prices)
    }
    for (const status of ['interim', 'final'] as const) {
      const rows = market.dividends.filter((row) => row.status === status)
      const key = setKey({ eventId, status })
      const before = dividends.get(key) ?? []
      if (rows.length === 0 || before.some((row) => row.seenAt > at) || sameSet(before, rows)) {
        continue
      }
      dividends.set(
        key,
        rows.map((row) => ({ ...row, eventId, seenAt: at })),
      )
      newSets.add(key)
    }
    for (const pool of market.pools) {
      const row = { ...pool, eventId, seenAt: at }
      const before = pools.get(poolKey(row))
      if (before !== undefined && (before.seenAt >= at || samePool(before, row))) continue
      pools.set(poolKey(row), row)
      newPools.add(poolKey(row))
    }
    for (const start of market.pastStarts) {
      pastStarts.set(`${start.scheme} ${start.horse} ${start.date}`, start)
    }
  }
  const sets = [...newSets].flatMap((key) => dividends.get(key) ?? [])
  return {
    entrants: [...entrants.values()],
    odds: odds.changed(),
    dividends: sets,
    replaceDividends: [...new Map(sets.map((row) => [setKey(row), row])).values()],
    pools: [...newPools].flatMap((key) => pools.get(key) ?? []),
    startTimes: startTimes.added,
    scratchings: [...newScratchings].flatMap((key) => scratchings.get(key) ?? []),
    protests: protests.added,
    pastStarts: [...pastStarts.values()],
  }
}

/** Snapshots of each entrant in the order of time. */
class OddsHistory {
  readonly #rows = new Map<string, OddsSnapshot[]>()
  readonly #changed = new Set<OddsSnapshot>()

  constructor(known: readonly OddsSnapshot[]) {
    const sorted = [...known].sort((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1))
    for (const row of sorted) {
      const rows = this.#rows.get(row.entrantId)
      if (rows === undefined) this.#rows.set(row.entrantId, [row])
      else rows.push(row)
    }
  }

  add(entrantId: string, at: string, prices: Prices): void {
    const rows = this.#rows.get(entrantId) ?? []
    const index = rows.findLastIndex((row) => row.firstSeen <= at)
    const before = rows[index]
    if (before === undefined ? !hasPrice(prices) : samePrices(before, prices)) {
      if (before === undefined || before.lastSeen >= at) return
      this.#put(entrantId, rows.with(index, { ...before, lastSeen: at }), index, before)
      return
    }
    // Two looks at one instant: the first stays.
    if (before?.firstSeen === at) return
    const row = { entrantId, ...prices, firstSeen: at, lastSeen: at }
    this.#put(entrantId, rows.toSpliced(index + 1, 0, row), index + 1)
  }

  changed(): OddsSnapshot[] {
    return [...this.#changed]
  }

  #put(entrantId: string, rows: OddsSnapshot[], index: number, replaced?: OddsSnapshot): void {
    if (replaced !== undefined) this.#changed.delete(replaced)
    const row = rows[index]
    if (row !== undefined) this.#changed.add(row)
    this.#rows.set(entrantId, rows)
  }
}

/** What was said of each race in turn; only a change is added. */
class Sequence<Row extends { readonly eventId: string; readonly seenAt: string }> {
  readonly added: Row[] = []
  readonly #rows: Row[]
  readonly #isSame: (a: Row, b: Row) => boolean

  constructor(known: readonly Row[], isSame: (a: Row, b: Row) => boolean) {
    this.#rows = [...known]
    this.#isSame = isSame
  }

  add(row: Row): void {
    const before = this.#rows
      .filter(({ eventId, seenAt }) => eventId === row.eventId && seenAt <= row.seenAt)
      .reduce<Row | undefined>(
        (a, b) => (a === undefined || b.seenAt >= a.seenAt ? b : a),
        undefined,
      )
    if (before !== undefined && (before.seenAt === row.seenAt || this.#isSame(before, row))) return
    this.#rows.push(row)
    this.added.push(row)
  }
}

/** Undefined: there is nothing to say of this starter. */
function scratching(
  before: Scratching | undefined,
  starter: StarterObservation,
  look: { readonly eventId: string; readonly entrantId: string; readonly at: string },
): Scratching | undefined {
  const { eventId, entrantId, at } = look
  if (starter.scratched !== true) {
    if (before === undefined || before.withdrawnAt !== null || before.seenAt >= at) return before
    return { ...before, withdrawnAt: at }
  }
  const scratchedAt = starter.scratchedAt ?? null
  const fresh = { eventId, entrantId, number: starter.number ?? null, scratchedAt, seenAt: at }
  if (before === undefined) return { ...fresh, withdrawnAt: null }
  if (before.withdrawnAt !== null) {
    return before.withdrawnAt < at ? { ...fresh, withdrawnAt: null } : before
  }
  // The time as it was first given: later bodies round it or leave it out.
  return before.scratchedAt === null && scratchedAt !== null ? { ...before, scratchedAt } : before
}

const hasPrice = (prices: Prices): boolean => Object.values(prices).some((price) => price !== null)

function samePrices(a: Prices, b: Prices): boolean {
  return (
    a.fixedWin === b.fixedWin &&
    a.fixedPlace === b.fixedPlace &&
    a.poolWin === b.poolWin &&
    a.poolPlace === b.poolPlace
  )
}

function samePool(a: Pool, b: Pool): boolean {
  return a.status === b.status && a.total === b.total && a.isFinal === b.isFinal
}

function sameSet(a: readonly Dividend[], b: readonly Dividend[]): boolean {
  const words = (rows: readonly Dividend[]): string =>
    rows
      .map(({ product, numbers, pays, pool, jackpot }) =>
        [product, numbers, pays, pool, jackpot].join('\t'),
      )
      .sort()
      .join('\n')
  return a.length === b.length && words(a) === words(b)
}

const setKey = (row: { eventId: string; status: Dividend['status'] }): string =>
  `${row.eventId} ${row.status}`
const poolKey = (row: { eventId: string; product: string }): string =>
  `${row.eventId} ${row.product}`
