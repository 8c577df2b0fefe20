import { Flags } from '@oclif/core'
import type { Context } from '../../../cli/context/context.ts'
import { type Listing, ListingCommand } from '../../../cli/command/reading-command.ts'

export default class ReconcileAliasList extends ListingCommand<typeof ReconcileAliasList> {
  static override summary = 'list which venue each name means'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --own --format csv',
  ]
  static override flags = {
    own: Flags.boolean({ summary: 'Only those that were added or learned here.' }),
  }

  protected async list(context: Context): Promise<Listing> {
    const { unitOfWork } = await context.openForReading()
    const { nzVenues } = await import('../../../domain/reconcile/nz-venues.ts')
    const own = await unitOfWork.read(({ aliases }) => aliases.all())
    const built = this.flags.own ? [] : nzVenues
    return {
      rows: [
        ...own.map((alias) => ({ ...alias, origin: 'own' })),
        ...built.map((alias) => ({ ...alias, origin: 'built-in' })),
      ],
      columns: [
        { key: 'text', title: 'NAME' },
        { key: 'venue', title: 'VENUE' },
        { key: 'kind', title: 'KIND' },
        { key: 'source', title: 'SOURCE' },
        { key: 'validFrom', title: 'FROM' },
        { key: 'validTo', title: 'TO' },
        { key: 'origin', title: 'ORIGIN' },
      ],
      empty: 'No alias was added or learned here.',
    }
  }
}
