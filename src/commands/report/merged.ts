import type { Context } from '../../cli/context/context.ts'
import { limitFlag } from '../../cli/command/flags.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class ReportMerged extends ListingCommand<typeof ReportMerged> {
  static override summary = 'list the meetings that both sources hold'
  static override examples = ['<%= config.bin %> <%= command.id %> --limit 20']
  static override flags = { ...limitFlag }

  protected async list(context: Context): Promise<Listing> {
    const { reports } = await context.openForReading()
    return {
      rows: await reports.merged(this.flags.limit ?? 100),
      columns: [
        { key: 'id', title: 'ID', align: 'right' },
        { key: 'meeting_date', title: 'DATE' },
        { key: 'venue', title: 'VENUE' },
        { key: 'club', title: 'CLUB' },
        { key: 'match_rule', title: 'RULE' },
        { key: 'status', title: 'STATUS' },
      ],
      empty: 'No meeting is held by both sources yet.',
      note: 'Newest first; --json tells TAB’s id and HRNZ’s page as well.',
    }
  }
}
