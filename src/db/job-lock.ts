import BetterSqlite3 from 'better-sqlite3'
import { LockBusyError } from '../errors.ts'
import { isPostgresUrl, mappingErrors } from './map-database-error.ts'

export interface JobLock {
  release(): Promise<void>
}

/**
 * Claims a job (`hrnz`, `capture`, `masters`, …) for this process, or throws LockBusyError at once.
 * The claim is one the system takes back when the process dies, however it dies: an open exclusive
 * transaction on a small file beside the database, or a session's advisory lock on Postgres. A file
 * with a process id in it would outlive a `kill -9`.
 */
export async function acquireJobLock(target: string, job: string): Promise<JobLock> {
  // Nobody else sees what is in our memory.
  if (target === ':memory:') return { release: async () => undefined }
  return mappingErrors(target, async () =>
    isPostgresUrl(target)
      ? acquirePostgresLock(target, job)
      : acquireFileLock(`${target}.${job}.lock`, job),
  )
}

function acquireFileLock(path: string, job: string): JobLock {
  const raw = new BetterSqlite3(path, { timeout: 0 })
  try {
    raw.exec('begin exclusive')
  } catch (error) {
    raw.close()
    throw error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
      ? lockBusy(job)
      : error
  }
  return {
    release: async () => {
      raw.close()
    },
  }
}

async function acquirePostgresLock(url: string, job: string): Promise<JobLock> {
  const [{ default: pg }, { postgresClientConfig }] = await Promise.all([
    import('pg'),
    import('./postgres-dialect.ts'),
  ])
  const client = new pg.Client({ ...postgresClientConfig(url), keepAlive: true })
  // A connection that breaks while nothing is asked of it would end the process otherwise.
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as taken',
    [jobLockSpace, job],
  )
  if (rows[0]?.taken !== true) {
    await client.end()
    throw lockBusy(job)
  }
  return { release: () => client.end() }
}

/** First half of the advisory locks' keys: keeps them apart from other programs' on the server. */
const jobLockSpace = 7246002

function lockBusy(job: string): LockBusyError {
  return new LockBusyError(
    `another run of ${job} is at work on this database`,
    'wait for it to end; `harness status` shows what runs',
  )
}
