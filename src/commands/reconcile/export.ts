import { Args } from '@oclif/core'
import type { Context } from '../../cli/context.ts'
import { type Answer, ReadingCommand } from '../../cli/reading-command.ts'

export default class ReconcileExport extends ReadingCommand<typeof ReconcileExport> {
  static override summary = 'write the decisions about meetings to a file'
  static override description =
    'Aliases, decisions and corrections that stand, one JSON object a line, in the sources’ keys: they can be imported into a database that was built anew.'
  static override examples = ['<%= config.bin %> <%= command.id %> meetings.jsonl']
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'File to write; - is stdout.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    await context.openForReading()
    const { exportMeetingDecisions } = await import('../../app/reconcile-lines.ts')
    const lines = await exportMeetingDecisions(context.deps)
    const text = lines.map((line) => `${line}\n`).join('')
    const { file } = this.args
    if (file === '-') return { object: lines.map((line) => JSON.parse(line) as unknown), text }
    const { writeFile } = await import('node:fs/promises')
    await writeFile(file, text)
    return {
      object: { file, decisions: lines.length },
      text: `${lines.length} decisions written to ${file}\n`,
    }
  }
}
