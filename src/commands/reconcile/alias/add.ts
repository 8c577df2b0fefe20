import { Args, Flags } from '@oclif/core'
import { aliasFlags } from '../../../cli/command/alias-flags.ts'
import type { Context } from '../../../cli/context/context.ts'
import { dryRunFlag, parseDate } from '../../../cli/command/flags.ts'
import { meetingDecisionFinished } from '../../../cli/text/meeting-decision.ts'
import { WritingCommand } from '../../../cli/command/writing-command.ts'

export default class ReconcileAliasAdd extends WritingCommand<typeof ReconcileAliasAdd> {
  static override summary = 'say which venue a name means'
  static override description =
    'Every racing date on which that changes a place is decided anew. A name that is a known venue of its own is refused.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> "The Showgrounds" "Gore Raceway"',
    '<%= config.bin %> <%= command.id %> "Kurow TC" "Oamaru Racecourse" --kind club --source hrnz_scraper --from 2024-08-01',
  ]
  static override args = {
    text: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The name as a source writes it.',
    }),
    venue: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The venue that it means.',
    }),
  }
  static override flags = {
    ...aliasFlags,
    from: Flags.string({ helpValue: 'DATE', summary: 'First racing date on which it holds.' }),
    to: Flags.string({ helpValue: 'DATE', summary: 'Last racing date on which it holds.' }),
    ...dryRunFlag,
  }
  static override job = 'masters' as const

  protected async work(context: Context) {
    const { addAlias } = await import('../../../app/reconcile/reconcile-aliases.ts')
    const { source, kind, from, to, 'dry-run': isDryRun } = this.flags
    const { text, venue } = this.args
    const date = (word: string | undefined, flag: string) =>
      word === undefined ? null : parseDate(word, context.clock, flag)
    const validFrom = await date(from, '--from')
    const validTo = await date(to, '--to')
    const alias = { source, kind, text: text.trim(), venue: venue.trim(), validFrom, validTo }
    const change = await addAlias(context.deps, alias, isDryRun)
    const words = change.isNew
      ? `${alias.text} means ${alias.venue}`
      : `nothing to do: ${alias.text} means ${alias.venue} already`
    return meetingDecisionFinished({ words, ...change }, { dryRun: isDryRun })
  }
}
