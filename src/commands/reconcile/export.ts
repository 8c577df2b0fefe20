import type { Context } from '../../cli/context/context.ts'
import { exportFileArgs, writeDecisionLines } from '../../cli/files/decision-file.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class ReconcileExport extends ReadingCommand<typeof ReconcileExport> {
  static override summary = 'write the decisions about meetings to a file'
  static override description =
    'Aliases, decisions and corrections that stand, one JSON object a line, in the sources’ keys: they can be imported into a database that was built anew.'
  static override examples = ['<%= config.bin %> <%= command.id %> meetings.jsonl']
  static override args = exportFileArgs

  protected async read(context: Context): Promise<Answer> {
    await context.openForReading()
    const { exportMeetingDecisions } = await import('../../app/reconcile/meeting-decision-lines.ts')
    return writeDecisionLines(this.args.file, await exportMeetingDecisions(context.deps))
  }
}
