import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesList extends ListingCommand<typeof HorsesList> {
  static override summary = 'list horses, or the questions about them'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --limit 20',
    '<%= config.bin %> <%= command.id %> --questions --json',
  ]
  static override flags = {
    questions: Flags.boolean({ summary: 'The open questions, most important first.' }),
    limit: Flags.integer({
      min: 1,
      max: 1_000_000,
      default: 50,
      helpValue: 'N',
      summary: 'At most N.',
    }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { reports } = await context.openForReading()
    if (this.flags.questions) {
      return {
        rows: await reports.questions(this.flags.limit),
        columns: [
          { key: 'kind', title: 'KIND' },
          { key: 'code', title: 'REASON' },
          { key: 'id', title: 'ID', align: 'right' },
          { key: 'other_id', title: 'OTHER', align: 'right' },
          { key: 'question', title: 'QUESTION', wraps: true },
        ],
        empty:
          'No open questions: every link rests on an identifier, on breeding or on a judgement.',
      }
    }
    return {
      rows: await reports.horses(this.flags.limit),
      columns: [
        { key: 'id', title: 'ID', align: 'right' },
        { key: 'name', title: 'NAME' },
        { key: 'sire', title: 'SIRE' },
        { key: 'dam', title: 'DAM' },
        { key: 'race_count', title: 'RACES', align: 'right' },
        { key: 'last_seen', title: 'LAST START' },
      ],
      empty: 'No horses yet: run `harness scrape` or `harness capture` first.',
      note: 'Most starts first; --limit N shows more.',
    }
  }
}
