import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context.ts'
import { actorName } from '../../cli/decision-words.ts'
import { dryRunFlag } from '../../cli/flags.ts'
import { meetingDecisionFinished } from '../../cli/meeting-decision.ts'
import { WritingCommand } from '../../cli/writing-command.ts'

export default class ReconcileDifferent extends WritingCommand<typeof ReconcileDifferent> {
  static override summary = 'say that two meetings are two'
  static override description = 'They are not matched, and not asked about again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 31 --reason "one meeting at two grounds" --dry-run',
    '<%= config.bin %> <%= command.id %> "2026-03-06 addington" 31',
  ]
  static override args = {
    a: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'the meeting: id, or "DATE VENUE"',
    }),
    b: Args.string({ required: true, ignoreStdin: true, description: 'the other meeting' }),
  }
  static override flags = {
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, kept with the decision.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { judgeMeetings } = await import('../../app/reconcile-decisions.ts')
    const isDryRun = this.flags['dry-run']
    const outcome = await judgeMeetings(context.deps, {
      ...this.args,
      verdict: 'different',
      actor: actorName(),
      reason: this.flags.reason ?? null,
      dryRun: isDryRun,
    })
    return meetingDecisionFinished(outcome, { dryRun: isDryRun })
  }
}
