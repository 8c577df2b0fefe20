import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { actorName } from '../../cli/text/decision-words.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { meetingDecisionFinished } from '../../cli/text/meeting-decision.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class ReconcileCorrect extends WritingCommand<typeof ReconcileCorrect> {
  static override summary = 'set a field by hand'
  static override description =
    'What is set by hand outranks the sources until it is undone. FIELD is a column of the table; VALUE null means unknown.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 weather Fine --reason "was there"',
    '<%= config.bin %> <%= command.id %> 12 finish_position 2 --race 4 --starter 7 --reason "official letter"',
  ]
  static override args = {
    meeting: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id of the meeting, or "DATE VENUE".',
    }),
    field: Args.string({ required: true, ignoreStdin: true, description: 'The column.' }),
    value: Args.string({ required: true, ignoreStdin: true, description: 'Its value.' }),
  }
  static override flags = {
    race: Flags.string({ helpValue: 'N', summary: 'A race of the meeting.' }),
    starter: Flags.string({
      helpValue: 'N|NAME',
      summary: 'A starter of the race, by book number or name.',
      dependsOn: ['race'],
    }),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, kept with the decision.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { correctField } = await import('../../app/reconcile/reconcile-corrections.ts')
    const { race, starter, reason, 'dry-run': isDryRun } = this.flags
    const outcome = await correctField(context.deps, {
      ...this.args,
      race: race ?? null,
      starter: starter ?? null,
      actor: actorName(),
      reason: reason ?? null,
      dryRun: isDryRun,
    })
    return meetingDecisionFinished(outcome, { dryRun: isDryRun })
  }
}
