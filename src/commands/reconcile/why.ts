import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class ReconcileWhy extends ListingCommand<typeof ReconcileWhy> {
  static override summary = 'show what each source claims, and which rule chose'
  static override description =
    'Every claim with its source, time and document; the one that was taken is marked. RACE and STARTER narrow it, FIELD (a column) as the last word or with --field.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12',
    '<%= config.bin %> <%= command.id %> 12 4 7 finish_position',
    '<%= config.bin %> <%= command.id %> "2026-03-06 addington" 4 --field distance_m --json',
  ]
  static override args = {
    meeting: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id of the meeting, or "DATE VENUE".',
    }),
    race: Args.string({ required: false, ignoreStdin: true, description: 'A race of it.' }),
    starter: Args.string({
      required: false,
      ignoreStdin: true,
      description: 'A starter of that, by number or name.',
    }),
    column: Args.string({ required: false, ignoreStdin: true, description: 'A column.' }),
  }
  static override flags = {
    field: Flags.string({ helpValue: 'FIELD', summary: 'Only this column.' }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { unitOfWork } = await context.openForReading()
    const { explainMeeting } = await import('../../app/reconcile/reconcile-why.ts')
    const { claimsText } = await import('../../cli/text/claims-text.ts')
    const { whyWords } = await import('../../app/horses/why-words.ts')
    const { meeting, race, starter, column } = this.args
    const asked = whyWords([race, starter, column], this.flags.field)
    const { words, fields } = await unitOfWork.read((repositories) =>
      explainMeeting(repositories, { meeting, ...asked }),
    )
    return {
      rows: fields.flatMap(({ field, rule, claims, rulings }) => [
        ...claims.map((claim) => ({ field, rule, ...claim, mark: claim.taken ? '*' : '' })),
        ...rulings.map(({ words: value, text: by, ...said }) => ({
          ...{ field, rule, source: 'stewards', value, by, ...said },
          mark: '',
        })),
      ]),
      columns: [
        { key: 'field', title: 'FIELD' },
        { key: 'mark', title: '' },
        { key: 'value', title: 'VALUE' },
        { key: 'source', title: 'SOURCE' },
        { key: 'rule', title: 'RULE' },
        { key: 'said_at', title: 'SAID' },
        { key: 'confirmed_at', title: 'CONFIRMED' },
        { key: 'url', title: 'DOCUMENT' },
        { key: 'hash', title: 'HASH' },
        { key: 'archived_in', title: 'ARCHIVED IN' },
        { key: 'by', title: 'BY' },
      ],
      empty: 'No source says anything of it.',
      text: claimsText(fields),
      note: `${words}; * is the value that was taken, \`harness reconcile correct\` sets another.`,
    }
  }
}
