import { Args } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { limitFlag } from '../../cli/command/flags.ts'
import { type Listing, ListingCommand } from '../../cli/command/reading-command.ts'

export default class HorsesSearch extends ListingCommand<typeof HorsesSearch> {
  static override summary = 'find horses by name'
  static override description =
    'Case, apostrophes, accents, macrons and spaces do not matter, nor does one slip of typing; former names are found as well.'
  static override examples = ['<%= config.bin %> <%= command.id %> "star galeria"']
  static override args = {
    name: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'A name, or part of one.',
    }),
  }
  static override flags = { ...limitFlag }

  protected async list(context: Context): Promise<Listing> {
    const { unitOfWork } = await context.openForReading()
    const { searchHorses } = await import('../../app/horses/show-horse.ts')
    const limit = this.flags.limit ?? 25
    const { found, total } = await unitOfWork.read((repositories) =>
      searchHorses(repositories, this.args.name, limit),
    )
    return {
      rows: found.map(({ horse, words, fit, nameKey }) => ({
        id: horse.id,
        horse: words,
        race_count: horse.raceCount,
        last_seen: horse.lastSeen,
        found_as: nameKey === horse.normalizedName ? null : nameKey,
        fit,
        name: horse.name,
        sire: horse.sire,
        dam: horse.dam,
        foaled_on: horse.foaledOn,
      })),
      columns: [
        { key: 'id', title: 'ID', align: 'right' },
        { key: 'horse', title: 'HORSE' },
        { key: 'race_count', title: 'RACES', align: 'right' },
        { key: 'last_seen', title: 'LAST START' },
        { key: 'found_as', title: 'FOUND AS' },
      ],
      empty: `No horse is called anything like ${JSON.stringify(this.args.name)}.`,
      ...(total > found.length
        ? { note: `${total - found.length} more; --limit N shows them.` }
        : {}),
    }
  }
}
