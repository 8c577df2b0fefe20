import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { healthText } from '../../cli/text/health-text.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class ReportHealth extends ListingCommand<typeof ReportHealth> {
  static override summary = 'show how the sources answered, what failed, what waits'
  static override description =
    'Open alerts, response times and status codes by host and day, parser issues by code, failures and the last success of each source, queues, missed windows, and the size of the database, by what is in it: archive (documents as sent), observations, masters, market, records (runs, decisions, measures), and free room. Response times are right to a quarter.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --days 30 --format csv',
  ]
  static override flags = {
    days: Flags.integer({
      min: 1,
      max: 36_600,
      default: 7,
      helpValue: 'N',
      summary: 'The last N days, today included.',
    }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { reports, alerts, care } = await context.openForReading()
    const { reportHealth } = await import('../../app/report/report-health.ts')
    const deps = { reports, alerts, care, clock: context.clock }
    const rows = await reportHealth(deps, this.flags.days)
    return {
      rows: rows.map((row) => ({ ...row })),
      columns: [
        { key: 'topic', title: 'TOPIC' },
        { key: 'subject', title: 'SUBJECT', wraps: true },
        { key: 'day', title: 'DAY' },
        { key: 'count', title: 'COUNT', align: 'right' },
        { key: 'failed', title: 'FAILED', align: 'right' },
        { key: 'p50_ms', title: 'P50 MS', align: 'right' },
        { key: 'p95_ms', title: 'P95 MS', align: 'right' },
        { key: 'bytes', title: 'BYTES', align: 'right' },
        { key: 'note', title: 'NOTE', wraps: true },
      ],
      text: await healthText(rows),
      empty: 'Nothing was done yet.',
    }
  }
}
