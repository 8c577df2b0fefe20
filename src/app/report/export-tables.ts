import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InterruptedError } from '../../errors.ts'
import type { ExportReader } from '../../repositories/reports.ts'
import { dictionary, dictionaryMarkdown, type DictionaryTable } from './export-dictionary.ts'
import type { AppDeps } from '../ports.ts'

export const exportFormats = ['csv', 'jsonl', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** A file that takes rows; made by whoever knows the formats. */
export interface TableFile {
  write(rows: readonly unknown[][]): Promise<void>
  close(): Promise<void>
}
export type OpenTableFile = (
  format: ExportFormat,
  path: string,
  table: DictionaryTable,
) => Promise<TableFile>

export interface ExportedFile {
  readonly file: string
  readonly rows: number
}

/**
 * Writes the tables into a folder. Every file is written under another name first and all of them
 * take their places at the end: whoever reads the folder meanwhile finds the former export whole.
 */
export async function exportTables(
  deps: Pick<AppDeps, 'signal' | 'progress'> & {
    readonly exports: ExportReader
    readonly openTableFile: OpenTableFile
  },
  request: {
    readonly out: string
    readonly formats: readonly ExportFormat[]
    readonly tables: readonly string[]
  },
): Promise<ExportedFile[]> {
  const { exports, openTableFile, signal, progress } = deps
  const { out, formats, tables } = request
  await mkdir(out, { recursive: true })
  const written: (ExportedFile & { readonly draft: string })[] = []
  const draftOf = (file: string) => join(out, `.${file}.${process.pid}.partial`)
  const drafts: string[] = []
  try {
    const asked = dictionary.filter(({ name }) => tables.includes(name))
    progress.start(asked.length, 'tables')
    await exports.snapshot(async (pages) => {
      for (const table of asked) {
        const files = formats.map((format) => `${table.name}.${format}`)
        drafts.push(...files.map(draftOf))
        const open: TableFile[] = []
        let rows = 0
        try {
          for (const [index, format] of formats.entries())
            open.push(await openTableFile(format, draftOf(files[index]!), table))
          for await (const page of pages(readable(table))) {
            if (signal.aborted) throw new InterruptedError()
            rows += page.length
            for (const file of open) await file.write(page)
          }
        } finally {
          for (const file of open) await file.close()
        }
        written.push(...files.map((file) => ({ file, rows, draft: draftOf(file) })))
        progress.step(table.name)
      }
    })
    const page = 'data-dictionary.md'
    drafts.push(draftOf(page))
    await writeFile(draftOf(page), dictionaryMarkdown())
    for (const { file, draft } of written) await rename(draft, join(out, file))
    await rename(draftOf(page), join(out, page))
    return written.map(({ file, rows }) => ({ file, rows }))
  } finally {
    progress.stop()
    for (const draft of drafts) await rm(draft, { force: true })
  }
}

function readable({ name, key, columns }: DictionaryTable) {
  const text = new Set(columns.filter(({ kind }) => kind === 'text').map((column) => column.name))
  return {
    name,
    key,
    columns: columns.map((column) => column.name),
    textKeys: key.filter((column) => text.has(column)),
  }
}
