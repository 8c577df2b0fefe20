import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import { renderPairs } from '../../cli/text/render.ts'

export default class DbStatus extends ReadingCommand<typeof DbStatus> {
  static override summary = 'show which migrations the database has'
  static override examples = ['<%= config.bin %> <%= command.id %> --json']

  protected async read(context: Context): Promise<Answer> {
    const database = await context.openAsItIs()
    const { current, pending, newerThanKnown } = await database.migrator.status()
    const state =
      newerThanKnown.length > 0 ? 'newer' : pending.length > 0 ? 'behind' : ('current' as const)
    const next = {
      newer: 'made by a newer version of harness; upgrade harness',
      behind: 'run `harness db migrate` (writing commands do it by themselves)',
      current: 'up to date',
    }[state]
    return {
      object: {
        database: context.databaseName,
        dialect: database.dialect,
        state,
        current,
        pending,
        newerThanKnown,
      },
      text: renderPairs([
        ['database', `${context.databaseName} (${database.dialect})`],
        ['schema', current ?? 'none'],
        ['pending', pending.length === 0 ? 'none' : pending.join(', ')],
        ...(newerThanKnown.length > 0 ? [['unknown', newerThanKnown.join(', ')] as const] : []),
        ['state', next],
      ]),
    }
  }
}
