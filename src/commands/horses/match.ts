import { Flags } from '@oclif/core'
import type { WriteResult } from '../../app/counts.ts'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class HorsesMatch extends WritingCommand<typeof HorsesMatch> {
  static override summary = 'link starts to horses'
  static override description =
    'Links starts that have no horse yet. With --all every horse is decided anew from its starts, identifiers, the rules and your judgements; ids stay where they can.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --dry-run',
  ]
  static override flags = {
    all: Flags.boolean({ summary: 'Decide every horse anew.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<WriteResult> {
    const { matchHorses } = await import('../../app/horses/match-horses.ts')
    return matchHorses(context.deps, { all: this.flags.all, dryRun: this.flags['dry-run'] })
  }
}
