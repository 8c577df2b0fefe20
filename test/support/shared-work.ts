import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import { shareJobLock, type SharedJobLock } from '../../src/db/job-lock.ts'

/** A run that reads pages beside others: its own connections, its place in the job, its number. */
export interface TestWorker {
  readonly run: number
  readonly database: OpenDatabase
  /** What a kill leaves: the server finds its session gone. */
  die(): Promise<void>
  close(): Promise<void>
}

export async function startWorker(target: string): Promise<TestWorker> {
  const lock: SharedJobLock = await shareJobLock(target, 'hrnz')
  const database = await openDatabase(target, { beforeUnit: () => lock.check() })
  const run = await database.runs.start({
    command: 'scrape',
    argv: '--share',
    version: '0',
    host: 'elsewhere',
    pid: 1,
    startedAt: '2026-03-06T10:00:00.000Z',
  })
  await lock.enlist(run)
  return {
    run,
    database,
    die: () => lock.release(),
    close: async () => {
      await database.close()
      await lock.release()
    },
  }
}
