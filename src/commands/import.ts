import { Args, Flags } from '@oclif/core'
import type { Context } from '../cli/context/context.ts'
import { dryRunFlag } from '../cli/command/flags.ts'
import { readColumnMap } from '../cli/files/read-column-map.ts'
import type { Finished } from '../cli/command/write-summary.ts'
import { WritingCommand } from '../cli/command/writing-command.ts'

export default class Import extends WritingCommand<typeof Import> {
  static override summary = 'take starts from a file: CSV, NDJSON or Parquet'
  static override description =
    'One row a start, under the columns that `export` writes, or mapped by --map and --mapping. Joins meetings, races and horses by the same rules as the other sources; the same file again changes nothing. Bad rows are listed and left out (exit 3).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> history.csv --dry-run',
    '<%= config.bin %> <%= command.id %> runs.csv --map horse_name=Runner --map venue=Track',
    '<%= config.bin %> <%= command.id %> starts.parquet --mapping columns.json',
  ]
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'File to read.' }),
  }
  static override flags = {
    input: Flags.option({
      options: ['csv', 'jsonl', 'ndjson', 'parquet'] as const,
      summary: 'What the file is; told by its content otherwise.',
    })(),
    map: Flags.string({
      multiple: true,
      helpValue: 'FIELD=COLUMN',
      summary: 'Which column holds a field; may be said again.',
    }),
    mapping: Flags.string({ helpValue: 'FILE', summary: 'A JSON file {"field":"column"}.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { importStarts } = await import('../app/importing/import-starts.ts')
    const { input, map, mapping, 'dry-run': isDryRun } = this.flags
    const columns = await readColumnMap(map ?? [], mapping)
    const file = await context.sources.rowFile(
      this.args.file,
      // `export` calls its lines of JSON by their other name.
      input === 'jsonl' ? 'ndjson' : input,
    )
    const result = await importStarts(context.deps, file, { columns, dryRun: isDryRun })
    const { counts, warnings, rows, badRows } = result
    return { ...result, json: { counts, warnings, dryRun: isDryRun, rows, badRows } }
  }
}
