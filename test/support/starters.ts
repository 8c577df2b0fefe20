import type { PooledStarter } from '../../src/domain/masters.ts'
import { nameKey } from '../../src/domain/names.ts'

/** A start with invented content; each call gives another race a week later. */
export function aStart(said: Partial<PooledStarter> & { id: number }): PooledStarter {
  const { id, ...rest } = said
  const name = rest.name ?? 'Totara Dream'
  const date =
    rest.date ?? new Date(Date.UTC(2026, 0, 1) + id * 7 * 86_400_000).toISOString().slice(0, 10)
  return {
    starterId: id,
    raceId: id,
    date,
    startTime: `${date}T05:00:00.000Z`,
    phase: 'ran',
    sourceKey: `hrnz:starter:${date}/01/R1/${nameKey(name)} ${id}`,
    tabEntrantId: null,
    manualKey: null,
    name,
    nameKey: nameKey(name),
    sire: null,
    dam: null,
    damSire: null,
    sex: null,
    colour: null,
    country: null,
    foaledOn: null,
    gait: 'pace',
    ids: {},
    ...rest,
  }
}
