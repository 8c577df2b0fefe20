import type { Context } from '../../cli/context/context.ts'
import { importFileArgs, takenInWords } from '../../cli/files/decision-file.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { readTextFile } from '../../cli/files/read-text-file.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class ReconcileImport extends WritingCommand<typeof ReconcileImport> {
  static override summary = 'take decisions about meetings from a file'
  static override description =
    'Reads what `reconcile export` wrote. All or nothing; what stands here already is left alone, and what speaks of meetings that are not here yet holds as soon as they come.'
  static override examples = ['<%= config.bin %> <%= command.id %> meetings.jsonl --dry-run']
  static override args = importFileArgs
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { importMeetingDecisions } = await import('../../app/reconcile/meeting-decision-lines.ts')
    const isDryRun = this.flags['dry-run']
    const text = await readTextFile(this.args.file)
    const taken = await importMeetingDecisions(context.deps, { text, dryRun: isDryRun })
    const { created, unchanged, dates, counts } = taken
    return {
      counts,
      warnings: [],
      partial: false,
      outcome: `${takenInWords(taken, isDryRun)}; ${dates} racing dates decided anew`,
      json: { counts, warnings: [], dryRun: isDryRun, decisions: { created, unchanged }, dates },
    }
  }
}
