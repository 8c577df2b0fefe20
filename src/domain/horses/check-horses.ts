import { groupBy } from '../group-by.ts'
import type { HorseRow, LinkRow } from '../masters.ts'
import { Cluster } from './cluster.ts'
import { summariseHorse } from './summarise-horse.ts'

/** A figure of a horse that its starts do not bear out. */
export interface HorseFault {
  readonly horseId: number
  readonly field: 'race_count' | 'first_seen' | 'last_seen' | 'starts'
  readonly stored: string | number | null
  readonly derived: string | number | null
}

/** Holds the derived figures of horses against their links. A horse without starts is a fault too. */
export function checkHorses(horses: readonly HorseRow[], links: readonly LinkRow[]): HorseFault[] {
  const own = groupBy(links, ({ horseId }) => horseId)
  return horses.flatMap((horse): HorseFault[] => {
    const starts = own.get(horse.id)
    if (starts === undefined)
      return [{ horseId: horse.id, field: 'starts', stored: null, derived: 0 }]
    const { fields } = summariseHorse(Cluster.of(starts))
    const figures = [
      ['race_count', horse.raceCount, fields.raceCount],
      ['first_seen', horse.firstSeen, fields.firstSeen],
      ['last_seen', horse.lastSeen, fields.lastSeen],
    ] as const
    return figures.flatMap(([field, stored, derived]) =>
      stored === derived ? [] : [{ horseId: horse.id, field, stored, derived }],
    )
  })
}
