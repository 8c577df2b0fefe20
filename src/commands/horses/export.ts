import { Args } from '@oclif/core'
import { type Answer, ReadingCommand } from '../../cli/reading-command.ts'
import type { Context } from '../../cli/context.ts'

export default class HorsesExport extends ReadingCommand<typeof HorsesExport> {
  static override summary = 'write the decisions about horses to a file'
  static override description =
    'One JSON object a line, in the sources’ keys and identifiers: they can be imported into a database that was built anew. Decisions that were undone are left out.'
  static override examples = ['<%= config.bin %> <%= command.id %> decisions.jsonl']
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'File to write; - is stdout.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    await context.openForReading()
    const { exportDecisions } = await import('../../app/decision-lines.ts')
    const lines = await exportDecisions(context.deps)
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
