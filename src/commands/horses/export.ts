import type { Context } from '../../cli/context/context.ts'
import { exportFileArgs, writeDecisionLines } from '../../cli/files/decision-file.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesExport extends ReadingCommand<typeof HorsesExport> {
  static override summary = 'write the decisions about horses to a file'
  static override description =
    'One JSON object a line, in the sources’ keys and identifiers: they can be imported into a database that was built anew. Decisions that were undone are left out.'
  static override examples = ['<%= config.bin %> <%= command.id %> decisions.jsonl']
  static override args = exportFileArgs

  protected async read(context: Context): Promise<Answer> {
    await context.openForReading()
    const { exportHorseDecisions } = await import('../../app/horses/horse-decision-lines.ts')
    return writeDecisionLines(this.args.file, await exportHorseDecisions(context.deps))
  }
}
