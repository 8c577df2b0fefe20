import { createHash } from 'node:crypto'
import { CompiledQuery, sql, type Kysely } from 'kysely'
import { DatabaseError } from '../errors.ts'
import type { CopiedTable } from '../repositories/care.ts'
import type { ExportReader } from '../repositories/reports.ts'
import { copyTables, readSequences, writeSequences, type CopyTable } from './copy-tables.ts'
import { mappingErrors, withoutPassword } from './map-database-error.ts'
import type { Schema } from './schema.ts'

export interface Side {
  readonly db: Kysely<Schema>
  readonly dialect: 'sqlite' | 'postgres'
  readonly exports: ExportReader
}

/**
 * Copies every table into an empty database of the same shape, in one transaction there and as of
 * one moment here, then reads the copy again and compares digests.
 */
export async function copyDatabase(
  source: Side,
  target: Side & { readonly name: string },
  options: { readonly signal: AbortSignal; readonly onTable: (name: string) => void },
): Promise<CopiedTable[]> {
  const tables = await copyTables(source.db, source.dialect)
  const sent = await mappingErrors(target.name, () => send(source, target, tables, options))
  const arrived = await digests(target.exports, tables)
  const differing = sent.filter(({ table, digest }) => arrived.get(table)?.digest !== digest)
  if (differing.length > 0)
    throw new DatabaseError(
      `the copy differs in ${differing.map(({ table }) => table).join(', ')}`,
      { code: 'bad-copy', hint: 'make a new empty target, then copy again' },
    )
  return sent
}

async function send(
  source: Side,
  target: Side & { readonly name: string },
  tables: readonly CopyTable[],
  { signal, onTable }: { readonly signal: AbortSignal; readonly onTable: (name: string) => void },
): Promise<CopiedTable[]> {
  return await target.db.transaction().execute(async (transaction) => {
    await refuseRows(transaction, tables, target.name)
    await transaction.deleteFrom('id_counters').execute()
    // SQLite checks references at the end then; on Postgres the order of the tables is enough.
    if (target.dialect === 'sqlite') await sql`pragma defer_foreign_keys = on`.execute(transaction)
    const sent: CopiedTable[] = []
    await source.exports.snapshot(async (pages) => {
      for (const table of tables) {
        onTable(table.name)
        const digest = new RowDigest()
        for await (const page of pages(table)) {
          signal.throwIfAborted()
          digest.add(page)
          await insert(transaction, target.dialect, table, page)
        }
        sent.push({ table: table.name, ...digest.result() })
      }
    })
    await writeSequences(
      transaction,
      target.dialect,
      await readSequences(source.db, source.dialect),
    )
    return sent
  })
}

async function refuseRows(
  db: Kysely<Schema>,
  tables: readonly CopyTable[],
  name: string,
): Promise<void> {
  for (const { name: table } of tables) {
    if (table === 'id_counters') continue
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)
    if (rows.length > 0)
      throw new DatabaseError(`${withoutPassword(name)} is not empty: it has rows in ${table}`, {
        code: 'not-empty',
        hint: 'name a new file or an empty database with --to',
      })
  }
}

async function insert(
  db: Kysely<Schema>,
  dialect: Side['dialect'],
  { name, columns }: CopyTable,
  page: readonly unknown[][],
): Promise<void> {
  const most = Math.floor(20_000 / columns.length)
  const list = columns.map((column) => `"${column}"`).join(', ')
  for (let start = 0; start < page.length; start += most) {
    const rows = page.slice(start, start + most)
    let parameter = 0
    const values = rows.map(
      (row) => `(${row.map(() => (dialect === 'postgres' ? `$${++parameter}` : '?')).join(', ')})`,
    )
    const text = `insert into "${name}" (${list}) values ${values.join(', ')}`
    await db.executeQuery(CompiledQuery.raw(text, rows.flat()))
  }
}

async function digests(
  exports: ExportReader,
  tables: readonly CopyTable[],
): Promise<Map<string, { rows: number; digest: string }>> {
  return await exports.snapshot(async (pages) => {
    const found = new Map<string, { rows: number; digest: string }>()
    for (const table of tables) {
      const digest = new RowDigest()
      for await (const page of pages(table)) digest.add(page)
      found.set(table.name, digest.result())
    }
    return found
  })
}

class RowDigest {
  #rows = 0
  #sum = 0n

  add(page: readonly unknown[][]): void {
    this.#rows += page.length
    for (const row of page) {
      const hash = createHash('sha256')
      for (const value of row) {
        // The kind and the length keep ["ab", "c"] apart from ["a", "bc"], and 1 from "1".
        const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value))
        hash.update(`${value === null ? 'null' : typeof value}:${bytes.length}:`)
        hash.update(bytes)
      }
      this.#sum += BigInt(`0x${hash.digest('hex')}`)
    }
  }

  result(): { rows: number; digest: string } {
    return {
      rows: this.#rows,
      digest: BigInt.asUintN(256, this.#sum).toString(16).padStart(64, '0'),
    }
  }
}
