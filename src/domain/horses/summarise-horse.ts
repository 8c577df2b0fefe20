import type { HorseFields, HorseIdentifierRow, HorseName, PooledStarter } from '../masters.ts'
import { allSchemes, type Cluster } from './cluster.ts'

export interface HorseSummary {
  readonly fields: HorseFields
  readonly names: readonly Omit<HorseName, 'horseId'>[]
  readonly identifiers: readonly Omit<HorseIdentifierRow, 'horseId'>[]
}

/**
 * What the table says of a horse, from its starts alone: of each field the latest start that has it.
 * A start is an unscratched entry in a race that was not abandoned; races are counted, not scrapes.
 */
export function summariseHorse(cluster: Cluster): HorseSummary {
  const starters = [...cluster.starters].sort(latestFirst)
  const latest = <Key extends keyof PooledStarter>(field: Key): PooledStarter[Key] | null => {
    for (const starter of starters) if (starter[field] !== null) return starter[field]
    return null
  }
  const newest = starters.find((starter) => starter.nameKey !== '') ?? starters[0]!
  const names = new Map<
    string,
    { nameKey: string; name: string; firstSeen: string; lastSeen: string }
  >()
  for (const starter of starters) {
    if (starter.nameKey === '') continue
    const known = names.get(starter.nameKey)
    if (known === undefined) {
      const { nameKey, name, date } = starter
      names.set(nameKey, { nameKey, name, firstSeen: date, lastSeen: date })
    } else if (starter.date < known.firstSeen) known.firstSeen = starter.date
  }
  return {
    fields: {
      name: newest.name,
      normalizedName: newest.nameKey,
      sire: latest('sire'),
      dam: latest('dam'),
      damSire: latest('damSire'),
      sex: latest('sex'),
      colour: latest('colour'),
      country: latest('country'),
      foaledOn: latest('foaledOn'),
      firstSeen: cluster.races.size > 0 ? cluster.firstDate : null,
      lastSeen: cluster.races.size > 0 ? cluster.lastDate : null,
      raceCount: cluster.races.size,
    },
    names: [...names.values()].sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1)),
    identifiers: allSchemes.flatMap((scheme) =>
      [...(cluster.ids.get(scheme) ?? [])].sort().map((value) => ({ scheme, value })),
    ),
  }
}

function latestFirst(a: PooledStarter, b: PooledStarter): number {
  if (a.date !== b.date) return a.date > b.date ? -1 : 1
  return a.sourceKey < b.sourceKey ? -1 : 1
}
