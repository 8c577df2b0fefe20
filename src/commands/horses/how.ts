import { Args } from '@oclif/core'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesHow extends ReadingCommand<typeof HorsesHow> {
  static override summary = 'tell how a horse came together, step by step'
  static override examples = ['<%= config.bin %> <%= command.id %> "Star Galleria"']
  static override args = {
    horse: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id or name of a horse.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    const { unitOfWork } = await context.openForReading()
    const { explainHorse } = await import('../../app/horses/explain-horse.ts')
    const { horse, steps, decisions, retired } = await unitOfWork.read((repositories) =>
      explainHorse(repositories, this.args.horse),
    )
    const lines = [
      `${describeHorse(horse)} [${horse.id}], ${horse.raceCount} starts`,
      ...steps.map(({ words, starts }, index) => {
        const [first, last] = [starts[0]!.date, starts.at(-1)!.date]
        const when = first === last ? first : `${first} to ${last}`
        return `  ${index + 1}. ${when}: ${starts.length} ${starts.length === 1 ? 'start' : 'starts'}, ${words}`
      }),
      ...decisions.map(({ number, words, actor }) => `  decision ${number}: ${words} (${actor})`),
      ...retired.map(
        ({ oldId, retiredAt }) => `  horse ${oldId} became part of it on ${retiredAt}`,
      ),
    ]
    return {
      object: {
        horse: { id: horse.id, name: describeHorse(horse), race_count: horse.raceCount },
        steps: steps.map(({ rule, words, starts }) => ({
          rule,
          words,
          starts: starts.map(({ starterId, date }) => ({ starter: starterId, date })),
        })),
        decisions: decisions.map(({ number, words }) => ({ number, words })),
        retired: retired.map(({ oldId, retiredAt }) => ({ id: oldId, retired_at: retiredAt })),
      },
      text: `${lines.join('\n')}\n`,
    }
  }
}
