import { statSync } from 'node:fs'
import { sql, type Kysely } from 'kysely'
import type { DatabaseSizes } from '../repositories/care.ts'
import type { ArchiveFiles } from './archive-files.ts'
import type { Schema } from './schema.ts'

/** Bytes of each table with its indexes, and of the files beside the database. Looks at every page. */
export async function readSizes(
  db: Kysely<Schema>,
  dialect: 'sqlite' | 'postgres',
  archives: ArchiveFiles,
): Promise<DatabaseSizes> {
  const tables =
    dialect === 'sqlite'
      ? sql<{ name: string; bytes: number }>`
          select m.tbl_name as name, sum(s.pgsize) as bytes
          from dbstat s join sqlite_master m on m.name = s.name
          where s.aggregate = 1 group by m.tbl_name`
      : sql<{ name: string; bytes: number }>`
          select c.relname as name, pg_total_relation_size(c.oid) as bytes
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname = current_schema()`
  const { rows } = await tables.execute(db)
  const known = await db.selectFrom('archives').select(['file', 'key']).orderBy('id').execute()
  return {
    tables: rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) })),
    freeBytes: dialect === 'sqlite' ? await freeBytes(db) : 0,
    archives: known.map((archive) => {
      const place = archives.find(archive)
      return {
        file: place ?? archive.file,
        bytes: place === null ? null : (statSync(place, { throwIfNoEntry: false })?.size ?? null),
      }
    }),
  }
}

async function freeBytes(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select freelist_count * page_size as bytes
    from pragma_freelist_count, pragma_page_size`.execute(db)
  return rows[0]?.bytes ?? 0
}
