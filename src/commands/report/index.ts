import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import { renderPairs } from '../../cli/text/render.ts'

export default class Report extends ReadingCommand<typeof Report> {
  static override summary = 'sum up what the database holds'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]

  protected async read(context: Context): Promise<Answer> {
    const { reports } = await context.openForReading()
    const summary = await reports.summary()
    const { meetings, races, starters, horses, questions } = summary
    const bySource = Object.entries(meetings.bySource)
      .map(([source, count]) => `${count} ${source}`)
      .join(', ')
    return {
      object: { database: context.databaseName, ...summary },
      text: renderPairs([
        ['database', context.databaseName],
        ['meetings', meetings.total === 0 ? 'none yet' : `${meetings.total} (${bySource})`],
        ['dates', meetings.total === 0 ? '' : `${meetings.first} to ${meetings.last}`],
        ['races', `${races.total} (${races.final} final)`],
        [
          'starters',
          `${starters.total} (${starters.scratched} scratched, ${starters.unlinked} without a horse)`,
        ],
        ['horses', `${horses.total}`],
        [
          'questions',
          questions === 0 ? 'none' : `${questions}; see \`harness horses list --questions\``,
        ],
      ]),
    }
  }
}
