import type {
  KnownDividend,
  KnownMarket,
  KnownPool,
  MarketChanges,
  OddsSnapshot,
  ProtestText,
  Scratching,
  StartTimeChange,
} from '../../domain/capture/plan-market.ts'
import type { PastStart } from '../../domain/capture/race-market.ts'
import type { MarketRepository } from '../../repositories/market.ts'
import type { ArchiveFiles } from '../archive-files.ts'
import { instant, instantOrNull } from '../instants.ts'
import { inChunks, rowWriter, type Executor } from '../row-writer.ts'

export class KyselyMarketRepository implements MarketRepository {
  readonly #db: Executor
  readonly #files: ArchiveFiles

  constructor(db: Executor, files: ArchiveFiles) {
    this.#db = db
    this.#files = files
  }

  async load(
    eventIds: readonly string[],
    options: { readonly history: boolean },
  ): Promise<KnownMarket> {
    const ofEvents = <Row>(query: (ids: string[]) => Promise<Row[]>): Promise<Row[]> =>
      inChunks(eventIds, query)
    const db = this.#db
    const odds = await ofEvents((ids) => {
      const query = db
        .selectFrom('tab_entrants as e')
        .innerJoin('odds_snapshots as o', 'o.entrant', 'e.id')
        .selectAll('o')
        .select('e.tab_entrant_id')
        .where('e.tab_event_id', 'in', ids)
      if (options.history) return query.execute()
      return query
        .where('o.first_seen', '=', (eb) =>
          eb
            .selectFrom('odds_snapshots as newer')
            .select(({ fn }) => fn.max('newer.first_seen').as('first_seen'))
            .whereRef('newer.entrant', '=', 'e.id'),
        )
        .execute()
    })
    const dividends = await ofEvents((ids) =>
      db.selectFrom('dividends').selectAll().where('tab_event_id', 'in', ids).execute(),
    )
    const pools = await ofEvents((ids) =>
      db.selectFrom('pools').selectAll().where('tab_event_id', 'in', ids).execute(),
    )
    const startTimes = await ofEvents((ids) =>
      db.selectFrom('start_time_changes').selectAll().where('tab_event_id', 'in', ids).execute(),
    )
    const scratchings = await ofEvents((ids) =>
      db.selectFrom('scratchings').selectAll().where('tab_event_id', 'in', ids).execute(),
    )
    const protests = await ofEvents((ids) =>
      db.selectFrom('protests').selectAll().where('tab_event_id', 'in', ids).execute(),
    )
    const inPlace = odds.map((row) => ({
      entrantId: row.tab_entrant_id,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      fixedWin: row.fixed_win_cents,
      fixedPlace: row.fixed_place_cents,
      poolWin: row.pool_win_cents,
      poolPlace: row.pool_place_cents,
    }))
    return {
      odds: options.history ? await this.#withArchived(eventIds, inPlace) : inPlace,
      dividends: dividends.map((row) => ({
        eventId: row.tab_event_id,
        status: row.status,
        product: row.product,
        numbers: row.numbers,
        pays: row.pays_cents,
        pool: row.pool_cents,
        jackpot: row.jackpot_cents,
        seenAt: row.seen_at,
      })),
      pools: pools.map((row) => ({
        eventId: row.tab_event_id,
        product: row.product,
        status: row.status,
        total: row.total_cents,
        isFinal: row.is_final === 1,
        seenAt: row.seen_at,
      })),
      startTimes: startTimes.map((row) => ({
        eventId: row.tab_event_id,
        seenAt: row.seen_at,
        startTime: row.start_time,
      })),
      scratchings: scratchings.map((row) => ({
        eventId: row.tab_event_id,
        entrantId: row.tab_entrant_id,
        number: row.number,
        scratchedAt: row.scratched_at,
        seenAt: row.seen_at,
        withdrawnAt: row.withdrawn_at,
      })),
      protests: protests.map((row) => ({
        eventId: row.tab_event_id,
        seenAt: row.seen_at,
        text: row.text,
        disqualified: row.disqualified.split(',').filter(Boolean).map(Number),
      })),
    }
  }

