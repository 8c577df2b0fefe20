import { Args } from '@oclif/core'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import { formWords } from '../../cli/text/form-words.ts'
import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesWhy extends ReadingCommand<typeof HorsesWhy> {
  static override summary = 'tell why a start belongs to its horse'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1234',
    '<%= config.bin %> <%= command.id %> "hrnz:starter:2026-03-01/07/R4/totara dream"',
  ]
  static override args = {
    start: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id of a starter, or its key in a source.',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    const { unitOfWork } = await context.openForReading()
    const { explainStart } = await import('../../app/horses/explain-horse.ts')
    const { link, line, horse, explanation, refusedHorses, decisions } = await unitOfWork.read(
      (repositories) => explainStart(repositories, this.args.start),
    )
    const named = new Map(refusedHorses.map((one) => [one.id, describeHorse(one)]))
    const { rule, sentence, shared, steps, refused } = explanation
    const where = line === null ? link.date : `${link.date} ${formWords(line)}`
    const text = [
      `${link.name}, ${where} (start ${link.starterId})`,
      `is a start of ${describeHorse(horse)} [${horse.id}]`,
      `by ${rule}: ${sentence}`,
      // A link with one reason has said it in the sentence.
      ...(steps.length === 1 && steps[0] === sentence
        ? []
        : ['', ...steps.map((step) => `  ${step}`)]),
      ...(shared.length === 0
        ? []
        : [
            '',
            `Earlier starts that share it: ${shared.length}`,
            ...shared.slice(-5).map((one) => `  ${one.date}  start ${one.starterId}  ${one.name}`),
          ]),
      ...(refused.length === 0 ? [] : ['', 'Other horses in reach, and why it is not theirs:']),
      ...refused.flatMap(({ horseId, vetoes }) => [
        `  ${named.get(horseId)} [${horseId}]`,
        ...(vetoes.length === 0
          ? ['    no veto rings: nothing links them']
          : vetoes.map((veto) => `    ${veto}`)),
      ]),
      ...(decisions.length === 0 ? [] : ['', 'Decisions about this horse:']),
      ...decisions.map(({ number, words, actor }) => `  ${number}  ${words} (${actor})`),
    ]
    return {
      object: {
        starter: link.starterId,
        name: link.name,
        date: link.date,
        source_key: link.sourceKey,
        identifiers: link.ids,
        horse: { id: horse.id, name: describeHorse(horse) },
        rule,
        decided_by: link.decidedBy,
        sentence,
        steps,
        shared: shared.map(({ starterId, date, name }) => ({ starter: starterId, date, name })),
        refused: refused.map(({ horseId, vetoes }) => ({
          horse: horseId,
          name: named.get(horseId),
          vetoes,
        })),
        decisions: decisions.map(({ number, words }) => ({ number, words })),
      },
      text: `${text.join('\n')}\n`,
    }
  }
}
