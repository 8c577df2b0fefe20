import { type FileHandle, open } from 'node:fs/promises'
import type { DictionaryTable } from '../../app/report/export-dictionary.ts'
import type { ExportFormat, TableFile } from '../../app/report/export-tables.ts'
import { csvField, csvLines } from './render.ts'
import { safeJson } from './safe-text.ts'

/** Rows of one group of a Parquet file: what is held in memory of it. */
const groupRows = 5_000

/** Opens a file of the format for one table's rows. */
export async function openTableFile(
  format: ExportFormat,
  path: string,
  table: DictionaryTable,
): Promise<TableFile> {
  const names = table.columns.map(({ name }) => name)
  switch (format) {
    case 'csv': {
      const file = await open(path, 'w')
      await file.appendFile(`${names.map(csvField).join(',')}\n`)
      return linesFile(file, csvLines(names.length))
    }
    case 'jsonl':
      return linesFile(await open(path, 'w'), (row) =>
        safeJson(Object.fromEntries(names.map((name, index) => [name, row[index]]))),
      )
    case 'parquet':
      return await parquetFile(path, table)
  }
}

function linesFile(file: FileHandle, lineOf: (row: readonly unknown[]) => string): TableFile {
  return {
    write: async (rows) => {
      let text = ''
      for (const row of rows) text += `${lineOf(row)}\n`
      await file.appendFile(text)
    },
    close: () => file.close(),
  }
}

const parquetTypes = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  whole: { type: 'INT64' },
  date: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
} as const

async function parquetFile(path: string, { columns }: DictionaryTable): Promise<TableFile> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer')
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, kind }) => ({
        name,
        repetition_type: 'OPTIONAL' as const,
        ...parquetTypes[kind],
      })),
    ],
    createdBy: 'harness',
  })
  let held: (readonly unknown[])[] = []
  const flush = async () => {
    if (held.length === 0) return
    const columnData = columns.map(({ name, kind }, index) => ({
      name,
      data: held.map((row) => parquetValue(row[index], kind)),
    }))
    held = []
    await writer.write({ columnData, rowGroupSize: groupRows })
  }
  return {
    write: async (rows) => {
      for (const row of rows) {
        held.push(row)
        if (held.length >= groupRows) await flush()
      }
    },
    close: async () => {
      await flush()
      await writer.finish()
    },
  }
}

function parquetValue(value: unknown, kind: keyof typeof parquetTypes): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'whole') return BigInt(value as number)
  return kind === 'text' ? String(value) : new Date(String(value))
}
