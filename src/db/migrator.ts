import { rename, rm } from 'node:fs/promises'
import { Migrator, sql, type Kysely, type Migration } from 'kysely'
import { migrations as ownMigrations } from '../../migrations/index.ts'
import { DatabaseError, LockBusyError } from '../errors.ts'
import { acquireJobLock } from './job-lock.ts'
import { mappingErrors, withoutPassword } from './map-database-error.ts'
import { retryBusy } from './retry-busy.ts'
import type { Executor } from './row-writer.ts'
import type { Schema } from './schema.ts'
import { isSqliteBusy } from './sqlite-dialect.ts'
import { SqliteDatabase } from './sqlite-library.ts'

export interface MigrationStatus {
  /** Name of the last one applied; null on an empty database. */
  readonly current: string | null
  /** What this version would still apply. */
  readonly pending: readonly string[]
  /** Applied by a newer version of harness, unknown to this one. */
  readonly newerThanKnown: readonly string[]
}

export interface MigrationResult {
  readonly applied: readonly string[]
  /** The copy that was made of a file before it was changed. */
  readonly backup: string | null
}

export interface SchemaMigrator {
  status(): Promise<MigrationStatus>
  migrateToLatest(): Promise<MigrationResult>
  /** Takes back the last migration; gives its name, or null when there is none. */
  rollback(): Promise<string | null>
}

const table = 'schema_migrations'

/** `file` is the database's own file where it has one: that gets a backup before it is changed. */
export function createSchemaMigrator(
  db: Kysely<Schema>,
  options: {
    readonly target: string
    readonly file: string | null
    readonly signal: AbortSignal | undefined
    readonly migrations?: Readonly<Record<string, Migration>>
  },
): SchemaMigrator {
  const { target, file, signal } = options
  const migrations = options.migrations ?? ownMigrations
  const known = Object.keys(migrations).sort()
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  })

  const status = async (): Promise<MigrationStatus> => {
    const applied = await appliedMigrations(db, file)
    const has = new Set(applied)
    return {
      current: applied.at(-1) ?? null,
      pending: known.filter((name) => !has.has(name)),
      newerThanKnown: applied.filter((name) => !known.includes(name)),
    }
  }

  const checkedStatus = async (): Promise<MigrationStatus> => {
    const found = await status()
    if (found.newerThanKnown.length > 0) throw newerSchema(target, found.newerThanKnown)
    return found
  }

  const migrate = async (): Promise<string[]> => {
    const { error, results } = await retryBusy(
      async () => {
        const outcome = await migrator.migrateToLatest()
        if (isSqliteBusy(outcome.error)) throw outcome.error
        return outcome
      },
      isSqliteBusy,
      signal,
    )
    if (error !== undefined) throw error
    return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName)
  }

  const migrateToLatest = async (): Promise<MigrationResult> => {
    const before = await checkedStatus()
    if (before.pending.length === 0) return { applied: [], backup: null }
    if (file === null || before.current === null) return { applied: await migrate(), backup: null }
    // The lock keeps a second process from taking its backup when the first has migrated already.
    const lock = await retryBusy(
      () => acquireJobLock(target, 'migrate'),
      (error) => error instanceof LockBusyError,
      signal,
    )
    try {
      const [next] = (await checkedStatus()).pending
      if (next === undefined) return { applied: [], backup: null }
      const backup = await backUp(file, `${file}.before-${next}.bak`)
      return { applied: await migrate(), backup }
    } finally {
      await lock.release()
    }
  }

  const rollback = async (): Promise<string | null> => {
    await checkedStatus()
    const { error, results } = await migrator.migrateDown()
    if (error !== undefined) throw error
    return results?.find((result) => result.status === 'Success')?.migrationName ?? null
  }

  return {
    status: () => mappingErrors(target, status),
    migrateToLatest: () => mappingErrors(target, migrateToLatest),
    rollback: () => mappingErrors(target, rollback),
  }
}

/**
 * A process that runs for months may find that a newer version has migrated the database under it.
 * One small read in the unit's own transaction, so that nothing can come between.
 */
export async function refuseNewerSchema(
  db: Executor,
  target: string,
  migrations: Readonly<Record<string, Migration>> = ownMigrations,
): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)}`.execute(db)
  const newer = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name))
  if (newer.length > 0) throw newerSchema(target, newer)
}

/** Ordered by name, as they are applied; the database's own text order may differ. */
async function appliedMigrations(db: Kysely<Schema>, file: string | null): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === table)) {
    // A file of another program: our tables do not belong in it. A server's may well be shared.
    if (file !== null && tables.length > 0) throw notOurs(file)
    return []
  }
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)}`.execute(db)
  return rows.map(({ name }) => name).sort()
}

async function backUp(file: string, backup: string): Promise<string> {
  const part = `${backup}.part`
  await rm(part, { force: true })
  const raw = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  try {
    await raw.backup(part)
  } finally {
    raw.close()
  }
  await rename(part, backup)
  return backup
}

function notOurs(file: string): DatabaseError {
  return new DatabaseError(`${file} is a database of another program`, {
    code: 'not-a-database',
    hint: 'choose another file with --db',
  })
}

function newerSchema(target: string, names: readonly string[]): DatabaseError {
  return new DatabaseError(
    `${withoutPassword(target)} was made by a newer version of harness (${names.join(', ')})`,
    { code: 'newer-schema', hint: 'upgrade harness, or choose another database with --db' },
  )
}