  async #withArchived(
    eventIds: readonly string[],
    inPlace: readonly OddsSnapshot[],
  ): Promise<OddsSnapshot[]> {
    const archives = await this.#db
      .selectFrom('archives')
      .select(['file', 'key'])
      .where('has_prices', '=', 1)
      .execute()
    // A price in both places was written again since: the database has the say.
    const prices = new Map<string, OddsSnapshot>()
    for (const archive of archives)
      for (const row of this.#files.reader(archive).prices(eventIds))
        prices.set(`${row.entrantId} ${row.firstSeen}`, row)
    for (const row of inPlace) prices.set(`${row.entrantId} ${row.firstSeen}`, row)
    return [...prices.values()]
  }

  async apply(changes: MarketChanges): Promise<void> {
    await this.#applyOdds(changes)
    const sets = changes.replaceDividends
    for (const status of ['interim', 'final'] as const) {
      const events = sets.filter((set) => set.status === status).map(({ eventId }) => eventId)
      if (events.length === 0) continue
      await this.#db
        .deleteFrom('dividends')
        .where('status', '=', status)
        .where('tab_event_id', 'in', events)
        .execute()
    }
    await writeDividends(this.#db, changes.dividends)
    await writePools(this.#db, changes.pools)
    await writeStartTimes(this.#db, changes.startTimes)
    await writeScratchings(this.#db, changes.scratchings)
    await writeProtests(this.#db, changes.protests)
    await writePastStarts(this.#db, changes.pastStarts)
  }

  async #applyOdds({ odds, entrants }: MarketChanges): Promise<void> {
    if (odds.length === 0) return
    const wanted = new Set(odds.map(({ entrantId }) => entrantId))
    const known = await this.#entrantIds(wanted)
    const unknown = entrants.filter(
      ({ entrantId }) => wanted.has(entrantId) && !known.has(entrantId),
    )
    if (unknown.length > 0) {
      await writeEntrants(this.#db, unknown)
      const added = await this.#entrantIds(unknown.map(({ entrantId }) => entrantId))
      for (const [entrantId, id] of added) known.set(entrantId, id)
    }
    await writeOdds(
      this.#db,
      odds.flatMap((row) => {
        const entrant = known.get(row.entrantId)
        return entrant === undefined ? [] : [{ ...row, entrant }]
      }),
    )
  }

  async #entrantIds(entrantIds: Iterable<string>): Promise<Map<string, number>> {
    const rows = await inChunks(entrantIds, (ids) =>
      this.#db
        .selectFrom('tab_entrants')
        .select(['id', 'tab_entrant_id'])
        .where('tab_entrant_id', 'in', ids)
        .execute(),
    )
    return new Map(rows.map((row) => [row.tab_entrant_id, row.id]))
  }
}

const writeEntrants = rowWriter<'tab_entrants', MarketChanges['entrants'][number]>({
  table: 'tab_entrants',
  key: ['tab_entrant_id'],
  values: {
    tab_entrant_id: ({ entrantId }) => entrantId,
    tab_event_id: ({ eventId }) => eventId,
    number: ({ number }) => number,
  },
})

const writeOdds = rowWriter<'odds_snapshots', OddsSnapshot & { readonly entrant: number }>({
  table: 'odds_snapshots',
  key: ['entrant', 'first_seen'],
  values: {
    entrant: ({ entrant }) => entrant,
    first_seen: ({ firstSeen }) => instant(firstSeen),
    last_seen: ({ lastSeen }) => instant(lastSeen),
    fixed_win_cents: ({ fixedWin }) => fixedWin,
    fixed_place_cents: ({ fixedPlace }) => fixedPlace,
    pool_win_cents: ({ poolWin }) => poolWin,
    pool_place_cents: ({ poolPlace }) => poolPlace,
  },
})

const writeDividends = rowWriter<'dividends', KnownDividend>({
  table: 'dividends',
  key: ['tab_event_id', 'status', 'product', 'numbers'],
  values: {
    tab_event_id: ({ eventId }) => eventId,
    status: ({ status }) => status,
    product: ({ product }) => product,
    numbers: ({ numbers }) => numbers,
    pays_cents: ({ pays }) => pays,
    pool_cents: ({ pool }) => pool,
    jackpot_cents: ({ jackpot }) => jackpot,
    seen_at: ({ seenAt }) => instant(seenAt),
  },
})

const writePools = rowWriter<'pools', KnownPool>({
  table: 'pools',
  key: ['tab_event_id', 'product'],
  values: {
    tab_event_id: ({ eventId }) => eventId,
    product: ({ product }) => product,
    status: ({ status }) => status,
    total_cents: ({ total }) => total,
    is_final: ({ isFinal }) => (isFinal ? 1 : 0),
    seen_at: ({ seenAt }) => instant(seenAt),
  },
})

const writeStartTimes = rowWriter<'start_time_changes', StartTimeChange>({
  table: 'start_time_changes',
  key: ['tab_event_id', 'seen_at'],
  values: {
    tab_event_id: ({ eventId }) => eventId,
    seen_at: ({ seenAt }) => instant(seenAt),
    start_time: ({ startTime }) => instant(startTime),
  },
})

const writeScratchings = rowWriter<'scratchings', Scratching>({
  table: 'scratchings',
  key: ['tab_entrant_id'],
  values: {
    tab_entrant_id: ({ entrantId }) => entrantId,
    tab_event_id: ({ eventId }) => eventId,
    number: ({ number }) => number,
    scratched_at: ({ scratchedAt }) => instantOrNull(scratchedAt),
    seen_at: ({ seenAt }) => instant(seenAt),
    withdrawn_at: ({ withdrawnAt }) => instantOrNull(withdrawnAt),
  },
})

const writeProtests = rowWriter<'protests', ProtestText>({
  table: 'protests',
  key: ['tab_event_id', 'seen_at'],
  values: {
    tab_event_id: ({ eventId }) => eventId,
    seen_at: ({ seenAt }) => instant(seenAt),
    text: ({ text }) => text,
    disqualified: ({ disqualified }) => disqualified.join(','),
  },
})

/** The form comes again with every card; what was said first stays. */
const writePastStarts = rowWriter<'past_starts', PastStart>({
  table: 'past_starts',
  key: ['horse_scheme', 'horse_number', 'racing_date'],
  ignoreExisting: true,
  values: {
    horse_scheme: ({ scheme }) => scheme,
    horse_number: ({ horse }) => horse,
    racing_date: ({ date }) => date,
    track: ({ track }) => track,
    distance_m: ({ distanceM }) => distanceM,
    finish: ({ finish }) => finish,
    field_size: ({ fieldSize }) => fieldSize,
    margin: ({ margin }) => margin,
    time_text: ({ time }) => time,
    driver: ({ driver }) => driver,
    class_text: ({ classText }) => classText,
    price: ({ price }) => price,
    stewards: ({ stewards }) => stewards,
  },
})
