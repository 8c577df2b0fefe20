import { sql } from 'kysely'
import { groupBy } from '../../domain/group-by.ts'
import type {
  ArchiveCut,
  ArchiveEntry,
  ArchivingRepository,
  MovablePrice,
  MovableRows,
  PackedDocument,
} from '../../repositories/archiving.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, type Executor } from '../row-writer.ts'

export class KyselyArchivingRepository implements ArchivingRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async archives(): Promise<ArchiveEntry[]> {
    const rows = await this.#db.selectFrom('archives').selectAll().orderBy('id').execute()
    return rows.map(({ id, file, key, has_prices: prices }) => ({
      id,
      file,
      key,
      hasPrices: prices === 1,
    }))
  }

  async register(archive: { file: string; key: string; at: string }): Promise<number> {
    const { id } = await this.#db
      .insertInto('archives')
      .values({
        file: archive.file,
        key: archive.key,
        has_prices: 0,
        made_at: instant(archive.at),
      })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ file: archive.file }))
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  async oldestInPlace(): Promise<string | null> {
    const row = await this.#db
      .selectFrom('documents')
      .select('fetched_at')
      .where('source', '=', 'tab_api')
      .where('kind', '=', 'event')
      .where('archive_id', 'is', null)
      .orderBy('fetched_at')
      .limit(1)
      .executeTakeFirst()
    return row?.fetched_at ?? null
  }

  async movable(cut: ArchiveCut): Promise<MovableRows> {
    const { rows: documents } = await sql<{ count: number; bytes: number | null }>`
      select count(*) as count, sum(length(d.body)) as bytes from documents d
      where ${movable('d', cut)} and ${toldByNoneThatStays(cut)}`.execute(this.#db)
    const { rows: old } = await sql<{ count: number }>`
      select count(*) as count from documents d where ${isOld('d', cut)}`.execute(this.#db)
    const { rows: prices } = await sql<{ count: number }>`
      select count(*) as count from odds_snapshots o where ${isPast(cut)}`.execute(this.#db)
    const count = Number(documents[0]?.count ?? 0)
    return {
      documents: count,
      bytes: Number(documents[0]?.bytes ?? 0),
      prices: Number(prices[0]?.count ?? 0),
      open: Number(old[0]?.count ?? 0) - count,
    }
  }

  async nextDocuments(cut: ArchiveCut, after: number): Promise<PackedDocument[]> {
    const { rows: sizes } = await sql<{ id: number; bytes: number }>`
      select d.id, length(d.body) as bytes from documents d
      where d.id > ${after} and ${movable('d', cut)} and ${toldByNoneThatStays(cut)}
      order by d.id limit ${documentsAtOnce}`.execute(this.#db)
    let bytes = 0
    const ids = sizes
      .filter((row, index) => (bytes += Number(row.bytes)) <= bytesAtOnce || index === 0)
      .map(({ id }) => Number(id))
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('documents as d')
        .leftJoin('documents as base', 'base.id', 'd.base_id')
        .select(['d.id', 'd.source', 'd.kind', 'd.url', 'd.hash', 'd.content_type'])
        .select(['d.racing_date', 'd.label', 'd.size', 'd.fetched_at', 'd.body'])
        .select('base.hash as base_hash')
        .where('d.id', 'in', chunk)
        .orderBy('d.id')
        .execute(),
    )
    return rows.flatMap(({ body, ...row }) =>
      body === null
        ? []
        : [
            {
              id: row.id,
              source: row.source,
              kind: row.kind,
              url: row.url,
              hash: row.hash,
              contentType: row.content_type,
              date: row.racing_date,
              label: row.label,
              size: row.size,
              fetchedAt: row.fetched_at,
              body,
              baseHash: row.base_hash,
            },
          ],
    )
  }

  async nextPrices(cut: ArchiveCut, after: number): Promise<MovablePrice[]> {
    const { rows } = await sql<{ entrant: number }>`
      select distinct o.entrant from odds_snapshots o
      where o.entrant > ${after} and ${isPast(cut)}
      order by o.entrant limit ${entrantsAtOnce}`.execute(this.#db)
    return await this.#pricesOf(
      rows.map(({ entrant }) => Number(entrant)),
      cut,
    )
  }

  async releaseDocuments(ids: readonly number[], archiveId: number): Promise<void> {
    await forChunks(ids, (chunk) =>
      this.#db
        .updateTable('documents')
        .set({ body: null, archive_id: archiveId })
        .where('id', 'in', chunk)
        .where('archive_id', 'is', null)
        .execute(),
    )
  }

  async releasePrices(
    prices: readonly MovablePrice[],
    cut: ArchiveCut,
    archiveId: number,
  ): Promise<number> {
    const given = groupBy(prices, ({ entrant }) => entrant)
    const now = groupBy(await this.#pricesOf([...given.keys()], cut), ({ entrant }) => entrant)
    // What another process wrote meanwhile is not in the archive.
    const same = [...given].filter(
      ([entrant, rows]) => JSON.stringify(now.get(entrant)) === JSON.stringify(rows),
    )
    await forChunks(
      same.map(([entrant]) => entrant),
      (chunk) =>
        sql`delete from odds_snapshots as o
          where o.entrant in (${sql.join(chunk)}) and ${isPast(cut)}`.execute(this.#db),
    )
    if (same.length > 0)
      await this.#db
        .updateTable('archives')
        .set({ has_prices: 1 })
        .where('id', '=', archiveId)
        .where('has_prices', '=', 0)
        .execute()
    return same.reduce((sum, [, rows]) => sum + rows.length, 0)
  }

  async #pricesOf(entrants: readonly number[], cut: ArchiveCut): Promise<MovablePrice[]> {
    const rows = await inChunks(entrants, (chunk) =>
      this.#db
        .selectFrom('odds_snapshots as o')
        .innerJoin('tab_entrants as e', 'e.id', 'o.entrant')
        .selectAll('o')
        .select(['e.tab_entrant_id', 'e.tab_event_id', 'e.number'])
        .where('o.entrant', 'in', chunk)
        .where(isPast(cut))
        .orderBy('o.entrant')
        .orderBy('o.first_seen')
        .execute(),
    )
    return rows.map((row) => ({
      entrant: row.entrant,
      entrantId: row.tab_entrant_id,
      eventId: row.tab_event_id,
      number: row.number,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      fixedWin: row.fixed_win_cents,
      fixedPlace: row.fixed_place_cents,
      poolWin: row.pool_win_cents,
      poolPlace: row.pool_place_cents,
    }))
  }
}

/** Small enough that no other writer waits long. */
const documentsAtOnce = 200
const bytesAtOnce = 4_000_000
const entrantsAtOnce = 300

function isOld(name: 'd' | 'x', { date, instant: at }: ArchiveCut) {
  const row = sql.raw(name)
  return sql<boolean>`${row}.archive_id is null and (${row}.racing_date < ${date}
    or (${row}.racing_date is null and ${row}.last_seen_at < ${at}))`
}

/** Pages without a date are lists, which are asked for again with what is on record of them. */
function movable(name: 'd' | 'x', cut: ArchiveCut) {
  const row = sql.raw(name)
  return sql<boolean>`${isOld(name, cut)} and not exists (select 1 from pages p
    where p.source = ${row}.source and p.url = ${row}.url
      and (p.state in ('due', 'failed') or p.racing_date is null))`
}

/** What stays must be readable without the archive. */
function toldByNoneThatStays(cut: ArchiveCut) {
  return sql<boolean>`not exists (select 1 from documents x
    where x.base_id = d.id and x.archive_id is null and not (${movable('x', cut)}))`
}

/** Seen before the date, and followed by another price: the last one of each entrant stays. */
function isPast({ instant: at }: ArchiveCut) {
  return sql<boolean>`o.last_seen < ${at} and exists (select 1 from odds_snapshots later
    where later.entrant = o.entrant and later.first_seen > o.first_seen)`
}
