import { Args } from '@oclif/core'
import type { Context } from '../../cli/context.ts'
import { dryRunFlag } from '../../cli/flags.ts'
import { readTextFile } from '../../cli/read-text-file.ts'
import { WritingCommand } from '../../cli/writing-command.ts'

export default class ReconcileImport extends WritingCommand<typeof ReconcileImport> {
  static override summary = 'take decisions about meetings from a file'
  static override description =
    'Reads what `reconcile export` wrote. All or nothing; what stands here already is left alone, and what speaks of meetings that are not here yet holds as soon as they come.'
  static override examples = ['<%= config.bin %> <%= command.id %> meetings.jsonl --dry-run']
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'File to read.' }),
  }
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { importMeetingDecisions } = await import('../../app/reconcile-lines.ts')
    const isDryRun = this.flags['dry-run']
    const text = await readTextFile(this.args.file)
    const { created, unchanged, dates, counts } = await importMeetingDecisions(context.deps, {
      text,
      dryRun: isDryRun,
    })
    return {
      counts,
      warnings: [],
      partial: false,
      outcome: `${created} decisions ${isDryRun ? 'would be ' : ''}taken, ${unchanged} stood here already; ${dates} racing dates decided anew`,
      json: { counts, warnings: [], dryRun: isDryRun, decisions: { created, unchanged }, dates },
    }
  }
}
