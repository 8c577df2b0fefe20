import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { daysFlag, limitFlag, parseRange, rangeFlags } from '../../cli/command/flags.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'
import { sourceOrder } from '../../domain/observation.ts'

export default class ReportMeetings extends ListingCommand<typeof ReportMeetings> {
  static override summary = 'list meetings, newest first'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --days 7',
    '<%= config.bin %> <%= command.id %> --venue addington --source hrnz_scraper --format csv',
  ]
  static override flags = {
    ...rangeFlags,
    ...daysFlag,
    ...limitFlag,
    venue: Flags.string({ helpValue: 'TEXT', summary: 'Part of the venue’s or the club’s name.' }),
    source: Flags.option({
      options: [...sourceOrder, 'merged'] as const,
      summary: 'Who holds it; merged: more than one.',
    })(),
    status: Flags.option({
      options: [
        'scheduled',
        'open',
        'closed',
        'interim',
        'final',
        'abandoned',
        'postponed',
      ] as const,
      summary: 'Meetings in this state.',
    })(),
  }

  protected async list(context: Context): Promise<Listing> {
    const { reports } = await context.openForReading()
    const { venue, source, status, limit } = this.flags
    const range = await parseRange(this.flags, context.clock)
    return {
      rows: await reports.meetings({ range, venue, source, status, limit: limit ?? 100 }),
      columns: [
        { key: 'id', title: 'ID', align: 'right' },
        { key: 'meeting_date', title: 'DATE' },
        { key: 'venue', title: 'VENUE' },
        { key: 'club', title: 'CLUB' },
        { key: 'data_source', title: 'SOURCE' },
        { key: 'status', title: 'STATUS' },
        { key: 'races', title: 'RACES', align: 'right' },
        { key: 'starters', title: 'STARTERS', align: 'right' },
      ],
      empty: 'No meeting is like that.',
    }
  }
}
