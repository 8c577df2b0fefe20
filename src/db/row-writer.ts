import { CompiledQuery, PostgresAdapter, type Insertable, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** A transaction, or the database itself where a single statement is a transaction of its own. */
export type Executor = Kysely<Schema>

type Value = string | number | Uint8Array | null

/** SQLite takes 32,766 parameters in a statement, Postgres 65,535. */
const maxParameters = 30_000

type TableName = Exclude<keyof Schema, 'starts' | 'meeting_sources'>

export interface RowWriterConfig<T extends TableName, Row> {
  readonly table: T
  /** How each column is made from a row. */
  readonly values: {
    readonly [C in keyof Insertable<Schema[T]>]: (row: Row) => Insertable<Schema[T]>[C]
  }
  /** Columns of the key by which a row that is there is found; without it rows are only added. */
  readonly key?: readonly (keyof Insertable<Schema[T]> & string)[]
  /** Columns that keep their value when the row is there already. */
  readonly keep?: readonly (keyof Insertable<Schema[T]> & string)[]
  /** Conflict target where it is not simply the key's columns. */
  readonly conflictTarget?: string
  /** Leave rows alone that are there already. */
  readonly ignoreExisting?: boolean
}

/** Writes rows and returns how many the database says it touched. */
export type RowWriter<Row> = (db: Executor, rows: readonly Row[]) => Promise<number>

/**
 * Multi-row insert, or upsert by key. The SQL is put together here rather than by kysely's builder,
 * which makes a node object for every single value and takes three times as long for it. Of rows
 * with the same key the last one counts: neither database can touch a row twice in one upsert.
 */
export function rowWriter<T extends TableName, Row>(
  config: RowWriterConfig<T, Row>,
): RowWriter<Row> {
  const columns = Object.keys(config.values)
  const getters = columns.map(
    (column) => config.values[column as keyof typeof config.values] as (row: Row) => Value,
  )
  const keyGetters = (config.key ?? []).map((column) => getters[columns.indexOf(column)]!)
  const kept = new Set<string>([...(config.key ?? []), ...(config.keep ?? [])])
  const head = `insert into ${config.table} (${columns.join(', ')}) values `
  const tail = conflictClause(config, columns, kept)
  const rowsPerStatement = Math.floor(maxParameters / columns.length)

  return async (db, rows) => {
    const unique = keyGetters.length > 0 ? lastOfEachKey(rows, keyGetters) : rows
    const numbered = isPostgres(db)
    let touched = 0
    for (let start = 0; start < unique.length; start += rowsPerStatement) {
      const end = Math.min(start + rowsPerStatement, unique.length)
      const parameters: Value[] = []
      for (let i = start; i < end; i++) {
        const row = unique[i]!
        for (const get of getters) parameters.push(withoutNul(get(row)))
      }
      const text = head + placeholders(end - start, columns.length, numbered) + tail
      const result = await db.executeQuery(CompiledQuery.raw(text, parameters))
      touched += Number(result.numAffectedRows ?? 0n)
    }
    return touched
  }
}

/** Postgres refuses U+0000 in text, so neither database gets it. */
export function withoutNul<T>(value: T): T {
  return typeof value === 'string' && value.includes('\0')
    ? (value.replaceAll('\0', '') as typeof value)
    : value
}

/** Runs a query for the distinct keys in as few statements as the parameter limit allows. */
export async function inChunks<K, Row>(
  keys: Iterable<K>,
  query: (keys: K[]) => Promise<Row[]>,
): Promise<Row[]> {
  const distinct = distinctKeys(keys)
  if (distinct.length <= maxParameters) return distinct.length === 0 ? [] : query(distinct)
  const rows: Row[] = []
  for (let start = 0; start < distinct.length; start += maxParameters) {
    for (const row of await query(distinct.slice(start, start + maxParameters))) rows.push(row)
  }
  return rows
}

/** As `inChunks`, for statements that give nothing back. */
export async function forChunks<K>(
  keys: Iterable<K>,
  statement: (keys: K[]) => Promise<unknown>,
): Promise<void> {
  const distinct = distinctKeys(keys)
  for (let start = 0; start < distinct.length; start += maxParameters) {
    await statement(distinct.slice(start, start + maxParameters))
  }
}

export function isPostgres(db: Executor): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}

function distinctKeys<K>(keys: Iterable<K>): K[] {
  const distinct = new Set<K>()
  for (const key of keys) distinct.add(withoutNul(key))
  return [...distinct]
}

function conflictClause<T extends TableName, Row>(
  config: RowWriterConfig<T, Row>,
  columns: readonly string[],
  kept: ReadonlySet<string>,
): string {
  const target = config.conflictTarget ?? config.key?.join(', ')
  if (target === undefined) return ''
  const updates = columns.filter((column) => !kept.has(column))
  if (config.ignoreExisting === true || updates.length === 0) {
    return ` on conflict (${target}) do nothing`
  }
  const set = updates.map((column) => `${column} = excluded.${column}`).join(', ')
  return ` on conflict (${target}) do update set ${set}`
}

function lastOfEachKey<Row>(
  rows: readonly Row[],
  keyGetters: readonly ((row: Row) => Value)[],
): readonly Row[] {
  if (rows.length < 2) return rows
  const byKey = new Map<unknown, Row>()
  const [only] = keyGetters
  for (const row of rows) {
    const key =
      keyGetters.length === 1
        ? withoutNul(only!(row))
        : JSON.stringify(keyGetters.map((get) => withoutNul(get(row))))
    byKey.set(key, row)
  }
  return byKey.size === rows.length ? rows : [...byKey.values()]
}

function placeholders(rows: number, columns: number, numbered: boolean): string {
  if (!numbered) {
    const row = `(${'?, '.repeat(columns - 1)}?)`
    return row + `, ${row}`.repeat(rows - 1)
  }
  const parts: string[] = []
  for (let row = 0, n = 1; row < rows; row++) {
    const numbers: string[] = []
    for (let column = 0; column < columns; column++) numbers.push(`$${n++}`)
    parts.push(`(${numbers.join(', ')})`)
  }
  return parts.join(', ')
}
