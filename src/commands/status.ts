import type { Context } from '../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../cli/command/reading-command.ts'
import { describeStatus } from '../cli/text/status-report.ts'
import { statusText } from '../cli/text/status-text.ts'

export default class Status extends ReadingCommand<typeof Status> {
  static override summary = 'show where things stand and what to do next'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --db harness.db --json',
  ]

  protected async read(context: Context): Promise<Answer> {
    const report = await describeStatus(context)
    return { object: report, text: await statusText(report) }
  }
}
