import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'

export default class ReportDashboard extends UnrecordedCommand<typeof ReportDashboard> {
  static override summary = 'write all reports as one page to look at'
  static override description =
    'One HTML file that needs no network and no script: a calendar of what was read, sources over time, quality by season and day, how the sources answered, open questions, and what to look at first. An earlier dashboard of that name is written over; any other file only with --yes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --out dashboard.html',
    '<%= config.bin %> <%= command.id %> --out /var/www/harness/index.html --quiet',
  ]
  static override flags = {
    out: Flags.string({
      required: true,
      helpValue: 'FILE.html',
      summary: 'The file; it takes its place when it is whole.',
    }),
  }

  protected async act(context: Context): Promise<Answer> {
    const { reports, measures } = await context.openForReading()
    const { writeDashboard } = await import('../../app/report/report-dashboard.ts')
    const { file, bytes } = await writeDashboard(
      { ...context.deps, reports, measures },
      {
        file: resolve(this.flags.out),
        database: context.databaseName,
        overwrite: this.flags.yes,
      },
    )
    return {
      object: { database: context.databaseName, file, bytes },
      text: `${file}: ${Math.ceil(bytes / 1000)} KB; open it in a browser\n`,
    }
  }
}
