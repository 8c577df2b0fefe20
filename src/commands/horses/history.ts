import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { limitFlag } from '../../cli/command/flags.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesHistory extends ListingCommand<typeof HorsesHistory> {
  static override summary = 'list the decisions about horses'
  static override examples = ['<%= config.bin %> <%= command.id %> --limit 20']
  static override flags = {
    ...limitFlag,
    standing: Flags.boolean({ summary: 'Only decisions that were not undone.' }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { unitOfWork } = await context.openForReading()
    const { decisionsOf } = await import('../../domain/decisions.ts')
    const decisions = decisionsOf(await unitOfWork.read(({ judgements }) => judgements.all()))
      .filter(
        ({ kind, retractedAt }) =>
          kind === 'horse' && (!this.flags.standing || retractedAt === null),
      )
      .reverse()
    return {
      rows: decisions.slice(0, this.flags.limit ?? 100).map((decision) => ({
        number: decision.number,
        decided_at: decision.createdAt,
        actor: decision.actor,
        words: decision.words,
        reason: decision.reason,
        undone_at: decision.retractedAt,
        judgements: decision.judgements.map(({ a, b, verdict }) => ({ a, b, verdict })),
      })),
      columns: [
        { key: 'number', title: 'NO', align: 'right' },
        { key: 'decided_at', title: 'DECIDED' },
        { key: 'actor', title: 'BY' },
        { key: 'words', title: 'WHAT', wraps: true },
        { key: 'undone_at', title: 'UNDONE' },
      ],
      empty: 'No decisions yet: `harness horses review` asks the open questions.',
      note: 'Newest first; `harness horses undo NO` takes one back.',
    }
  }
}
