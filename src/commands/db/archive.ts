import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { archivedSummary, previewSummary } from '../../cli/text/archive-summary.ts'
import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag, parseDate } from '../../cli/command/flags.ts'
import { giveBackRoom } from '../../cli/command/give-back-room.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import { UsageError } from '../../errors.ts'

export default class DbArchive extends WritingCommand<typeof DbArchive> {
  static override job = 'care' as const

  static override summary = 'move old raw documents and prices into a second file'
  static override description = `Moves the bytes of documents of before a date, and prices that were last seen before it and that a later price followed. \
What stays: each document's row with its hash and the name of the archive, the last price of every runner, lists that are asked for again, and documents of pages that are still due (a reading that failed is one). \
--reparse and all else read the archive where it is needed. Every body is read back from the archive and compared before the database lets go of it; others can go on meanwhile, and what is interrupted goes on when it is run again.

The archive is one SQLite file. The database remembers where it is; when both are moved together it is found beside the database, when it is moved alone: \`harness db archive --to FILE\`. Back it up yourself: \`db backup\` copies the database alone. A database on Postgres has its archive in a file too, which must be named, and be found at the same place by every machine that shares the work.

The room is given back to the system in small steps. A file that an earlier version made must be written anew once for that, which needs as much free disk and keeps others out for some seconds a gigabyte; it is done when nobody else is at work. On Postgres the room is used again; \`vacuum full documents\` gives it back.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --before -365d --dry-run',
    '<%= config.bin %> <%= command.id %> --before 2026-01-01',
    '<%= config.bin %> <%= command.id %> --before -365d --to /big-disk/harness.archive.db',
    '<%= config.bin %> <%= command.id %> --to /new-place/harness.archive.db',
  ]
  static override flags = {
    before: Flags.string({
      helpValue: 'DATE',
      summary: 'Move what is of before this racing date: YYYY-MM-DD, today, yesterday or -365d.',
    }),
    to: Flags.string({
      helpValue: 'FILE',
      summary:
        'The archive; without --before: where it was moved to. (default: the one used last, or beside the database)',
    }),
    'dry-run': Flags.boolean({ ...dryRunFlag['dry-run'], dependsOn: ['before'] }),
  }

  protected async work(context: Context): Promise<Finished> {
    const { before: word, 'dry-run': dryRun } = this.flags
    const { archives } = context.database
    const deps = { ...context.deps, archives }
    const to = this.flags.to === undefined ? null : resolve(this.flags.to)
    const app = await import('../../app/care/archive-history.ts')
    if (word === undefined) {
      if (to === null)
        throw new UsageError(
          'say what to move: --before DATE',
          'For example: `harness db archive --before -365d --dry-run`.',
        )
      const file = await app.moveArchive(deps, to)
      const outcome = `the archive is at ${file} now`
      return { counts: {}, json: { file }, warnings: [], partial: false, outcome }
    }
    const request = { before: await parseDate(word, context.clock, '--before'), to }
    if (dryRun) return previewSummary(request.before, await app.previewArchive(deps, request))
    const moved = await app.archiveHistory(deps, request)
    return archivedSummary(request.before, moved, await giveBackRoom(context))
  }
}
