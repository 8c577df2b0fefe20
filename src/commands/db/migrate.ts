import type { Context } from '../../cli/context/context.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class DbMigrate extends WritingCommand<typeof DbMigrate> {
  static override summary = 'make the database, or bring it up to this version'
  static override description =
    'Writing commands do this by themselves. A file that is changed is copied beside itself first.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected async work(context: Context): Promise<Finished> {
    const { applied, backup } = context.migrated
    const outcome =
      applied.length === 0
        ? `${context.databaseName} is up to date, nothing to do`
        : `${context.databaseName} brought up to date`
    return {
      counts: { applied: applied.length },
      lines: applied.map((name) => `applied ${name}`),
      json: { database: context.databaseName, applied, backup },
      warnings: [],
      partial: false,
      outcome,
    }
  }
}
