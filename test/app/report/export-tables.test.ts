import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import {
  dictionary,
  dictionaryMarkdown,
  internalColumns,
} from '../../../src/app/report/export-dictionary.ts'
import { exportFormats, exportTables } from '../../../src/app/report/export-tables.ts'
import { importStarts } from '../../../src/app/importing/import-starts.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { openTableFile } from '../../../src/cli/text/table-files.ts'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { openRowFile } from '../../../src/sources/files/row-file.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { root, scratchFolder } from '../../support/run-cli.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'

const world = makeWorld({ seed: 11, from: '2026-03-06', to: '2026-03-08', racesPerMeeting: [2, 3] })
const now = nzInstant(addDays(world.to, 10), '09:00')
type Database = Awaited<ReturnType<typeof openTestDatabase>>

async function exported(database: Database, out: string) {
  const request = { out, formats: exportFormats, tables: dictionary.map(({ name }) => name) }
  return await exportTables(
    { ...quietDeps(database, now), exports: database.exports, openTableFile },
    request,
  )
}

async function rowsOf(file: string) {
  const rows = []
  for await (const { row } of (await openRowFile(file, undefined)).rows()) rows.push(row)
  return rows
}

/** Empty, null and numbers as text are one: CSV has no more. */
function asText(row: object | string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null
        ? ''
        : value instanceof Date
          ? value.toISOString().replace('T00:00:00.000Z', '')
          : String(value),
    ]),
  )
}

const folders: Partial<Record<string, string>> = {}

describe.each(testDialects)('an export from %s', (dialect) => {
  let database: Database
  const out = scratchFolder()
  let files: Awaited<ReturnType<typeof exported>> = []

  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    const deps = quietDeps(database, now)
    for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)])
      await ingestMeeting(deps, unit)
    files = await exported(database, out)
    folders[dialect] = out
  })
  afterAll(() => database.close())

  it('describes every column that the database has, in its order, and no other', async () => {
    for (const { name, columns } of dictionary) {
      const found =
        dialect === 'sqlite'
          ? sql<{ name: string }>`select name from pragma_table_info(${name})`
          : sql<{ name: string }>`select column_name as name from information_schema.columns
              where table_schema = current_schema() and table_name = ${name}`
      const inDatabase = (await found.execute(database.db)).rows.map((row) => row.name)
      const told = [...columns.map((column) => column.name), ...(internalColumns[name] ?? [])]
      expect(told.toSorted(), name).toEqual(inDatabase.toSorted())
      for (const { meaning } of columns) expect(meaning).not.toBe('')
    }
  })

  it('holds every table in every format, and no draft is left', async () => {
    expect(files).toHaveLength(dictionary.length * exportFormats.length)
    expect(readdirSync(out).toSorted()).toEqual(
      [...files.map(({ file }) => file), 'data-dictionary.md'].toSorted(),
    )
    const starters = await database.db
      .selectFrom('starters')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    const starts = files.find(({ file }) => file === 'starts.csv')
    expect(starts?.rows).toBe(Number(starters.count))
    expect(starts?.rows).toBeGreaterThan(20)
  })

  it('is the same rows in each format', async () => {
    for (const { name } of dictionary) {
      const [csv, jsonl, parquet] = await Promise.all(
        exportFormats.map(async (format) =>
          (await rowsOf(join(out, `${name}.${format}`))).map(asText),
        ),
      )
      expect(jsonl, name).toEqual(csv)
      // An instant at midnight would look like a date here; there is none in this world.
      expect(parquet, name).toEqual(csv)
    }
  })

  it('is the same bytes when it is written again', async () => {
    const again = scratchFolder()
    await exported(database, again)
    for (const { file } of files)
      expect(readFileSync(join(again, file)).equals(readFileSync(join(out, file))), file).toBe(true)
  })

  it('leaves the former export alone when it fails', async () => {
    const before = readdirSync(out)
    const failing = {
      ...quietDeps(database, now),
      exports: database.exports,
      openTableFile: async (...asked: Parameters<typeof openTableFile>) => {
        const file = await openTableFile(...asked)
        return asked[2].name === 'races'
          ? { ...file, write: () => Promise.reject(new Error('full')) }
          : file
      },
    }
    const request = { out, formats: ['csv'] as const, tables: ['starts', 'races'] }
    await expect(exportTables(failing, request)).rejects.toThrow('full')
    expect(readdirSync(out)).toEqual(before)
  })

  it.each(exportFormats)('is read back by the import as %s', async (format) => {
    const other = await openTestDatabase('sqlite')
    try {
      const file = await openRowFile(join(out, `starts.${format}`), undefined)
      const { badRows, rows } = await importStarts(quietDeps(other, now), file, {
        columns: {},
        dryRun: false,
      })
      expect({ badRows, rows }).toEqual({
        badRows: 0,
        rows: files.find(({ file: name }) => name === 'starts.csv')?.rows,
      })
    } finally {
      await other.close()
    }
  })
})

describe('the data dictionary', () => {
  it('in docs/ is the one that exports carry', () => {
    expect(readFileSync(join(root, 'docs/data-dictionary.md'), 'utf8')).toBe(dictionaryMarkdown())
  })

  it('has the same rows from both databases', () => {
    const [sqlite, postgres] = testDialects.map((dialect) => folders[dialect] ?? '')
    for (const { name } of dictionary) {
      // What each database counted for itself: its own documents and log.
      if (name === 'data_ingestion_log') continue
      const file = `${name}.csv`
      expect(readFileSync(join(postgres!, file), 'utf8'), name).toBe(
        readFileSync(join(sqlite!, file), 'utf8'),
      )
    }
  })
})
