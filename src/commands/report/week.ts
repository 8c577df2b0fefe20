import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { parseDate } from '../../cli/command/flags.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import { renderPairs } from '../../cli/text/render.ts'

export default class ReportWeek extends ReadingCommand<typeof ReportWeek> {
  static override summary = 'sum up a week: what came in, what was decided, what has changed'
  static override description =
    'What nightly sends to HARNESS_NOTIFY_URL of each week from Monday to Sunday. Quality, questions and size are compared with the week before; nightly measures them.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --to 2026-03-08 --json',
  ]
  static override flags = {
    to: Flags.string({
      default: 'today',
      helpValue: 'DATE',
      summary: 'The last of the seven days.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    const to = await parseDate(this.flags.to, context.clock, '--to')
    const { reports, measures, alerts } = await context.openForReading()
    const [{ reportWeek }, { digestPairs }, { addDays }] = await Promise.all([
      import('../../app/report/report-week.ts'),
      import('../../domain/digest/digest-lines.ts'),
      import('../../domain/dates.ts'),
    ])
    const digest = await reportWeek({ reports, measures, alerts }, { from: addDays(to, -6), to })
    return { object: digest, text: renderPairs(digestPairs(digest)) }
  }
}
