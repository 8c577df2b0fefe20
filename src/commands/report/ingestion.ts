import { daysFlag, parseRange, rangeFlags } from '../../cli/command/flags.ts'
import type { Context } from '../../cli/context/context.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class ReportIngestion extends ListingCommand<typeof ReportIngestion> {
  static override summary = 'show what was read, by racing date and source'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --days 7',
    '<%= config.bin %> <%= command.id %> --from 2026-09-01 --to 2026-09-30 --format csv',
  ]
  static override flags = { ...rangeFlags, ...daysFlag }

  protected async list(context: Context): Promise<Listing> {
    const { reports } = await context.openForReading()
    return {
      rows: await reports.ingestion(await parseRange(this.flags, context.clock)),
      columns: [
        { key: 'date_processed', title: 'DATE' },
        { key: 'source', title: 'SOURCE' },
        { key: 'attempts', title: 'ATTEMPTS', align: 'right' },
        { key: 'created', title: 'CREATED', align: 'right' },
        { key: 'updated', title: 'UPDATED', align: 'right' },
        { key: 'failures', title: 'FAILURES', align: 'right' },
      ],
      empty: 'Nothing was read for these dates.',
    }
  }
}
