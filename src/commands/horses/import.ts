import type { Context } from '../../cli/context/context.ts'
import { importFileArgs, takenInWords } from '../../cli/files/decision-file.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { readTextFile } from '../../cli/files/read-text-file.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class HorsesImport extends WritingCommand<typeof HorsesImport> {
  static override summary = 'take decisions about horses from a file'
  static override description =
    'Reads what `horses export` wrote. All or nothing; decisions that stand here already are left alone.'
  static override examples = ['<%= config.bin %> <%= command.id %> decisions.jsonl --dry-run']
  static override args = importFileArgs
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { importHorseDecisions } = await import('../../app/horses/horse-decision-lines.ts')
    const { noCounts } = await import('../../app/counts.ts')
    const isDryRun = this.flags['dry-run']
    const text = await readTextFile(this.args.file)
    const taken = await importHorseDecisions(context.deps, { text, dryRun: isDryRun })
    const { created, unchanged, moves } = taken
    const counts = noCounts()
    const moved = moves.reduce((sum, { starts }) => sum + starts, 0)
    counts.starters.updated = moved
    return {
      counts,
      warnings: [],
      partial: false,
      outcome: `${takenInWords(taken, isDryRun)}; ${moved} starts ${isDryRun ? 'would move' : 'moved'}`,
      json: { counts, warnings: [], dryRun: isDryRun, decisions: { created, unchanged }, moves },
    }
  }
}
