import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import type { OddsSnapshot } from '../domain/capture/plan-market.ts'
import { DatabaseError } from '../errors.ts'
import type { MovablePrice, PackedDocument } from '../repositories/archiving.ts'
import { SqliteDatabase } from './sqlite-library.ts'

/** `hara`: what `file` shows, and what tells an archive from any other SQLite file. */
const applicationId = 0x68617261

/**
 * A second SQLite file with bodies and prices that were moved out of a database. It is known by
 * addresses, hashes and TAB's ids, not by ids of the database: it outlives a copy, a restore and
 * the database itself.
 */
export class ArchiveFile {
  readonly file: string
  readonly key: string
  readonly #raw: BetterSqlite3.Database

  private constructor(file: string, raw: BetterSqlite3.Database, key: string) {
    this.file = file
    this.#raw = raw
    this.key = key
  }

  static openForReading(file: string): ArchiveFile {
    if (!existsSync(file))
      throw new DatabaseError(`there is no file ${file}`, {
        code: 'missing',
        hint: 'check its name',
      })
    rollBackWhatWasKilled(file)
    const raw = new SqliteDatabase(file, { readonly: true, fileMustExist: true, timeout: 5_000 })
    return ArchiveFile.#known(file, raw)
  }

  /** Makes the file if it is not there. */
  static openForWriting(file: string): ArchiveFile {
    if (!existsSync(dirname(file)))
      throw new DatabaseError(`the folder ${dirname(file)} does not exist`, {
        code: 'missing-folder',
        hint: 'create it, or choose another place for the archive',
      })
    const raw = new SqliteDatabase(file, { timeout: 5_000 })
    try {
      // One file at rest, which can be moved, and on the disk before the database lets go of it.
      raw.pragma('synchronous = extra')
      if (isEmpty(raw)) raw.transaction(() => make(raw)).immediate()
    } catch (error) {
      raw.close()
      throw error
    }
    return ArchiveFile.#known(file, raw)
  }

  static #known(file: string, raw: BetterSqlite3.Database): ArchiveFile {
    try {
      if (raw.pragma('application_id', { simple: true }) !== applicationId)
        throw new DatabaseError(`${file} is not an archive of harness`, {
          code: 'not-an-archive',
          hint: 'name another file with --to',
        })
      const key = raw.prepare('select key from archive').pluck().get() as string
      return new ArchiveFile(file, raw, key)
    } catch (error) {
      raw.close()
      throw error
    }
  }

  /** What is there already stays: bytes of one address and hash are the same bytes. */
  addDocuments(documents: readonly PackedDocument[]): void {
    const insert = this.#raw.prepare(
      `insert into documents (url, hash, source, kind, content_type, racing_date, label, size,
        fetched_at, body, base_hash)
      values (@url, @hash, @source, @kind, @contentType, @date, @label, @size,
        @fetchedAt, @body, @baseHash) on conflict (url, hash) do nothing`,
    )
    this.#raw
      .transaction(() => {
        for (const document of documents) insert.run(document)
      })
      .immediate()
  }

  document(url: string, hash: string): { body: Uint8Array; baseHash: string | null } | undefined {
    return this.#raw
      .prepare('select body, base_hash as baseHash from documents where url = ? and hash = ?')
      .get(url, hash) as { body: Uint8Array; baseHash: string | null } | undefined
  }

  addPrices(prices: readonly MovablePrice[]): void {
    const entrant = this.#raw.prepare(
      `insert into tab_entrants (tab_entrant_id, tab_event_id, number)
      values (@entrantId, @eventId, @number) on conflict (tab_entrant_id) do nothing`,
    )
    // A price that came again was seen for longer.
    const price = this.#raw.prepare(
      `insert into odds_snapshots (entrant, first_seen, last_seen, fixed_win_cents,
        fixed_place_cents, pool_win_cents, pool_place_cents)
      select id, @firstSeen, @lastSeen, @fixedWin, @fixedPlace, @poolWin, @poolPlace
      from tab_entrants where tab_entrant_id = @entrantId
      on conflict (entrant, first_seen) do update set
        last_seen = max(last_seen, excluded.last_seen),
        fixed_win_cents = excluded.fixed_win_cents, fixed_place_cents = excluded.fixed_place_cents,
        pool_win_cents = excluded.pool_win_cents, pool_place_cents = excluded.pool_place_cents`,
    )
    this.#raw
      .transaction(() => {
        for (const row of prices) {
          entrant.run(row)
          price.run(row)
        }
      })
      .immediate()
  }

  /** All prices of events, as they were before they were moved. */
  prices(eventIds: readonly string[]): OddsSnapshot[] {
    return this.#raw
      .prepare(
        `select e.tab_entrant_id as entrantId, o.first_seen as firstSeen, o.last_seen as lastSeen,
          o.fixed_win_cents as fixedWin, o.fixed_place_cents as fixedPlace,
          o.pool_win_cents as poolWin, o.pool_place_cents as poolPlace
        from tab_entrants e join odds_snapshots o on o.entrant = e.id
        where e.tab_event_id in (select value from json_each(?))`,
      )
      .all(JSON.stringify(eventIds)) as OddsSnapshot[]
  }

  /** The first place where the file is damaged; null when it is whole. */
  damage(): string | null {
    const [line] = this.#raw.pragma('integrity_check(1)') as { integrity_check: string }[]
    return line?.integrity_check === 'ok' ? null : (line?.integrity_check ?? 'unreadable')
  }

  close(): void {
    this.#raw.close()
  }
}

/** Whoever only reads may not do it, and could not read before it is done. */
function rollBackWhatWasKilled(file: string): void {
  if (!existsSync(`${file}-journal`)) return
  const raw = new SqliteDatabase(file, { fileMustExist: true, timeout: 5_000 })
  try {
    raw.pragma('schema_version')
  } finally {
    raw.close()
  }
}

function isEmpty(raw: BetterSqlite3.Database): boolean {
  return raw.prepare('select count(*) from sqlite_master').pluck().get() === 0
}

function make(raw: BetterSqlite3.Database): void {
  // Another process may have made it while this one waited.
  if (!isEmpty(raw)) return
  raw.pragma(`application_id = ${applicationId}`)
  raw.exec(`
    create table archive (key text primary key, version integer not null) strict;
    create table documents (
      id integer primary key,
      url text not null,
      hash text not null,
      source text not null,
      kind text not null,
      content_type text,
      racing_date text,
      label text,
      size integer not null,
      fetched_at text not null,
      body blob not null,
      base_hash text,
      unique (url, hash)
    ) strict;
    create table tab_entrants (
      id integer primary key,
      tab_entrant_id text not null unique,
      tab_event_id text not null,
      number integer
    ) strict;
    create index tab_entrants_event on tab_entrants (tab_event_id);
    create table odds_snapshots (
      entrant integer not null references tab_entrants (id),
      first_seen text not null,
      last_seen text not null,
      fixed_win_cents integer,
      fixed_place_cents integer,
      pool_win_cents integer,
      pool_place_cents integer,
      primary key (entrant, first_seen)
    ) strict, without rowid;
    create view odds as
      select e.tab_event_id, e.tab_entrant_id, e.number, o.first_seen, o.last_seen,
        o.fixed_win_cents / 100.0 as fixed_win, o.fixed_place_cents / 100.0 as fixed_place,
        o.pool_win_cents / 100.0 as pool_win, o.pool_place_cents / 100.0 as pool_place
      from odds_snapshots o join tab_entrants e on e.id = o.entrant;
  `)
  raw.prepare('insert into archive (key, version) values (?, 1)').run(randomUUID())
}
