import type { Dividend, PastStart, Pool, RaceMarket } from '../../domain/capture/race-market.ts'
import { isPlainDate } from '../../domain/dates.ts'
import type { RaceObservation } from '../../domain/observation.ts'
import type { TabDividend, TabEvent, TabPool, TabRunner } from './payload-schema.ts'
import { centsOf, countOf, textOf } from './plain-values.ts'

/** Prices, pools, dividends and form of an event, for the starters that the race has kept. */
export function decodeMarket(event: TabEvent, race: RaceObservation): RaceMarket {
  const runners = event.runners ?? []
  const byEntrant = new Map(runners.map((runner) => [runner.entrant_id.toLowerCase(), runner]))
  const starters = race.starters.flatMap((starter) => {
    const entrantId = starter.tabEntrantId ?? ''
    const runner = byEntrant.get(entrantId)
    return runner === undefined ? [] : [{ entrantId, runner, horse: starter.identifiers?.[0] }]
  })
  return {
    odds: starters.map(({ entrantId, runner: { odds } }) => ({
      entrantId,
      fixedWin: price(odds?.fixed_win),
      fixedPlace: price(odds?.fixed_place),
      poolWin: price(odds?.pool_win),
      poolPlace: price(odds?.pool_place),
    })),
    dividends: withoutTwins((event.dividends ?? []).flatMap(dividendOf)),
    pools: [
      ...new Map((event.tote_pools ?? []).flatMap(poolOf).map((pool) => [pool.product, pool])),
    ].map(([, pool]) => pool),
    pastStarts: starters.flatMap(({ runner, horse }) =>
      horse === undefined ? [] : pastStartsOf(runner, { scheme: horse.scheme, horse: horse.value }),
    ),
  }
}

function dividendOf(row: TabDividend): Dividend[] {
  const product = textOf(row.product_name, 60)
  const pays = centsOf(row.dividend)
  const status = row.status?.toLowerCase()
  if (product === undefined || pays === undefined) return []
  if (status !== 'interim' && status !== 'final') return []
  return [
    {
      product,
      numbers: textOf(row.description, 60) ?? '',
      status,
      pays,
      pool: centsOf(row.pool_size) ?? null,
      jackpot: centsOf(row.jackpot_size) ?? null,
    },
  ]
}

/** Rows repeat at times; of a dead heat each pays under its own numbers. */
function withoutTwins(rows: readonly Dividend[]): Dividend[] {
  return [
    ...new Map(rows.map((row) => [`${row.product}\t${row.numbers}\t${row.status}`, row])),
  ].map(([, row]) => row)
}

function poolOf(row: TabPool | null): Pool[] {
  const product = textOf(row?.product_type, 60)
  if (row === null || product === undefined) return []
  const status = textOf(row.status, 20)?.toLowerCase() ?? null
  return [{ product, status, total: centsOf(row.total) ?? null, isFinal: row.is_final === true }]
}

/** A horse starts once a day; what has no date cannot be told from another start. */
function pastStartsOf(runner: TabRunner, horse: Pick<PastStart, 'scheme' | 'horse'>): PastStart[] {
  return (runner.last_starts ?? []).slice(0, mostPastStarts).flatMap((row) => {
    if (row === null) return []
    const [day = '', month = '', year = ''] = (textOf(row.date, 10) ?? '').split('/')
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    if (!isPlainDate(date)) return []
    return [
      {
        ...horse,
        date,
        track: textOf(row.track, 40) ?? null,
        distanceM: wholeOf(row.distance, 10_000),
        finish: textOf(row.finish, 20) ?? null,
        fieldSize: wholeOf(row.number_of_runners, 99),
        margin: textOf(row.margin, 40) ?? null,
        time: textOf(row.time_ran, 20) ?? null,
        driver: textOf(row.jockey, 120) ?? null,
        classText: textOf(row.class, 120) ?? null,
        price: textOf(row.starting_price, 20) ?? null,
        stewards: textOf(row.stipes, 500) ?? null,
      },
    ]
  })
}

/** 32 is the most that was seen. */
const mostPastStarts = 60

/** What one dollar pays, in cents; 0 is TAB's word for no price. */
function price(dollars: number | null | undefined): number | null {
  const cents = dollars === null || dollars === undefined ? undefined : centsOf(dollars)
  return cents === undefined || cents > 100_000_000 ? null : cents
}

function wholeOf(text: string | null | undefined, largest: number): number | null {
  return countOf(Number(text ?? ''), largest) ?? null
}
