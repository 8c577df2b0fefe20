import { mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AppDeps, Clock, Logger, Progress } from '../../app/ports.ts'
import type { LookDeps } from '../../app/nightly/look-for-alerts.ts'
import type { NightlyStepDeps } from '../../app/nightly/nightly-steps.ts'
import { type Job, jobs as allJobs } from '../../repositories/jobs.ts'
import type { OpenDatabase } from '../../db/connect.ts'
import type { MigrationResult, MigrationStatus } from '../../db/migrator.ts'
import type { RestoreResult } from '../../db/restore-file.ts'
import { DatabaseError } from '../../errors.ts'
import type { Run } from '../../repositories/operations.ts'
import { parseClockSpec, SystemClock } from '../../ops/clock.ts'
import { createLogger, type LogLevel } from '../../ops/logger.ts'
import { isAlive, runInfo } from '../../ops/run-info.ts'
import { type Config, type Environment, loadConfig, maskedDatabaseUrl } from './config.ts'
import { isPostgres } from './setting-values.ts'
import { JobLocks } from './job-locks.ts'
import { Owner } from './owner.ts'
import { createProgress } from './progress.ts'
import { safeText } from '../text/safe-text.ts'
import { Sources } from './sources.ts'

/** SQLite's pages have 4 KB. */
const pagesPerMb = 256

export { allJobs }
export type { Job }

export interface ContextOptions {
  readonly flags: { readonly db: string | undefined }
  /** For `init`, which is about to write the file that HARNESS_CONFIG names. */
  readonly configFileMayBeMissing: boolean
  readonly env: Environment
  readonly version: string
  readonly signal: AbortSignal
  readonly logLevel: LogLevel
  readonly logFormat: 'text' | 'json'
  readonly showProgress: boolean
}

/**
 * The composition root: the only place that brings databases, sources and the machine together with
 * the use cases. What is heavy is imported when it is first asked for, so that `status` loads no
 * HTTP client and no HTML parser.
 */
export async function openContext(options: ContextOptions): Promise<Context> {
  const config = loadConfig(
    options.env,
    { db: options.flags.db },
    { fileMayBeMissing: options.configFileMayBeMissing },
  )
  return new Context(config, options)
}

export class Context {
  readonly config: Config
  readonly version: string
  readonly clock: Clock
  readonly log: Logger
  readonly progress: Progress
  readonly owner: Owner
  readonly sources: Sources
  readonly locks: JobLocks
  readonly signal: AbortSignal
  readonly runInfo = runInfo()
  /** Whether the process of an unfinished run still lives. */
  readonly isAlive = isAlive
  /** What opening for writing did to the schema. */
  migrated: MigrationResult = { applied: [], backup: null }
  /** Id of the run's row, once it has one. */
  runId: number | undefined
  #database: OpenDatabase | undefined

  constructor(config: Config, options: ContextOptions) {
    const { clock: spec } = config.settings
    this.config = config
    this.signal = options.signal
    this.version = options.version
    const clock = new SystemClock(spec === null ? undefined : parseClockSpec(spec, Date.now()))
    this.clock = clock
    this.log = createLogger({
      level: options.logLevel,
      format: options.logFormat,
      write: (line) => process.stderr.write(`${safeText(line)}\n`),
      now: () => this.clock.now(),
      timestamps: !process.stderr.isTTY && options.env['JOURNAL_STREAM'] === undefined,
      common: () => (this.runId === undefined ? {} : { run: this.runId }),
    })
    this.owner = new Owner(config.settings, this.log)
    this.locks = new JobLocks(config.settings.db)
    this.sources = new Sources({
      settings: config.settings,
      version: options.version,
      clock,
      clockSpeed: clock.speed,
      log: this.log,
      signal: options.signal,
      hostPace: () => this.database.hostPace,
    })
    this.progress = createProgress({
      stream: process.stderr,
      silent: !options.showProgress,
      bar: process.stderr.isTTY === true && options.env['TERM'] !== 'dumb',
    })
  }

  /** The database's file or URL, fit to be shown. */
  get databaseName(): string {
    const { db } = this.config.settings
    return isPostgres(db) ? maskedDatabaseUrl(db) : db
  }

  /** Whether there is a database to read; a server is asked when it is opened. */
  get databaseExists(): boolean {
    const { db } = this.config.settings
    return isPostgres(db) || existsSync(db)
  }

  /** The database for a command that only reads: there already, and of this version's shape. */
  async openForReading(): Promise<OpenDatabase> {
    const database = await this.openAsItIs()
    const refusal = this.#otherSchema(await database.migrator.status())
    if (refusal === undefined) return database
    // Open, it would be taken for one that the run can be put on record in.
    this.#database = undefined
    await database.close()
    throw refusal
  }

  /** The database whatever its shape, for commands that look at just that. */
  async openAsItIs(): Promise<OpenDatabase> {
    if (!this.databaseExists)
      throw new DatabaseError(`there is no database at ${this.databaseName}`, {
        code: 'no-database',
        hint: 'Name another one with --db or HARNESS_DB, or make it: `harness db migrate`, or any writing command.',
      })
    return await this.#open({ readOnly: true })
  }

  /**
   * The database for a command that writes: made if need be, held under the locks of these jobs,
   * and in whatever shape it is.
   */
  async openUnderLocks(locked: readonly Job[]): Promise<OpenDatabase> {
    const { db } = this.config.settings
    await this.#makeOwnFolder()
    if (isPostgres(db) || existsSync(dirname(db))) await this.locks.take(locked)
    return await this.#open({})
  }

