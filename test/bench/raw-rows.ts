import BetterSqlite3 from 'better-sqlite3'
import type { Figures } from './figures.ts'

type Value = string | number | Buffer | null

interface TableWork {
  readonly upsert: string
  readonly remove: string
  readonly rows: readonly (readonly Value[])[]
  readonly gone: readonly (readonly Value[])[]
}

/** Parents before children: foreign keys are checked, as they are for the program. */
const tables = [
  'id_counters',
  'meetings',
  'races',
  'horses',
  'horse_identifiers',
  'contested_identifiers',
  'horse_names',
  'starters',
  'redirects',
  'observations',
  'links',
  'review_items',
  'data_ingestion_log',
]

/**
 * The lower bound: what ingesting made of `database`, as it stands in `after`, written row by row
 * with prepared statements in one transaction. Which rows these are is found out beforehand.
 */
export function writeRaw(options: { readonly database: string; readonly after: string }): Figures {
  const raw = new BetterSqlite3(options.database)
  raw.pragma('foreign_keys = on')
  raw.pragma('journal_mode = wal')
  raw.pragma('synchronous = normal')
  raw.prepare('attach ? as after').run(options.after)
  const work = tables.map((table) => workOf(raw, table))
  raw.exec('detach after')
  const started = performance.now()
  const write = raw.transaction(() => {
    // What goes makes room first; a row may still point at it until its own turn comes.
    raw.pragma('defer_foreign_keys = on')
    for (const { remove, gone } of work.toReversed()) {
      if (gone.length === 0) continue
      const statement = raw.prepare(remove)
      for (const key of gone) statement.run(...key)
    }
    for (const { upsert, rows } of work) {
      if (rows.length === 0) continue
      const statement = raw.prepare(upsert)
      for (const row of rows) statement.run(...row)
    }
  })
  write.immediate()
  const apply = performance.now() - started
  raw.close()
  return { apply, rows: work.reduce((sum, { rows, gone }) => sum + rows.length + gone.length, 0) }
}

function workOf(raw: BetterSqlite3.Database, table: string): TableWork {
  const columns = raw.pragma(`table_info(${table})`) as { name: string; pk: number }[]
  const names = columns.map(({ name }) => name)
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name)
  const others = names.filter((name) => !keys.includes(name))
  const list = names.join(', ')
  const rowsOf = (sql: string): Value[][] => raw.prepare(sql).raw().all() as Value[][]
  const update =
    others.length === 0
      ? 'nothing'
      : `update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`
  return {
    upsert:
      `insert into ${table} (${list}) values (${names.map(() => '?').join(', ')}) ` +
      `on conflict (${keys.join(', ')}) do ${update}`,
    remove: `delete from ${table} where ${keys.map((name) => `${name} = ?`).join(' and ')}`,
    rows: rowsOf(
      `select ${list} from after.${table} except select ${list} from main.${table} order by 1, 2`,
    ),
    gone: rowsOf(
      `select ${keys.join(', ')} from main.${table} except select ${keys.join(', ')} from after.${table}`,
    ),
  }
}
