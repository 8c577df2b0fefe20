import { Args } from '@oclif/core'
import { UsageError } from '../../errors.ts'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import type { Finished } from '../../cli/command/write-summary.ts'

export default class HorsesUndo extends WritingCommand<typeof HorsesUndo> {
  static override summary = 'take a decision about horses back'
  static override description =
    'Any decision, not only the last. What will change is printed first; where later decisions speak of the same horses it asks, or wants --yes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> 7',
  ]
  static override args = {
    number: Args.integer({
      ignoreStdin: true,
      min: 1,
      description: 'Number of the decision; the last one if left out.',
    }),
  }
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { undoDecision } = await import('../../app/horses/horse-decisions.ts')
    const { decisionFinished } = await import('../../cli/text/decision-words.ts')
    const planned = await undoDecision(context.deps, {
      number: this.args.number ?? null,
      dryRun: true,
    })
    const lines = planned.dependents.map(
      ({ number, words }) => `decision ${number} speaks of the same horses and stays: ${words}`,
    )
    const plan = decisionFinished(planned, { dryRun: true, undone: true, lines })
    if (this.flags['dry-run']) return plan
    for (const line of plan.lines ?? []) this.say(line)
    if (lines.length > 0) {
      const { confirm } = await import('../../cli/review/prompt.ts')
      const isMeant = await confirm(`Undo decision ${planned.number} although later ones stay`, {
        yes: this.flags.yes,
        signal: context.signal,
      })
      if (!isMeant) throw new UsageError('nothing was undone')
    }
    const outcome = await undoDecision(context.deps, { number: planned.number, dryRun: false })
    return decisionFinished(outcome, { dryRun: false, undone: true, lines: [] })
  }
}