  /** Puts a backup in the place of the database, which must not have been opened. */
  async restore(backup: string): Promise<RestoreResult> {
    const { db } = this.config.settings
    await this.#makeOwnFolder()
    if (!existsSync(dirname(db)))
      throw new DatabaseError(`the folder ${dirname(db)} does not exist`, {
        code: 'missing-folder',
        hint: 'create it, or choose another place with --db',
      })
    await this.locks.take(allJobs)
    const { restoreFile } = await import('../../db/restore-file.ts')
    return await restoreFile(backup, db, new Date(this.clock.now()).toISOString())
  }

  /** The same, brought up to date; `isShared`: beside other runs that share the job as well. */
  async openForWriting(job: Job | null, isShared = false): Promise<OpenDatabase> {
    if (job !== null && isShared) await this.locks.share(job)
    const database = await this.openUnderLocks(job === null || isShared ? [] : [job])
    this.migrated = await database.migrator.migrateToLatest()
    const { applied, backup } = this.migrated
    if (applied.length > 0) this.log.debug('the database was brought up to date', { applied })
    if (backup !== null) this.log.info(`the database was kept as it was before: ${backup}`)
    return database
  }

  /** Rows of the public tables, and the last racing date. */
  async countTables() {
    const { countTables } = await import('../../db/table-counts.ts')
    return await countTables(this.database.db)
  }

  /** Rejects when the native module does not load in this Node. */
  async probeSqlite(): Promise<void> {
    const { openDatabase } = await import('../../db/connect.ts')
    await (await openDatabase(':memory:')).close()
  }

  /** What every use case is handed. Only after the database has been opened. */
  get deps(): AppDeps {
    const { clock, log, progress, signal } = this
    return { unitOfWork: this.database.unitOfWork, clock, log, progress, signal }
  }

  /** What a night's work is handed besides; the sources are made when their step comes. */
  get nightlyDeps(): NightlyStepDeps {
    return {
      ...this.deps,
      hrnz: () => this.sources.hrnzPages(),
      tab: () => this.sources.tabApi(),
      fetcher: (source) => this.sources.fetcher(source),
      ...this.lookDeps,
      care: this.database.care,
      measures: this.database.measures,
      recordRun: this.recordRun,
    }
  }

  /** What a look for alerts is handed. Only after the database has been opened. */
  get lookDeps(): LookDeps {
    const { db, dbMaxMb } = this.config.settings
    return {
      ...this.database,
      clock: this.clock,
      log: this.log,
      sendNotice: this.owner.sendNotice,
      freeBytes: this.owner.freeBytes,
      maxBytes: dbMaxMb === null || isPostgres(db) ? null : dbMaxMb * pagesPerMb * 4096,
    }
  }

  /** Puts a run on record that does not write the database otherwise; never throws. */
  readonly recordRun = async (
    run: Pick<Run, 'command' | 'argv' | 'startedAt'>,
    end: { readonly exitCode: number; readonly outcome: string },
  ): Promise<void> => {
    const { openDatabase } = await import('../../db/connect.ts')
    const endedAt = new Date(this.clock.now()).toISOString()
    try {
      const database = await openDatabase(this.config.settings.db)
      try {
        const id = await database.runs.start({
          ...run,
          version: this.version,
          ...this.runInfo,
        })
        await database.runs.finish(id, { ...end, endedAt, counters: '{}' })
      } finally {
        await database.close()
      }
    } catch (error) {
      // A backup of a file that we may only read is a backup all the same.
      this.log.warn(`${run.command} could not be put on record: ${(error as Error).message}`)
    }
  }

  get isOpen(): boolean {
    return this.#database !== undefined
  }

  /** The database that was opened before. */
  get database(): OpenDatabase {
    if (this.#database === undefined) throw new Error('the database has not been opened')
    return this.#database
  }

  async close(): Promise<void> {
    this.progress.stop()
    await this.sources.close()
    const database = this.#database
    this.#database = undefined
    await database?.close()
    // Last of all: whoever gets a lock next must find nothing of ours still open.
    await this.locks.release()
  }

  #otherSchema({ current, pending, newerThanKnown }: MigrationStatus): DatabaseError | undefined {
    if (newerThanKnown.length > 0)
      return new DatabaseError(`${this.databaseName} was made by a newer version of harness`, {
        code: 'newer-schema',
        hint: 'Upgrade harness, or choose another database with --db.',
      })
    if (pending.length === 0) return undefined
    return new DatabaseError(
      current === null
        ? `${this.databaseName} holds nothing yet`
        : `${this.databaseName} was made by an older version of harness`,
      {
        code: current === null ? 'empty-database' : 'older-schema',
        hint: 'Run `harness db migrate`; writing commands do it by themselves.',
      },
    )
  }

  /** Our own folder is made; a folder that the user names and that is not there is a slip. */
  async #makeOwnFolder(): Promise<void> {
    const folder = dirname(this.config.settings.db)
    if (folder === this.config.dataDirectory) await mkdir(folder, { recursive: true })
  }

  async #open(options: { readOnly?: boolean }): Promise<OpenDatabase> {
    const { openDatabase } = await import('../../db/connect.ts')
    const { db, dbMaxMb } = this.config.settings
    this.#database ??= await openDatabase(db, {
      ...options,
      signal: this.signal,
      beforeUnit: this.locks.check,
      ...(this.config.settings.clock === null ? { machineNow: Date.now } : {}),
      ...(dbMaxMb === null ? {} : { maxPageCount: dbMaxMb * pagesPerMb }),
    })
    return this.#database
  }
}
