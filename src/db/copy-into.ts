import type { CopiedTable } from '../repositories/care.ts'
import { jobs } from '../repositories/jobs.ts'
import { copyDatabase, type Side } from './copy-database.ts'
import { acquireJobLock, type JobLock } from './job-lock.ts'
import type { SchemaMigrator } from './migrator.ts'

export interface CopyTarget extends Side {
  readonly migrator: SchemaMigrator
  close(): Promise<void>
}

/** Makes the tables of the target if need be, and fills them while no job can begin there. */
export async function copyInto(
  source: Side,
  target: string,
  open: (target: string) => Promise<CopyTarget>,
  options: { readonly signal: AbortSignal; readonly onTable: (name: string) => void },
): Promise<CopiedTable[]> {
  const database = await open(target)
  const locks: JobLock[] = []
  try {
    for (const job of jobs) locks.push(await acquireJobLock(target, job))
    await database.migrator.migrateToLatest()
    return await copyDatabase(source, { ...database, name: target }, options)
  } finally {
    await database.close()
    for (const lock of locks) await lock.release()
  }
}
