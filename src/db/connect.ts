import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { Kysely, type LogEvent, type Migration } from 'kysely'
import type { HostPaceRepository, RunRepository } from '../repositories/operations.ts'
import type { ExportReader, ReportRepository } from '../repositories/reports.ts'
import type { ArchiveStore } from '../repositories/archiving.ts'
import type { DatabaseCare } from '../repositories/care.ts'
import type { UnitOfWork } from '../repositories/repositories.ts'
import type {
  AlertRepository,
  DigestRepository,
  MeasureRepository,
} from '../repositories/watching.ts'
import { DatabaseError } from '../errors.ts'
import { isPostgresUrl, mappingErrors } from './map-database-error.ts'
import { ArchiveFiles } from './archive-files.ts'
import { createDatabaseCare } from './database-care.ts'
import { postgresExportReader, sqliteExportReader } from './export-reader.ts'
import { FileSpace } from './file-space.ts'
import { createSchemaMigrator, refuseNewerSchema, type SchemaMigrator } from './migrator.ts'
import { KyselyAlertRepository } from './repositories/kysely-alert-repository.ts'
import { KyselyHostPaceRepository } from './repositories/kysely-host-pace-repository.ts'
import { KyselyMeasureRepository } from './repositories/kysely-measure-repository.ts'
import { KyselyReportRepository } from './repositories/kysely-report-repository.ts'
import { KyselyRunRepository } from './repositories/kysely-run-repository.ts'
import { retryBusy } from './retry-busy.ts'
import type { Schema } from './schema.ts'
import { ServerClock } from './server-clock.ts'
import { SqliteDatabase } from './sqlite-library.ts'
import { isSqliteBusy, WaitingSqliteDialect } from './sqlite-dialect.ts'
import { UnitGuard } from './unit-guard.ts'
import { KyselyUnitOfWork } from './unit-of-work.ts'

export interface OpenOptions {
  /** Nothing is created, migrated or written. */
  readonly readOnly?: boolean
  /** Ends every wait for other processes with InterruptedError. */
  readonly signal?: AbortSignal
  /** SQLite only: the size at which the disk counts as full, in pages of 4 KB. */
  readonly maxPageCount?: number
  /**
   * This machine's clock, epoch ms. With it the pace of hosts is kept by the server's clock, where
   * there is a server: several machines then agree. Not for a simulated clock, which is the same
   * for all processes by itself.
   */
  readonly machineNow?: () => number
  /** Begins every unit of work that writes; throws when this process must not write any more. */
  readonly beforeUnit?: () => Promise<void>
  /** Told of every statement. */
  readonly onQuery?: (sql: string) => void
  /** Another set of migrations than our own, for tests of the migrating itself. */
  readonly migrations?: Readonly<Record<string, Migration>>
}

export interface OpenDatabase {
  /** For reports and exports. Inside a unit of work it refuses to be used. */
  readonly db: Kysely<Schema>
  readonly dialect: 'sqlite' | 'postgres'
  readonly unitOfWork: UnitOfWork
  readonly runs: RunRepository
  readonly hostPace: HostPaceRepository
  readonly measures: MeasureRepository
  readonly alerts: AlertRepository
  readonly digests: DigestRepository
  readonly reports: ReportRepository
  readonly exports: ExportReader
  readonly care: DatabaseCare
  readonly archives: ArchiveStore
  readonly migrator: SchemaMigrator
  close(): Promise<void>
}

/** Opens a file, `:memory:` or a `postgres://` URL. Does not migrate: `migrator` does. */
export async function openDatabase(
  target: string,
  options: OpenOptions = {},
): Promise<OpenDatabase> {
  const guard = new UnitGuard()
  return mappingErrors(target, () =>
    isPostgresUrl(target)
      ? openPostgres(target, options, guard)
      : openSqlite(target, options, guard),
  )
}

async function openSqlite(
  target: string,
  options: OpenOptions,
  guard: UnitGuard,
): Promise<OpenDatabase> {
  const inMemory = target === ':memory:'
  const file = inMemory ? null : resolve(target)
  if (file !== null) checkPlace(file, options.readOnly === true)
  const raw = await retryBusy(() => openRaw(file, options), isSqliteBusy, options.signal)
  const db = new Kysely<Schema>({
    dialect: new WaitingSqliteDialect(raw, guard, options.signal),
    ...logTo(options.onQuery),
  })
  const space = new FileSpace(raw)
  const database = assemble(
    db,
    'sqlite',
    file ?? target,
    { file, space },
    options,
    guard,
    sqliteExportReader(raw),
  )
  if (options.readOnly === true || inMemory) return database
  const close = async (): Promise<void> => {
    space.checkpoint()
    await database.close()
  }
  return { ...database, close }
}

