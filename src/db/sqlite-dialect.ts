import type BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely'
import { retryBusy } from './retry-busy.ts'
import type { UnitGuard } from './unit-guard.ts'

type Raw = BetterSqlite3.Database

/** kysely's SQLite with transactions that wait for other processes instead of failing. */
export class WaitingSqliteDialect extends SqliteDialect {
  readonly #database: StatementCache
  readonly #guard: UnitGuard
  readonly #signal: AbortSignal | undefined

  constructor(raw: Raw, guard: UnitGuard, signal: AbortSignal | undefined) {
    const database = new StatementCache(raw)
    super({ database })
    this.#database = database
    this.#guard = guard
    this.#signal = signal
  }

  override createDriver(): Driver {
    return new WaitingSqliteDriver(this.#database, this.#guard, this.#signal)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter()
  }
}

/** SQLite changes tables within transactions as well as rows, so a migration is whole or not there. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class WaitingSqliteDriver extends SqliteDriver {
  readonly #database: StatementCache
  readonly #guard: UnitGuard
  readonly #signal: AbortSignal | undefined

  constructor(database: StatementCache, guard: UnitGuard, signal: AbortSignal | undefined) {
    super({ database })
    this.#database = database
    this.#guard = guard
    this.#signal = signal
  }

  override acquireConnection(): Promise<DatabaseConnection> {
    this.#guard.check()
    return super.acquireConnection()
  }

  /**
   * Plain `begin` takes the write lock at the first write; when another process wrote since the
   * first read, that fails at once (SQLITE_BUSY_SNAPSHOT) whatever the timeout.
   */
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await retryBusy(
      () => connection.executeQuery(CompiledQuery.raw(begin)),
      isSqliteBusy,
      this.#signal,
    )
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk ends the transaction by itself; a second rollback would hide that error.
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

export function isSqliteBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(code)
}

/** Prepared statements by their text. Long texts come in too many lengths to be worth keeping. */
class StatementCache implements SqliteDatabase {
  readonly #raw: Raw
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(raw: Raw) {
    this.#raw = raw
  }

  get inTransaction(): boolean {
    return this.#raw.inTransaction
  }

  prepare(text: string): SqliteStatement {
    const cached = this.#statements.get(text)
    if (cached !== undefined) return cached
    const statement = this.#raw.prepare(text) as unknown as SqliteStatement
    if (text.length <= maxCachedLength) {
      if (this.#statements.size >= maxCached) this.#statements.clear()
      this.#statements.set(text, statement)
    }
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#raw.close()
  }
}

const maxCached = 300
const maxCachedLength = 4_000
