import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag } from '../../cli/command/flags.ts'
import { giveBackRoom } from '../../cli/command/give-back-room.ts'
import { prunedSummary } from '../../cli/text/prune-summary.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class DbPrune extends WritingCommand<typeof DbPrune> {
  static override job = 'care' as const

  static override summary = 'remove what is old and nothing is lost with'
  static override description = `What goes, once it is older than --days:
- readings of HRNZ's pages of meetings where the next reading of the same page says the same; that is found by reading both again
- HRNZ's lists (index, months, calendar) of which a later one is there
- runs, but for the latest of each command and exit code; response times

What never goes: anything that TAB said, since it cannot be asked for again (\`db archive\` moves it out of the way); the latest reading of a page, and each that said something else than the next; what is in an archive; decisions; the log of what was read, missed windows, measures. Reading everything again (\`scrape --reparse\`) makes the same database before and after.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --days 365',
  ]
  static override flags = {
    ...dryRunFlag,
    days: Flags.integer({
      min: 14,
      max: 36_600,
      default: 90,
      helpValue: 'N',
      summary: 'Leave alone what is younger than N days.',
    }),
  }

  protected async work(context: Context): Promise<Finished> {
    const { days, 'dry-run': dryRun } = this.flags
    const { pruneDatabase } = await import('../../app/care/prune-database.ts')
    const deps = { ...context.deps, hrnz: await context.sources.hrnzPages() }
    const counts = await pruneDatabase(deps, { days, dryRun })
    const room = dryRun ? { freedBytes: null, text: '' } : await giveBackRoom(context)
    return prunedSummary(counts, { days, dryRun }, room)
  }
}
