import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dictionary } from '../../src/app/report/export-dictionary.ts'
import { openTestDatabase } from '../support/database.ts'

/** What datasette and its like make links of: keys lead to a row, indexes lead back from it. */
let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase('sqlite')
})
afterAll(() => database.close())

async function column(query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> {
  return (await query.execute(database.db)).rows.map(({ name }) => name)
}

it('every id of a public table that names a row of another is a foreign key with an index', async () => {
  const views = await column(sql`select name from sqlite_master where type = 'view'`)
  const tables = dictionary.filter(({ name }) => !views.includes(name))
  const names = tables.map(({ name }) => name)
  let checked = 0
  for (const { name, columns } of tables) {
    const keys = await column(
      sql`select "from" || ' ' || "table" as name from pragma_foreign_key_list(${name})`,
    )
    const firsts = await column(
      sql`select c.name from pragma_index_list(${name}) i, pragma_index_info(i.name) c
        where c.seqno = 0`,
    )
    for (const { name: id } of columns) {
      const other = id.endsWith('_id') ? `${id.slice(0, -3)}s` : ''
      // Beside its start a race is a copy, which `db check` holds against the start's own.
      const isCopied = id === 'race_id' && columns.some((one) => one.name === 'starter_id')
      if (!names.includes(other) || isCopied) continue
      expect(keys, `${name}.${id}`).toContain(`${id} ${other}`)
      expect(firsts, `${name}.${id}`).toContain(id)
      checked += 1
    }
  }
  expect(checked).toBeGreaterThanOrEqual(4)
  expect(views).toEqual(expect.arrayContaining(['starts', 'meeting_sources']))
})
