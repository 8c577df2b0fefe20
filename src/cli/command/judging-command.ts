import { Args, type Command, Flags } from '@oclif/core'
import { actorName } from '../text/decision-words.ts'
import type { Context } from '../context/context.ts'
import { dryRunFlag } from './flags.ts'
import { meetingDecisionFinished } from '../text/meeting-decision.ts'
import type { Finished } from './write-summary.ts'
import { WritingCommand } from './writing-command.ts'

const judgingArgs = {
  meeting: Args.string({
    required: true,
    ignoreStdin: true,
    description: 'Id of the meeting, or "DATE VENUE".',
  }),
  other: Args.string({
    required: true,
    ignoreStdin: true,
    description: 'The other meeting, likewise.',
  }),
}

const judgingFlags = {
  reason: Flags.string({ helpValue: 'TEXT', summary: 'Why, kept with the decision.' }),
  ...dryRunFlag,
}

/** Says of two meetings what they are to each other. */
export abstract class JudgingCommand<T extends typeof Command> extends WritingCommand<T> {
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 31 --reason "one meeting at two grounds" --dry-run',
    '<%= config.bin %> <%= command.id %> "2026-03-06 addington" 31',
  ]
  static override args = judgingArgs
  static override flags = judgingFlags
  static override job = 'masters' as const

  protected abstract readonly verdict: 'same' | 'different'

  protected async work(context: Context): Promise<Finished> {
    const { judgeMeetings } = await import('../../app/reconcile/reconcile-decisions.ts')
    const { meeting, other } = this.args as { readonly meeting: string; readonly other: string }
    const flags = this.flags as { readonly reason?: string; readonly 'dry-run': boolean }
    const outcome = await judgeMeetings(context.deps, {
      a: meeting,
      b: other,
      verdict: this.verdict,
      actor: actorName(),
      reason: flags.reason ?? null,
      dryRun: flags['dry-run'],
    })
    return meetingDecisionFinished(outcome, { dryRun: flags['dry-run'] })
  }
}
