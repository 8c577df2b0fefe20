import type { Command } from '@oclif/core'
import { HarnessCommand } from './base-command.ts'
import type { Context } from '../context/context.ts'
import type { Answer } from './reading-command.ts'
import { safeJson, safeText } from '../text/safe-text.ts'

export type { Answer }

/**
 * A command that changes something, but leaves no row of its run: it writes no database (`init`),
 * or takes away the table that the row would stand in (`db rollback`).
 */
export abstract class UnrecordedCommand<T extends typeof Command> extends HarnessCommand<T> {
  protected readonly stopsAtOnce = false

  protected abstract act(context: Context): Promise<Answer>

  async run(): Promise<void> {
    const answer = await this.act(await this.context())
    if (this.flags.json) this.writeData(`${safeJson(answer.object, 2)}\n`)
    else if (!this.flags.quiet) this.writeData(safeText(answer.text))
    process.exitCode = answer.exitCode ?? 0
  }
}
