import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { archiveLines, archivesBeside } from '../../cli/doctor/archives-beside.ts'
import type { Context } from '../../cli/context/context.ts'
import { confirm } from '../../cli/review/prompt.ts'
import { metricsFileFlag } from '../../cli/command/scheduled-command.ts'
import { toldBackup } from '../../cli/text/told-backup.ts'
import { megabytes } from '../../domain/megabytes.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'

export default class DbBackup extends UnrecordedCommand<typeof DbBackup> {
  static override summary = 'copy the database into a file, while others go on writing'
  static override description =
    'The copy is one whole file of one moment. It is opened and its rows are counted before it takes its name. Archives (`db archive`) are files of their own, named and not copied: they only ever grow by `db archive`.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> /backups/harness.db --keep 7',
    '<%= config.bin %> <%= command.id %> before-upgrade.db',
  ]
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'The file to write.' }),
  }
  static override flags = {
    ...metricsFileFlag,
    keep: Flags.integer({
      min: 1,
      max: 1000,
      helpValue: 'N',
      summary: 'Keep earlier copies as FILE.1, FILE.2 …, N files in all.',
    }),
  }

  protected async act(context: Context): Promise<Answer> {
    const file = resolve(this.args.file)
    if (this.flags.keep === undefined && existsSync(file)) {
      const how = { yes: this.flags.yes, signal: context.signal }
      if (!(await confirm(`Write over ${file}`, how)))
        return { object: { file: null }, text: 'nothing was changed\n' }
    }
    return await toldBackup(context, file, {
      metricsFile: this.flags['metrics-file'],
      backUp: () => this.#backUp(context, file),
    })
  }

  async #backUp(context: Context, file: string): Promise<Answer> {
    const { keep } = this.flags
    const { care } = await context.openForReading()
    const done = await care.backUp(file, keep === undefined ? {} : { keep })
    const archives = await archivesBeside(context)
    const kept = done.kept.length === 0 ? '' : `, ${done.kept.length} earlier kept`
    return {
      object: { database: context.databaseName, ...done, archives },
      text: `${done.file}: ${done.rows} rows, ${megabytes(done.sizeBytes)}, looked into and found whole${kept}\n${archiveLines(archives, 'copy it as well')}`,
    }
  }
}
