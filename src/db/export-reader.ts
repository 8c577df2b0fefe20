import type BetterSqlite3 from 'better-sqlite3'
import type { Pool } from 'pg'
import type { ExportReader, ExportTable } from '../repositories/reports.ts'

/** Rows that are in memory at once. */
const pageRows = 2_000

/**
 * Whole tables in the order of their keys, as arrays: an object for each row would take three times
 * as long. All tables are of one moment.
 */
export function sqliteExportReader(raw: BetterSqlite3.Database): ExportReader {
  async function* pages(table: ExportTable): AsyncGenerator<unknown[][]> {
    const order = table.key.map(quoted)
    let page: unknown[][] = []
    for (const row of raw.prepare(selectFrom(table, order)).raw().iterate()) {
      page.push(row as unknown[])
      if (page.length < pageRows) continue
      yield page
      page = []
    }
    if (page.length > 0) yield page
  }
  return {
    snapshot: async (work) => {
      raw.exec('begin')
      try {
        return await work(pages)
      } finally {
        raw.exec('commit')
      }
    },
  }
}

export function postgresExportReader(pool: Pool): ExportReader {
  return {
    snapshot: async (work) => {
      const client = await pool.connect()
      try {
        await client.query('begin isolation level repeatable read read only')
        const result = await work(async function* pages(table) {
          // As SQLite orders text: by its bytes, whatever the database's language is.
          const order = table.key.map((name) =>
            table.textKeys.includes(name) ? `${quoted(name)} collate "C"` : quoted(name),
          )
          await client.query(`declare page no scroll cursor for ${selectFrom(table, order)}`)
          for (;;) {
            const text = `fetch ${pageRows} from page`
            const { rows } = await client.query({ text, rowMode: 'array' })
            if (rows.length === 0) break
            yield rows as unknown[][]
          }
          await client.query('close page')
        })
        return result
      } finally {
        await client.query('rollback').catch(() => undefined)
        client.release()
      }
    },
  }
}

function selectFrom({ name, columns }: ExportTable, order: readonly string[]): string {
  return `select ${columns.map(quoted).join(', ')} from ${quoted(name)} order by ${order.join(', ')}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
