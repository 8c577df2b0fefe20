import {
  CompiledQuery,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import { instantFromPostgres } from './instants.ts'
import { retryBusy } from './retry-busy.ts'
import type { UnitGuard } from './unit-guard.ts'

/** All writers of the program, on whatever machine, queue on this advisory lock. */
export const writerLock = '7246001'

/** How a connection is made: types read back as SQLite hands them out. */
export function postgresClientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'harness',
    connectionTimeoutMillis: 10_000,
    // Ours comes in front, so that options in the URL win. Compiling the quality report's statement
    // takes longer than running it four times.
    options:
      `-c timezone=UTC -c datestyle=ISO -c jit=off ${noticeTheDead} ${optionsOf(url)}`.trim(),
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
  }
}

/** A machine that lost its power says no goodbye: its locks would be held for two hours. */
const noticeTheDead =
  '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3'

/** kysely's Postgres with one writer at a time, so that two workers cannot make the same meeting. */
export class SingleWriterPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig
  readonly #guard: UnitGuard
  readonly #signal: AbortSignal | undefined

  constructor(pool: pg.Pool, guard: UnitGuard, signal: AbortSignal | undefined) {
    super({ pool })
    this.#config = { pool }
    this.#guard = guard
    this.#signal = signal
  }

  override createDriver(): Driver {
    return new SingleWriterPostgresDriver(this.#config, this.#guard, this.#signal)
  }
}

class SingleWriterPostgresDriver extends PostgresDriver {
  readonly #guard: UnitGuard
  readonly #signal: AbortSignal | undefined

  constructor(config: PostgresDialectConfig, guard: UnitGuard, signal: AbortSignal | undefined) {
    super(config)
    this.#guard = guard
    this.#signal = signal
  }

  override acquireConnection(): Promise<DatabaseConnection> {
    this.#guard.check()
    return super.acquireConnection()
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    if (settings.accessMode === 'read only') return super.beginTransaction(connection, settings)
    await retryBusy(
      async () => {
        try {
          await connection.executeQuery(CompiledQuery.raw(beginWriting))
        } catch (error) {
          await connection.executeQuery(CompiledQuery.raw('rollback'))
          throw error
        }
      },
      isLockTimeout,
      this.#signal,
    )
  }
}

/**
 * One message for the three: across a network each would cost a round trip. A server whose default
 * is another isolation would show, after the wait for the lock, what was there before it.
 */
const beginWriting =
  `begin isolation level read committed; set local lock_timeout = '500ms'; ` +
  `select pg_advisory_xact_lock(${writerLock}); set local lock_timeout = '30s'`

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

function optionsOf(url: string): string {
  try {
    return new URL(url).searchParams.get('options') ?? ''
  } catch {
    // Not for us to report: the driver names what is wrong with the URL.
    return ''
  }
}

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.DATE, (text) => text],
  [pg.types.builtins.TIMESTAMPTZ, instantFromPostgres],
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.NUMERIC, Number],
])

function typeParser(oid: number, format?: 'text' | 'binary'): unknown {
  const parser = format === 'binary' ? undefined : parsers.get(oid)
  return parser ?? pg.types.getTypeParser(oid, format)
}