function openRaw(file: string | null, options: OpenOptions): BetterSqlite3.Database {
  const readOnly = options.readOnly === true
  const raw = new SqliteDatabase(file ?? ':memory:', {
    readonly: readOnly,
    fileMustExist: readOnly,
    timeout: 500,
  })
  try {
    raw.pragma('foreign_keys = on')
    if (readOnly) {
      // The file is first looked at by a query: one that is no database must fail here, by name.
      raw.pragma('schema_version')
      return raw
    }
    // Of a file that is made now: room that is not needed any more can be given back in small steps.
    raw.pragma('auto_vacuum = incremental')
    raw.pragma('journal_mode = wal')
    // A power cut may lose the last units, which are due again then, but never harms the file.
    raw.pragma('synchronous = normal')
    raw.pragma(`journal_size_limit = ${16 * 1024 * 1024}`)
    if (options.maxPageCount !== undefined) raw.pragma(`max_page_count = ${options.maxPageCount}`)
    return raw
  } catch (error) {
    raw.close()
    throw error
  }
}

function checkPlace(file: string, readOnly: boolean): void {
  const folder = dirname(file)
  if (!existsSync(folder)) {
    throw new DatabaseError(`the folder ${folder} does not exist`, {
      code: 'missing-folder',
      hint: 'create it, or choose another place with --db',
    })
  }
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined && readOnly) {
    throw new DatabaseError(`there is no database at ${file}`, {
      code: 'missing',
      hint: 'run `harness init`, or choose another file with --db',
    })
  }
  if (found?.isDirectory() === true) {
    throw new DatabaseError(`${file} is a folder, not a database of harness`, {
      code: 'not-a-database',
      hint: 'name a file in it with --db',
    })
  }
}

/** pg is loaded only here: a file database does not pay for it. */
async function openPostgres(
  url: string,
  options: OpenOptions,
  guard: UnitGuard,
): Promise<OpenDatabase> {
  const [{ default: pg }, { postgresClientConfig, SingleWriterPostgresDialect }] =
    await Promise.all([import('pg'), import('./postgres-dialect.ts')])
  const pool = new pg.Pool({ ...postgresClientConfig(url), max: 4, idleTimeoutMillis: 30_000 })
  // An idle connection that breaks would end the process; the next query makes a new one.
  pool.on('error', () => undefined)
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  const db = new Kysely<Schema>({
    dialect: new SingleWriterPostgresDialect(pool, guard, options.signal),
    ...logTo(options.onQuery),
  })
  return assemble(
    db,
    'postgres',
    url,
    { file: null, space: null },
    options,
    guard,
    postgresExportReader(pool),
  )
}

function assemble(
  db: Kysely<Schema>,
  dialect: 'sqlite' | 'postgres',
  target: string,
  { file, space }: { readonly file: string | null; readonly space: FileSpace | null },
  options: OpenOptions,
  guard: UnitGuard,
  exports: ExportReader,
): OpenDatabase {
  const { migrations, signal, beforeUnit, machineNow } = options
  const archives = new ArchiveFiles(file)
  const told = new KyselyAlertRepository(db, target)
  const clock =
    dialect === 'sqlite' || machineNow === undefined ? undefined : new ServerClock(db, machineNow)
  return {
    db,
    dialect,
    unitOfWork: new KyselyUnitOfWork(db, guard, target, archives, async (transaction) => {
      await beforeUnit?.()
      await refuseNewerSchema(transaction, target, migrations)
    }),
    runs: new KyselyRunRepository(db, target),
    hostPace: new KyselyHostPaceRepository(db, target, clock),
    measures: new KyselyMeasureRepository(db, target),
    alerts: told,
    digests: told,
    reports: new KyselyReportRepository(db),
    exports,
    care: createDatabaseCare({ db, dialect, exports }, { file, space, archives }, (name) =>
      openDatabase(name, signal === undefined ? {} : { signal }),
    ),
    archives,
    migrator: createSchemaMigrator(db, {
      target,
      file,
      signal,
      ...(migrations === undefined ? {} : { migrations }),
    }),
    close: async () => {
      archives.close()
      await db.destroy()
    },
  }
}

function logTo(onQuery: ((sql: string) => void) | undefined) {
  return onQuery === undefined ? {} : { log: (event: LogEvent) => onQuery(event.query.sql) }
}
