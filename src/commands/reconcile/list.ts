import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { parseRange, rangeFlags } from '../../cli/command/flags.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'
import { mergeColumns } from '../../cli/text/reconcile-columns.ts'

export default class ReconcileList extends ListingCommand<typeof ReconcileList> {
  static override summary = 'list what was brought together, and on what evidence'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 7',
    '<%= config.bin %> <%= command.id %> --rule fuzzy',
    '<%= config.bin %> <%= command.id %> --overrides --from 2026-01-01 --json',
    '<%= config.bin %> <%= command.id %> --decisions',
  ]
  static override flags = {
    ...rangeFlags,
    since: Flags.integer({
      min: 1,
      max: 36_600,
      helpValue: 'DAYS',
      summary: 'Matched within the last so many days.',
    }),
    rule: Flags.option({
      options: ['judgement', 'exact', 'source-id', 'fuzzy'] as const,
      summary: 'Matched by this rule.',
    })(),
    overrides: Flags.boolean({
      summary: 'Fields on which HRNZ’s later word was taken over TAB’s.',
      exclusive: ['decisions', 'since', 'rule'],
    }),
    questions: Flags.boolean({
      summary: 'Pairs that may be one meeting and were not brought together.',
      exclusive: ['decisions', 'overrides', 'since', 'rule'],
    }),
    decisions: Flags.boolean({
      summary: 'What people have decided and corrected.',
      exclusive: ['since', 'rule'],
    }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { unitOfWork } = await context.openForReading()
    const { overrides, decisions, questions, since, rule } = this.flags
    const range = await parseRange(this.flags, context.clock)
    const app = await import('../../app/reconcile/reconcile-list.ts')
    if (decisions) {
      const rows = await unitOfWork.read(app.listDecisions)
      return { rows: rows.map((row) => ({ ...row })), ...mergeColumns.decisions }
    }
    if (questions) {
      const rows = await unitOfWork.read(({ reviews }) => reviews.list({ kind: 'meeting' }))
      return { rows: rows.map((row) => ({ ...row })), ...mergeColumns.questions }
    }
    if (overrides) {
      const { listOverrides } = await import('../../app/reconcile/reconcile-why.ts')
      const rows = await unitOfWork.read((repositories) => listOverrides(repositories, range))
      return { rows: rows.map((row) => ({ ...row })), ...mergeColumns.overrides }
    }
    const from =
      since === undefined
        ? undefined
        : new Date(context.clock.now() - since * 86_400_000).toISOString()
    const rows = await unitOfWork.read((repositories) =>
      app.listMerges(repositories, { range, since: from, rule }),
    )
    return { rows: rows.map((row) => ({ ...row })), ...mergeColumns.merges }
  }
}
