import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag, parseDate } from '../../cli/command/flags.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import type { Finished } from '../../cli/command/write-summary.ts'

export default class HorsesSplit extends WritingCommand<typeof HorsesSplit> {
  static override summary = 'say that some starts of a horse are another horse’s'
  static override description =
    'The part with the trusted identifier (else with most starts) keeps the id. Name the starts that leave by starter id, as `race:ID`, by racing date, or all from a date on.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 --starts 340,351 --dry-run',
    '<%= config.bin %> <%= command.id %> "Star Galleria" --from 2025-08-01',
  ]
  static override args = {
    horse: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id or name of the horse.',
    }),
  }
  static override flags = {
    starts: Flags.string({
      helpValue: 'START,…',
      summary: 'Starter ids, race:ID or racing dates; may be given again.',
      multiple: true,
      multipleNonGreedy: true,
    }),
    from: Flags.string({ helpValue: 'DATE', summary: 'All starts from this racing date on.' }),
    reason: Flags.string({ helpValue: 'TEXT', summary: 'Why; kept with the decision.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { splitHorse } = await import('../../app/horses/horse-decisions.ts')
    const { actorName, decisionFinished } = await import('../../cli/text/decision-words.ts')
    const { from } = this.flags
    const dryRun = this.flags['dry-run']
    const words = (this.flags.starts ?? []).flatMap((list) => list.split(','))
    const outcome = await splitHorse(context.deps, {
      horse: this.args.horse,
      starts: {
        starts: words.map((word) => word.trim()).filter((word) => word !== ''),
        from: from === undefined ? null : await parseDate(from, context.clock, '--from'),
      },
      actor: actorName(),
      reason: this.flags.reason ?? null,
      dryRun,
    })
    return decisionFinished(outcome, { dryRun })
  }
}
