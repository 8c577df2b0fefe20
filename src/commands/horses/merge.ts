import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import type { Finished } from '../../cli/command/write-summary.ts'

export default class HorsesMerge extends WritingCommand<typeof HorsesMerge> {
  static override summary = 'say that two horses are one'
  static override description =
    'The horse with a trusted identifier (else with most starts) keeps its id; the other id is retired and still finds it. No rule overrules this; `horses undo` takes it back.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 15 --dry-run',
    '<%= config.bin %> <%= command.id %> "Star Galleria" 15 --reason "same brand"',
  ]
  static override args = {
    horse: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id or name of a horse.',
    }),
    other: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id or name of the other.',
    }),
  }
  static override flags = {
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why; kept with the decision.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { mergeHorses } = await import('../../app/horses/horse-decisions.ts')
    const { actorName, decisionFinished } = await import('../../cli/text/decision-words.ts')
    const dryRun = this.flags['dry-run']
    const outcome = await mergeHorses(context.deps, {
      a: this.args.horse,
      b: this.args.other,
      actor: actorName(),
      reason: this.flags.reason ?? null,
      dryRun,
    })
    return decisionFinished(outcome, { dryRun })
  }
}
