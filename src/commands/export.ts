import { Flags } from '@oclif/core'
import type { Context } from '../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../cli/command/reading-command.ts'
import { renderRows } from '../cli/text/render.ts'
import { UsageError } from '../errors.ts'

const columns = [
  { key: 'file', title: 'FILE' },
  { key: 'rows', title: 'ROWS', align: 'right' },
] as const

export default class Export extends ReadingCommand<typeof Export> {
  static override summary = 'write the tables to files: CSV, JSON Lines, Parquet'
  static override description =
    'Every public table and the flat view `starts`, in a fixed order, with a data dictionary. The files take their places when all of them are whole. `harness import` reads the starts back.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --out export',
    '<%= config.bin %> <%= command.id %> --out export --format parquet --table starts',
  ]
  static override flags = {
    out: Flags.string({ required: true, helpValue: 'DIR', summary: 'Folder; made if need be.' }),
    format: Flags.string({
      default: 'csv,jsonl,parquet',
      helpValue: 'LIST',
      summary: 'Formats, with commas between: csv, jsonl, parquet.',
    }),
    table: Flags.string({ multiple: true, helpValue: 'NAME', summary: 'These tables only.' }),
  }

  // A signal must not leave half a file behind.
  protected override readonly stopsAtOnce = false

  protected async read(context: Context): Promise<Answer> {
    const { exports } = await context.openForReading()
    const [{ exportFormats, exportTables }, { dictionary }, { openTableFile }] = await Promise.all([
      import('../app/report/export-tables.ts'),
      import('../app/report/export-dictionary.ts'),
      import('../cli/text/table-files.ts'),
    ])
    const asked = this.flags.format.split(',').map((word) => word.trim())
    const formats = exportFormats.filter((format) => asked.includes(format))
    const known = dictionary.map(({ name }) => name)
    const tables = this.flags.table ?? known
    const strange =
      asked.find((word) => !exportFormats.some((format) => format === word)) ??
      tables.find((table) => !known.includes(table))
    if (strange !== undefined)
      throw new UsageError(
        `there is nothing called ${JSON.stringify(strange.slice(0, 40))} to export`,
        `Formats are ${exportFormats.join(', ')}; tables are ${known.join(', ')}.`,
      )
    const { out } = this.flags
    const files = await exportTables(
      { ...context.deps, exports, openTableFile },
      { out, formats, tables },
    )
    return {
      object: { out, files },
      text: await renderRows(
        files.map((file) => ({ ...file })),
        columns,
        'table',
      ),
    }
  }
}
