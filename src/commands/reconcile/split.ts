import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { actorName } from '../../cli/text/decision-words.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { meetingDecisionFinished } from '../../cli/text/meeting-decision.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import { sourceOrder } from '../../domain/observation.ts'

export default class ReconcileSplit extends WritingCommand<typeof ReconcileSplit> {
  static override summary = 'take apart what was wrongly brought together'
  static override description =
    'Every source gets its own meeting again, with its races, starters and horses. With --source only that one is taken off.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 --dry-run',
    '<%= config.bin %> <%= command.id %> 12 --source manual --reason "another club"',
  ]
  static override args = {
    meeting: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id of the meeting, or "DATE VENUE".',
    }),
  }
  static override flags = {
    source: Flags.option({
      options: sourceOrder,
      summary: 'Take only this source off.',
    })(),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, kept with the decision.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { splitMeeting } = await import('../../app/reconcile/reconcile-decisions.ts')
    const isDryRun = this.flags['dry-run']
    const outcome = await splitMeeting(context.deps, {
      meeting: this.args.meeting,
      source: this.flags.source ?? null,
      actor: actorName(),
      reason: this.flags.reason ?? null,
      dryRun: isDryRun,
    })
    return meetingDecisionFinished(outcome, { dryRun: isDryRun })
  }
}
