import { sql, type Kysely } from 'kysely'
import { DatabaseError } from '../errors.ts'
import type { CareFinding, DatabaseCare } from '../repositories/care.ts'
import type { ArchiveFiles } from './archive-files.ts'
import { backUpFile, refuseSameFile } from './backup-file.ts'
import { checkArchives } from './check-archives.ts'
import { copyInto, type CopyTarget } from './copy-into.ts'
import type { Side } from './copy-database.ts'
import type { FileSpace } from './file-space.ts'
import { looseRowChecks } from './loose-row-checks.ts'
import { isPostgresUrl, mappingErrors } from './map-database-error.ts'
import type { Schema } from './schema.ts'
import { readSizes } from './table-sizes.ts'

/** Findings that are shown of each check; the others are counted. */
const shown = 5

/** `file`, `space`: the database's own file, where it has one. */
export function createDatabaseCare(
  source: Side,
  {
    file,
    space,
    archives,
  }: {
    readonly file: string | null
    readonly space: FileSpace | null
    readonly archives: ArchiveFiles
  },
  open: (target: string) => Promise<CopyTarget>,
): DatabaseCare {
  const { db, dialect } = source
  return {
    // Postgres checks pages and references by itself.
    damage: async () => (dialect === 'sqlite' ? await sqliteDamage(db) : []),
    looseRows: async () => {
      const findings: CareFinding[] = []
      for (const { query, ...about } of looseRowChecks) {
        const { rows } = await sql<{ subject: string; total: number }>`
          select subject, count(*) over () as total from (${sql.raw(query)}) as found
          order by subject limit ${shown}`.execute(db)
        const count = Number(rows[0]?.total ?? 0)
        if (count > 0)
          findings.push({ ...about, count, examples: rows.map(({ subject }) => subject) })
      }
      return findings
    },
    sizes: () => readSizes(db, dialect, archives),
    archives: () => checkArchives(db, archives),
    backUp: async (target, options) => {
      if (file !== null) return await backUpFile(file, target, options)
      throw new DatabaseError('this database is no file, so there is no file to copy', {
        code: 'no-file',
        hint: 'use pg_dump, or copy it into a new file: `harness db copy --to FILE`',
      })
    },
    giveBack: async (signal) =>
      space === null || file === null ? 0 : await mappingErrors(file, () => space.giveBack(signal)),
    rewrite: async () =>
      space === null || file === null ? 0 : await mappingErrors(file, async () => space.rewrite()),
    copyTo: async (target, options) => {
      if (file !== null && !isPostgresUrl(target)) await refuseSameFile(file, target)
      return await copyInto(source, target, open, options)
    },
  }
}

async function sqliteDamage(db: Kysely<Schema>): Promise<CareFinding[]> {
  const findings: CareFinding[] = []
  const integrity = await sql<{ integrity_check: string }>`pragma integrity_check(100)`.execute(db)
  const broken = integrity.rows
    .map(({ integrity_check: line }) => line)
    .filter((line) => line !== 'ok')
  if (broken.length > 0)
    findings.push({
      check: 'integrity',
      message: 'places where the file is damaged',
      count: broken.length,
      examples: broken.slice(0, shown),
      next: 'restore a backup: `harness db restore FILE`; then read again what is newer',
    })
  const references = await sql<{
    table: string
    rowid: number | null
    parent: string
  }>`pragma foreign_key_check`.execute(db)
  if (references.rows.length > 0)
    findings.push({
      check: 'foreign-keys',
      message: 'references to rows that are gone',
      count: references.rows.length,
      examples: references.rows
        .slice(0, shown)
        .map(({ table, rowid, parent }) => `${table} ${rowid ?? ''} → ${parent}`),
      next: 'restore a backup: `harness db restore FILE`; another program may have written to the file',
    })
  // We make none, and a file that came from elsewhere may bring some: they write what nobody said.
  const triggers = await sql<{ name: string; on: string }>`
    select name, tbl_name as "on" from sqlite_master where type = 'trigger' order by name`.execute(
    db,
  )
  if (triggers.rows.length > 0)
    findings.push({
      check: 'triggers',
      message: 'triggers that harness did not make: they change rows by themselves',
      count: triggers.rows.length,
      examples: triggers.rows.slice(0, shown).map(({ name, on }) => `${name} on ${on}`),
      next: 'where they are not yours: `drop trigger NAME` in sqlite3, then `harness reconcile`',
    })
  return findings
}
