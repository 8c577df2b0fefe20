import { Args } from '@oclif/core'
import { aliasFlags } from '../../../cli/command/alias-flags.ts'
import type { Context } from '../../../cli/context/context.ts'
import { dryRunFlag } from '../../../cli/command/flags.ts'
import { meetingDecisionFinished } from '../../../cli/text/meeting-decision.ts'
import { WritingCommand } from '../../../cli/command/writing-command.ts'

export default class ReconcileAliasRemove extends WritingCommand<typeof ReconcileAliasRemove> {
  static override summary = 'forget what a name means'
  static override description =
    'Removes an alias that was added or learned, and decides anew every racing date on which that changes a place.'
  static override examples = ['<%= config.bin %> <%= command.id %> "The Showgrounds" --dry-run']
  static override args = {
    text: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The name as it was added.',
    }),
  }
  static override flags = {
    ...aliasFlags,
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { removeAlias } = await import('../../../app/reconcile/reconcile-aliases.ts')
    const { source, kind, 'dry-run': isDryRun } = this.flags
    const text = this.args.text.trim()
    const change = await removeAlias(context.deps, { source, kind, text }, isDryRun)
    const words = `${text} means no other venue any more`
    return meetingDecisionFinished({ words, ...change }, { dryRun: isDryRun })
  }
}
