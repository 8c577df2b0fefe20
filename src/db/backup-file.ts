import { existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { DatabaseError } from '../errors.ts'
import type { BackupResult } from '../repositories/care.ts'
import { acquireFileLock } from './job-lock.ts'
import { mappingErrors } from './map-database-error.ts'
import { SqliteDatabase } from './sqlite-library.ts'

/**
 * Copies a database file while others write to it, and looks into the copy before it takes its
 * place. With `keep` earlier backups stay as FILE.1, FILE.2 and so on, `keep` files in all; without
 * it a file of that name is written over.
 */
export async function backUpFile(
  source: string,
  file: string,
  options: { readonly keep?: number } = {},
): Promise<BackupResult> {
  if (!existsSync(dirname(file)))
    throw new DatabaseError(`the folder ${dirname(file)} does not exist`, {
      code: 'missing-folder',
      hint: 'create it, or choose another place for the backup',
    })
  await refuseSameFile(source, file)
  return await underClaim(file, async () => {
    const part = `${file}.part`
    const rows = await copyVerified(source, part)
    const kept = await rotate(file, options.keep ?? 1)
    await rename(part, file)
    return { file, sizeBytes: (await stat(file)).size, rows, kept }
  })
}

/**
 * Two backups into one file would each remove what the other has written, so that none was left.
 * The claim lies beside the backup, since a database may be read from a folder that nobody writes to.
 */
async function underClaim<T>(file: string, work: () => Promise<T>): Promise<T> {
  const path = `${file}.lock`
  const lock = await mappingErrors(file, async () => acquireFileLock(path, 'db backup'))
  try {
    // Another backup may have removed the file after it was opened here.
    await lock.check()
    return await work()
  } finally {
    await rm(path, { force: true })
    await lock.release()
  }
}

/** A verified copy in one file, as it was at one moment; gives its number of rows. */
export async function copyVerified(source: string, target: string): Promise<number> {
  if (!existsSync(source))
    throw new DatabaseError(`there is no file ${source}`, {
      code: 'missing',
      hint: 'check its name',
    })
  await removeDatabase(target)
  try {
    const counts = await mappingErrors(source, () => copyOnline(source, target))
    await mappingErrors(target, async () => verify(target, counts))
    return [...counts.values()].reduce((sum, count) => sum + count, 0)
  } catch (error) {
    await removeDatabase(target)
    throw error
  }
}

export async function refuseSameFile(a: string, b: string): Promise<void> {
  if (!existsSync(a) || !existsSync(b)) return
  const [one, other] = await Promise.all([stat(a), stat(b)])
  if (one.ino !== other.ino || one.dev !== other.dev) return
  throw new DatabaseError(`${b} is the database itself`, {
    code: 'same-file',
    hint: 'name another file',
  })
}

async function copyOnline(source: string, target: string): Promise<Map<string, number>> {
  const raw = new SqliteDatabase(source, { readonly: true, fileMustExist: true, timeout: 5_000 })
  try {
    // The open snapshot is what gets copied: without it every write meanwhile would begin it anew.
    raw.exec('begin')
    const counts = countRows(raw)
    await raw.backup(target)
    raw.exec('commit')
    return counts
  } finally {
    raw.close()
  }
}

function verify(target: string, expected: ReadonlyMap<string, number>): void {
  const raw = new SqliteDatabase(target, { fileMustExist: true })
  try {
    // One file without a log beside it, which a copy of the backup would leave behind.
    raw.pragma('journal_mode = delete')
    const [verdict] = raw.pragma('integrity_check(1)') as { integrity_check: string }[]
    const counts = countRows(raw)
    const differing = [...expected].filter(([table, count]) => counts.get(table) !== count)
    if (verdict?.integrity_check === 'ok' && differing.length === 0) return
    throw new DatabaseError(
      `the copy of the database is not like the original: ${
        differing.map(([table]) => table).join(', ') || verdict?.integrity_check
      }`,
      { code: 'bad-copy', hint: 'run `harness db check`; look after the disk' },
    )
  } finally {
    raw.close()
  }
}

/** Rows of each table; throws where the file is no database of harness. */
function countRows(raw: BetterSqlite3.Database): Map<string, number> {
  const tables = raw
    .prepare(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
    )
    .pluck()
    .all() as string[]
  if (!tables.includes('schema_migrations'))
    throw new DatabaseError(`${raw.name} is not a database of harness`, {
      code: 'not-a-database',
      hint: 'choose another file',
    })
  return new Map(
    tables.map((table) => [
      table,
      raw
        .prepare(`select count(*) from "${table.replaceAll('"', '""')}"`)
        .pluck()
        .get() as number,
    ]),
  )
}

/** FILE becomes FILE.1, that FILE.2; what would be one too many goes. */
async function rotate(file: string, keep: number): Promise<string[]> {
  const name = (index: number): string => (index === 0 ? file : `${file}.${index}`)
  const kept: string[] = []
  for (let index = keep - 2; index >= 0; index--) {
    if (!existsSync(name(index))) continue
    await rename(name(index), name(index + 1))
    kept.unshift(name(index + 1))
  }
  return kept
}

/** A database file with what may lie beside it. */
async function removeDatabase(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(file + suffix, { force: true })
}
