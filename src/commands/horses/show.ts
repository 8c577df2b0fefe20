import { Args } from '@oclif/core'
import { horseObject, horseText } from '../../cli/text/horse-page.ts'
import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesShow extends ReadingCommand<typeof HorsesShow> {
  static override summary = 'show a horse: form, names, ids, pedigree, progeny, sources'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12',
    '<%= config.bin %> <%= command.id %> "Star Galleria" --json',
  ]
  static override args = {
    horse: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id or name of a horse; retired ids are found.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    const { unitOfWork } = await context.openForReading()
    const { showHorse } = await import('../../app/horses/show-horse.ts')
    const shown = await unitOfWork.read((repositories) => showHorse(repositories, this.args.horse))
    return { object: horseObject(shown), text: horseText(shown) }
  }
}
