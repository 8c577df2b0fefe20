import { existsSync } from 'node:fs'
import { link, rename, rm } from 'node:fs/promises'
import { LockBusyError } from '../errors.ts'
import { copyVerified, refuseSameFile } from './backup-file.ts'
import { isSqliteBusy } from './sqlite-dialect.ts'
import { SqliteDatabase } from './sqlite-library.ts'

export interface RestoreResult {
  readonly rows: number
  /** Where the database that was there before is now; null when there was none. */
  readonly before: string | null
}

/**
 * Puts a backup in the place of a database file. The caller holds the locks of all jobs. The file
 * that was there stays beside it, damaged or not; `stamp` tells it from earlier ones.
 */
export async function restoreFile(
  backup: string,
  database: string,
  stamp: string,
): Promise<RestoreResult> {
  await refuseSameFile(backup, database)
  const part = `${database}.restoring`
  const rows = await copyVerified(backup, part)
  if (!existsSync(database)) {
    await rename(part, database)
    return { rows, before: null }
  }
  const before = `${database}.before-restore-${stamp.replaceAll(/[:.]/g, '')}`
  try {
    settle(database)
    // The log of a damaged file would be taken for the new one's.
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(database + suffix)) await rename(database + suffix, before + suffix)
    }
    await keepAs(database, before)
    await rename(part, database)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return { rows, before }
}

/** Takes the log into the file, which SQLite only does when nobody else has it open. */
function settle(database: string): void {
  let raw
  try {
    raw = new SqliteDatabase(database, { fileMustExist: true, timeout: 2_000 })
    raw.pragma('journal_mode = delete')
  } catch (error) {
    if (isSqliteBusy(error))
      throw new LockBusyError(
        `${database} is open in another program`,
        'end what uses it (`harness status` shows what runs), then run the same command again',
      )
    // Damage is what a backup is restored for.
  } finally {
    raw?.close()
  }
}

/** Both names for a moment, so that a kill in between leaves a database in its place. */
async function keepAs(database: string, before: string): Promise<void> {
  try {
    await link(database, before)
  } catch {
    // Some file systems know no second name.
    await rename(database, before)
  }
}
