import type { Command } from '@oclif/core'
import { HarnessCommand } from './base-command.ts'
import type { Context } from '../context/context.ts'
import { formatFlag } from './flags.ts'
import { type Column, type Format, renderRows, type Row } from '../text/render.ts'
import { safeJson, safeText } from '../text/safe-text.ts'

/** One answer: `object` under --json, `text` otherwise. */
export interface Answer {
  readonly object: unknown
  /** Lines for a person; rendered by renderPairs, renderRows or by hand. */
  readonly text: string
  /** When the answer is a finding that is asked to fail; 0 where it is left out. */
  readonly exitCode?: number
}

/** A command that looks and changes nothing, and whose answer is one thing. */
export abstract class ReadingCommand<T extends typeof Command> extends HarnessCommand<T> {
  protected readonly stopsAtOnce: boolean = true

  protected abstract read(context: Context): Promise<Answer>

  async run(): Promise<void> {
    const answer = await this.read(await this.context())
    this.writeData(this.flags.json ? `${safeJson(answer.object, 2)}\n` : safeText(answer.text))
    process.exitCode = answer.exitCode ?? 0
  }
}

/** Rows, and how they are shown. */
export interface Listing {
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
  /** What an empty listing means and what to do next; talk, not data. */
  readonly empty: string
  /** A line below the table (a total, a next step); talk as well. */
  readonly note?: string
  /** What a person reads in place of the table. */
  readonly text?: string
}

/** A command that looks and changes nothing, and whose answer is a list. */
export abstract class ListingCommand<T extends typeof Command> extends HarnessCommand<T> {
  static override baseFlags = { ...HarnessCommand.baseFlags, ...formatFlag }
  protected readonly stopsAtOnce = true

  protected abstract list(context: Context): Promise<Listing>

  async run(): Promise<void> {
    const { rows, columns, empty, note, text } = await this.list(await this.context())
    const asked = (this.flags as { format?: Format }).format
    const format = asked ?? (this.flags.json ? 'json' : 'table')
    const body =
      format === 'table' && text !== undefined ? text : await renderRows(rows, columns, format)
    this.writeData(body)
    if (rows.length === 0) this.say(empty)
    else if (note !== undefined && format === 'table') this.say(note)
    process.exitCode = 0
  }
}
