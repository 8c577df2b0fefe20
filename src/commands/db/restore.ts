import { resolve } from 'node:path'
import { Args } from '@oclif/core'
import { isPostgres } from '../../cli/context/setting-values.ts'
import type { Context } from '../../cli/context/context.ts'
import { confirm } from '../../cli/review/prompt.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'
import { UsageError } from '../../errors.ts'

export default class DbRestore extends UnrecordedCommand<typeof DbRestore> {
  static override summary = 'put a backup in the place of the database'
  static override description =
    'All jobs are locked out meanwhile. The file that was there is kept beside it under another name, damaged or not.'
  static override examples = ['<%= config.bin %> <%= command.id %> /backups/harness.db']
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'The backup.' }),
  }

  protected async act(context: Context): Promise<Answer> {
    const file = resolve(this.args.file)
    if (isPostgres(context.config.settings.db))
      throw new UsageError(
        'a backup is restored into a file, and this database is on a server',
        'Copy it into an empty database: `harness db copy --db FILE --to postgres://…`.',
      )
    if (context.databaseExists) {
      const question = `Put ${file} in the place of ${context.databaseName}`
      if (!(await confirm(question, { yes: this.flags.yes, signal: context.signal })))
        return { object: { restored: null }, text: 'nothing was changed\n' }
    }
    const { rows, before } = await context.restore(file)
    const kept = before === null ? '' : `what was there is now ${before}\n`
    return {
      object: { database: context.databaseName, restored: file, rows, before },
      text: `${context.databaseName} is ${file} again: ${rows} rows\n${kept}`,
    }
  }
}
