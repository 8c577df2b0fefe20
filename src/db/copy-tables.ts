import { sql, type Kysely } from 'kysely'
import type { ExportTable } from '../repositories/reports.ts'
import type { Schema } from './schema.ts'

export type CopyTable = ExportTable

/** Others refer to these, so they are written first, in this order. */
const parents = ['meetings', 'horses', 'races', 'starters', 'archives', 'documents', 'tab_entrants']

/** What the migrator keeps: the target has its own. */
const own = /^schema_migrations/

/** All tables with their columns, those that others refer to first. */
export async function copyTables(
  db: Kysely<Schema>,
  dialect: 'sqlite' | 'postgres',
): Promise<CopyTable[]> {
  const keys = dialect === 'sqlite' ? await sqliteKeys(db) : await postgresKeys(db)
  const tables = (await db.introspection.getTables())
    .filter(({ name, isView }) => !isView && !own.test(name) && keys.has(name))
    .map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => column.name).sort(),
      key: keys.get(name) ?? [],
      textKeys: [],
    }))
  const rank = ({ name }: CopyTable): number =>
    parents.includes(name) ? parents.indexOf(name) : parents.length
  return tables.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

async function sqliteKeys(db: Kysely<Schema>): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ table: string; column: string }>`
    select t.name as "table", c.name as "column"
    from sqlite_master t join pragma_table_info(t.name) c
    where t.type = 'table' and c.pk > 0 and t.name not like 'sqlite%' order by t.name, c.pk
  `.execute(db)
  return grouped(rows)
}

async function postgresKeys(db: Kysely<Schema>): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ table: string; column: string }>`
    select k.table_name as "table", k.column_name as "column"
    from information_schema.table_constraints c
    join information_schema.key_column_usage k
      on k.constraint_name = c.constraint_name and k.table_schema = c.table_schema
    where c.constraint_type = 'PRIMARY KEY' and c.table_schema = current_schema()
    order by k.table_name, k.ordinal_position
  `.execute(db)
  return grouped(rows)
}

function grouped(rows: readonly { table: string; column: string }[]): Map<string, string[]> {
  const keys = new Map<string, string[]>()
  for (const { table, column } of rows) keys.set(table, [...(keys.get(table) ?? []), column])
  return keys
}

/** The highest id that was ever given in each table that counts by itself: ids are never reused. */
export async function readSequences(
  db: Kysely<Schema>,
  dialect: 'sqlite' | 'postgres',
): Promise<Map<string, number>> {
  if (dialect === 'sqlite') {
    const { rows } = await sql<{ name: string; seq: number }>`
      select name, seq from sqlite_sequence`.execute(db)
    return new Map(rows.map(({ name, seq }) => [name, seq]))
  }
  const { rows } = await sql<{ name: string; seq: number | null }>`
    select c.table_name as name, s.last_value as seq
    from information_schema.columns c
    join pg_sequences s on s.schemaname = c.table_schema
      and s.sequencename = c.table_name || '_' || c.column_name || '_seq'
    where c.table_schema = current_schema() and c.is_identity = 'YES'`.execute(db)
  return new Map(rows.flatMap(({ name, seq }) => (seq === null ? [] : [[name, Number(seq)]])))
}

export async function writeSequences(
  db: Kysely<Schema>,
  dialect: 'sqlite' | 'postgres',
  sequences: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [name, seq] of sequences) {
    if (dialect === 'postgres') {
      await sql`select setval(pg_get_serial_sequence(${name}, 'id'), ${seq})`.execute(db)
      continue
    }
    await sql`delete from sqlite_sequence where name = ${name}`.execute(db)
    await sql`insert into sqlite_sequence (name, seq) values (${name}, ${seq})`.execute(db)
  }
}
