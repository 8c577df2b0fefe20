import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { LockBusyError, UsageError } from '../errors.ts'
import { isPostgresUrl, mappingErrors } from './map-database-error.ts'
import { SqliteDatabase } from './sqlite-library.ts'
import { workerLockSpace } from './workers.ts'

export interface JobLock {
  /** Throws when the claim is no longer ours: another process may be at work by now. */
  check(): Promise<void>
  release(): Promise<void>
}

/** A place among the runs that do a job together. */
export interface SharedJobLock extends JobLock {
  /** From now on what this run claims is its own, until the lock is released or lost. */
  enlist(run: number): Promise<void>
}

/**
 * Claims a job (`hrnz`, `capture`, `masters`, …) for this process, or throws LockBusyError at once.
 * The claim is one the system takes back when the process dies, however it dies: an open exclusive
 * transaction on a small file beside the database, or a session's advisory lock on Postgres. A file
 * with a process id in it would outlive a `kill -9`.
 */
export async function acquireJobLock(target: string, job: string): Promise<JobLock> {
  // Nobody else sees what is in our memory.
  if (target === ':memory:') return { check: async () => undefined, release: async () => undefined }
  return mappingErrors(target, async () =>
    isPostgresUrl(target)
      ? acquirePostgresLock(target, job)
      : acquireFileLock(`${target}.${job}.lock`, job),
  )
}

/** A claim on a small file, made where it is not there; throws LockBusyError at once. */
export function acquireFileLock(path: string, job: string): JobLock {
  const raw = new SqliteDatabase(path, { timeout: 0 })
  try {
    raw.exec('begin exclusive')
  } catch (error) {
    raw.close()
    throw error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
      ? lockBusy(job)
      : error
  }
  // Whoever removes the file lets another process lock a new one of the same name.
  const file = inode(path)
  return {
    check: async () => {
      if (inode(path) !== file) throw lockLost(job)
    },
    release: async () => {
      raw.close()
    },
  }
}

/**
 * The same beside others that share the job: runs that have it to themselves and runs that share it
 * keep each other out. Only a server can tell which of several runs is still alive.
 */
export async function shareJobLock(target: string, job: string): Promise<SharedJobLock> {
  if (!isPostgresUrl(target))
    throw new UsageError(
      'runs can share their work on Postgres only; this database is a file',
      'leave --share out, or move the database to a server: `harness db copy --to postgres://user@host/database`',
    )
  return mappingErrors(target, () => acquirePostgresLock(target, job, '_shared'))
}

async function acquirePostgresLock(
  url: string,
  job: string,
  way: '' | '_shared' = '',
): Promise<SharedJobLock> {
  const [{ default: pg }, { postgresClientConfig }] = await Promise.all([
    import('pg'),
    import('./postgres-dialect.ts'),
  ])
  const client = new pg.Client({ ...postgresClientConfig(url), keepAlive: true })
  // A connection that breaks while nothing is asked of it would end the process otherwise.
  let ended = false
  const end = (): void => {
    ended = true
  }
  client.on('error', end)
  client.on('end', end)
  await client.connect()
  const { rows } = await client.query<{ taken: boolean }>(
    `select pg_try_advisory_lock${way}($1, hashtext($2)) as taken`,
    [jobLockSpace, job],
  )
  if (rows[0]?.taken !== true) {
    await client.end()
    throw lockBusy(
      job,
      job === 'hrnz' ? '; runs of `harness scrape --share` work side by side' : '',
    )
  }
  return {
    check: async () => {
      // The session holds the lock, so it is enough that the session answers.
      const alive = ended ? false : await answers(client)
      if (!alive) throw lockLost(job)
    },
    release: () => client.end(),
    enlist: async (run) => {
      await client.query('select pg_advisory_lock($1, $2)', [workerLockSpace, run])
    },
  }
}

/** A connection that was cut without a word would keep us waiting for minutes. */
async function answers(client: Client): Promise<boolean> {
  const patience = new AbortController()
  const tooLate = sleep(10_000, false, { signal: patience.signal }).catch(() => false)
  const answer = client.query('select 1').then(
    () => true,
    () => false,
  )
  const alive = await Promise.race([answer, tooLate])
  patience.abort()
  return alive
}

function inode(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino
}

/** First half of the advisory locks' keys: keeps them apart from other programs' on the server. */
const jobLockSpace = 7246002

/** A job as its users know it: by the commands that do it. */
const doneBy: ReadonlyMap<string, string> = new Map([
  ['hrnz', 'discover or scrape'],
  ['masters', 'reconcile or horses'],
  ['care', 'db archive or db prune'],
])

function lockLost(job: string): LockBusyError {
  return new LockBusyError(
    `this run of ${doneBy.get(job) ?? job} has lost its lock, so another one may be at work`,
    'start it again; what was done is kept',
    'lock-lost',
  )
}

function lockBusy(job: string, more = ''): LockBusyError {
  return new LockBusyError(
    `another run of ${doneBy.get(job) ?? job} is at work on this database`,
    `wait for it to end; \`harness status\` shows what runs${more}`,
  )
}
