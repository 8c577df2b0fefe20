import { allJobs, type Context } from '../../cli/context/context.ts'
import { confirm } from '../../cli/review/prompt.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'

export default class DbRollback extends UnrecordedCommand<typeof DbRollback> {
  static override summary = 'take back the last migration, with the data that only it can hold'
  static override description =
    'For going back to an older version of harness. All jobs are locked out meanwhile.'
  static override examples = ['<%= config.bin %> <%= command.id %> --yes']

  protected async act(context: Context): Promise<Answer> {
    const { signal } = context
    const { current } = await (await context.openAsItIs()).migrator.status()
    await context.close()
    const question = `Take back ${current ?? 'nothing'} of ${context.databaseName}, data included`
    if (!(await confirm(question, { yes: this.flags.yes, signal })))
      return { object: { rolledBack: null }, text: 'nothing was changed\n' }
    const database = await context.openUnderLocks(allJobs)
    const name = await database.migrator.rollback()
    return {
      object: { database: context.databaseName, rolledBack: name },
      text:
        name === null
          ? `${context.databaseName} has no migration to take back\n`
          : `took back ${name} of ${context.databaseName}\n`,
    }
  }
}
