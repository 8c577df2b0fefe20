import type { Context } from '../../cli/context/context.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class ReportSources extends ListingCommand<typeof ReportSources> {
  static override summary = 'count meetings by where they come from'
  static override examples = ['<%= config.bin %> <%= command.id %> --format csv']

  protected async list(context: Context): Promise<Listing> {
    const { reports } = await context.openForReading()
    return {
      rows: await reports.sources(),
      columns: [
        { key: 'data_source', title: 'SOURCE' },
        { key: 'meetings', title: 'MEETINGS', align: 'right' },
        { key: 'earliest', title: 'EARLIEST' },
        { key: 'latest', title: 'LATEST' },
      ],
      empty: 'No meetings yet: run `harness scrape` or `harness capture` first.',
    }
  }
}
