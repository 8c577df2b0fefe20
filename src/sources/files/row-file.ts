import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RowFile } from '../../app/ports.ts'
import { unreadable, UsageError } from '../../errors.ts'

export const rowFormats = ['csv', 'ndjson', 'parquet'] as const
export type RowFormat = (typeof rowFormats)[number]

type Rows = ReturnType<RowFile['rows']>

/** A record longer than this is a file that is not what it seems. Characters. */
const longestRecord = 1_000_000
/** Rows of a Parquet file that are read at once. */
const parquetBatch = 10_000

/** A file of rows; its format by its content's first bytes or its name where it is not said. */
export async function openRowFile(path: string, format: RowFormat | undefined): Promise<RowFile> {
  let head: Buffer
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is no file')
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0)
      head = buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
  const name = basename(path)
  const text = head.toString('utf8').replace(/^\uFEFF/, '')
  switch (format ?? formatOf(name, text)) {
    case 'parquet':
      return { name, rows: () => parquetRows(path) }
    case 'ndjson':
      return { name, rows: () => jsonRows(path) }
    default:
      return { name, rows: () => csvRows(path, delimiterOf(text)) }
  }
}

function formatOf(name: string, head: string): RowFormat {
  if (head.startsWith('PAR1')) return 'parquet'
  if (/\.(ndjson|jsonl|json)$/i.test(name) || head.trimStart().startsWith('{')) return 'ndjson'
  return 'csv'
}

/** What stands most often in the head line: comma, semicolon or tab. */
function delimiterOf(head: string): string {
  const line = head.split(/\r?\n/, 1)[0] ?? ''
  const count = (letter: string): number => line.split(letter).length
  return [',', ';', '\t'].reduce((best, letter) => (count(letter) > count(best) ? letter : best))
}

async function* csvRows(path: string, delimiter: string): Rows {
  const { parse } = await import('csv-parse')
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRecord,
    }),
  )
  let columns: readonly string[] | undefined
  try {
    for await (const one of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      const { record, info } = one
      if (columns === undefined) {
        columns = record.map((column) => column.trim())
        const twice = columns.find((column, index) => columns!.indexOf(column) !== index)
        if (twice !== undefined)
          throw new UsageError(`the file has two columns ${JSON.stringify(twice)}`)
        continue
      }
      yield {
        line: info.lines,
        row:
          record.length === columns.length
            ? Object.fromEntries(
                columns.map((column, index) => [column, unguarded(record[index]!)]),
              )
            : `${record.length} fields where the head has ${columns.length}`,
      }
    }
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`the file is no CSV: ${(error as Error).message}`)
  }
}

/** Our own CSV has a quote mark in front of what a spreadsheet would run as a formula. */
function unguarded(text: string): string {
  return /^'+[=+\-@＝＋－＠]/.test(text) ? text.slice(1) : text
}

async function* jsonRows(path: string): Rows {
  let line = 0
  for await (const text of linesOf(path)) {
    line++
    if (text.trim() !== '') yield { line, row: objectOf(text) }
  }
}

/** Lines without their ends. Node's readline would gather a line of any length first. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    if (rest.length > longestRecord)
      throw new UsageError(`the file has a line of more than ${longestRecord} letters`)
    for (const line of lines) yield line.replace(/^\uFEFF|\r$/g, '')
  }
  if (rest !== '') yield rest
}

function objectOf(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : 'the line is no JSON object'
  } catch {
    return 'the line is no JSON'
  }
}

async function* parquetRows(path: string): Rows {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } =
    await import('hyparquet')
  try {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const total = Number(metadata.num_rows)
    for (let from = 0; from < total; from += parquetBatch) {
      const rows = await parquetReadObjects({
        file,
        metadata,
        rowStart: from,
        rowEnd: Math.min(from + parquetBatch, total),
      })
      for (const [index, row] of rows.entries()) yield { line: from + index + 1, row }
    }
  } catch (error) {
    throw new UsageError(`the file cannot be read as Parquet: ${(error as Error).message}`)
  }
}
