import { readFile, stat } from 'node:fs/promises'
import { Args } from '@oclif/core'
import { UsageError } from '../../errors.ts'
import type { Context } from '../../cli/context.ts'
import { dryRunFlag } from '../../cli/flags.ts'
import { WritingCommand } from '../../cli/writing-command.ts'
import type { Finished } from '../../cli/write-summary.ts'

/** Bytes; a decision takes a few hundred. */
const mostBytes = 256 * 1024 * 1024

export default class HorsesImport extends WritingCommand<typeof HorsesImport> {
  static override summary = 'take decisions about horses from a file'
  static override description =
    'Reads what `horses export` wrote. All or nothing; decisions that stand here already are left alone.'
  static override examples = ['<%= config.bin %> <%= command.id %> decisions.jsonl --dry-run']
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'File to read.' }),
  }
  static override flags = { ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { importDecisions } = await import('../../app/decision-lines.ts')
    const { noCounts } = await import('../../app/counts.ts')
    const dryRun = this.flags['dry-run']
    const outcome = await importDecisions(context.deps, {
      text: await this.#text(),
      dryRun,
    })
    const counts = noCounts()
    counts.starters.updated = outcome.moves.reduce((sum, move) => sum + move.starts, 0)
    const { created, unchanged, moves } = outcome
    return {
      counts,
      warnings: [],
      partial: false,
      outcome: `${created} decisions ${dryRun ? 'would be ' : ''}taken, ${unchanged} stood here already; ${counts.starters.updated} starts ${dryRun ? 'would move' : 'moved'}`,
      lines: [],
      json: { counts, warnings: [], dryRun, decisions: { created, unchanged }, moves },
    }
  }

  async #text(): Promise<string> {
    const { file } = this.args
    try {
      if ((await stat(file)).size > mostBytes) throw new UsageError(`${file} is too large`)
      return await readFile(file, 'utf8')
    } catch (error) {
      if (error instanceof UsageError) throw error
      throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
    }
  }
}
