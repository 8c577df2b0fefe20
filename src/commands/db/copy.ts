import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { archiveLines, archivesBeside } from '../../cli/doctor/archives-beside.ts'
import { maskedDatabaseUrl } from '../../cli/context/config.ts'
import { isPostgres } from '../../cli/context/setting-values.ts'
import type { Context } from '../../cli/context/context.ts'
import { renderRows } from '../../cli/text/render.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'

export default class DbCopy extends UnrecordedCommand<typeof DbCopy> {
  static override summary = 'copy everything into an empty database, file or Postgres'
  static override description =
    'For moving to Postgres and back. All tables of one moment are written in one transaction, read again, and compared by digests; ids stay the same. What was moved to an archive (`db archive`) stays there: the copy leads to the same file, which must be at hand where the copy is used.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --to postgres://user@host/harness',
    '<%= config.bin %> <%= command.id %> --db postgres://user@host/harness --to harness.db',
  ]
  static override flags = {
    to: Flags.string({
      required: true,
      helpValue: 'FILE|URL',
      summary: 'The target: a new file, or an empty database on a server.',
    }),
  }

  protected async act(context: Context): Promise<Answer> {
    const { care } = await context.openForReading()
    const { progress, signal } = context
    const to = isPostgres(this.flags.to) ? this.flags.to : resolve(this.flags.to)
    const name = isPostgres(to) ? maskedDatabaseUrl(to) : to
    progress.start(0, 'tables')
    const tables = await care.copyTo(to, { signal, onTable: (table) => progress.step(table) })
    progress.stop()
    const archives = await archivesBeside(context)
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const table = await renderRows(
      tables.map(({ digest, ...row }) => ({ ...row, digest: digest.slice(0, 16) })),
      [
        { key: 'table', title: 'TABLE' },
        { key: 'rows', title: 'ROWS', align: 'right' },
        { key: 'digest', title: 'DIGEST' },
      ],
      'table',
    )
    return {
      object: { from: context.databaseName, to: name, tables, archives },
      text: `${table}${rows} rows copied to ${name}, the same on both sides\n${archiveLines(archives, 'the copy reads it from there as well')}`,
    }
  }
}
