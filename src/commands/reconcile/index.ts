import type { Context } from '../../cli/context/context.ts'
import { dryRunFlag, parseRange, rangeFlags, rangeText } from '../../cli/command/flags.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'

export default class Reconcile extends WritingCommand<typeof Reconcile> {
  static override summary = 'decide again which meetings of the two sources are one'
  static override description =
    'Matches what the sources hold, resolves every field by policy and links the horses. Scraping and capturing do this for what they touch; run it after judgements, new aliases or an upgrade.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --from 2026-09-01 --to 2026-09-30 --dry-run',
  ]
  static override flags = { ...rangeFlags, ...dryRunFlag }
  static override job = 'masters' as const

  protected async work(context: Context): Promise<Finished> {
    const { reconcileMeetings } = await import('../../app/reconcile/reconcile-meetings.ts')
    const range = await parseRange(this.flags, context.clock)
    if (range !== undefined) this.say(`reconciling ${rangeText(range)}`)
    const result = await reconcileMeetings(context.deps, {
      ...(range === undefined ? {} : { range }),
      dryRun: this.flags['dry-run'],
    })
    const { counts, changes, warnings } = result
    if (!this.flags['dry-run']) return result
    // The plan is what a dry run is for; it goes where the counts go.
    const lines = changes.map(
      ({ id, date, venue, change, rule, races, starters }) =>
        `${change} ${date} ${venue} [${id}] by ${rule}: ${races} races, ${starters} starters`,
    )
    return { ...result, lines, json: { counts, changes, warnings, dryRun: true } }
  }
}
