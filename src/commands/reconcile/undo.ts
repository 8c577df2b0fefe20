import { Args } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { meetingDecisionFinished } from '../../cli/text/meeting-decision.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class ReconcileUndo extends WritingCommand<typeof ReconcileUndo> {
  static override summary = 'take a decision about meetings, or a correction, back'
  static override description =
    'Without a number: the last one. `harness reconcile list --decisions` shows them.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> 7',
  ]
  static override args = {
    number: Args.integer({
      min: 1,
      ignoreStdin: true,
      description: 'Number of the decision; the last one if left out.',
    }),
  }
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { undoMeetingDecision } = await import('../../app/reconcile/reconcile-decisions.ts')
    const isDryRun = this.flags['dry-run']
    const outcome = await undoMeetingDecision(context.deps, {
      number: this.args.number ?? null,
      dryRun: isDryRun,
    })
    return meetingDecisionFinished(outcome, { dryRun: isDryRun, undone: true })
  }
}
