import { groupBy } from '../group-by.ts'

interface HorseNameKey {
  readonly horseId: number
  readonly nameKey: string
}

/**
 * Pairs of horses whose names differ in their spaces alone, `Mac Gregor` and `MacGregor`, the
 * smaller id first. Sources do space one name differently; still a person is asked.
 */
export function spelledApart(names: readonly HorseNameKey[]): [number, number][] {
  const alike = groupBy(
    names.filter(({ nameKey }) => nameKey !== ''),
    ({ nameKey }) => nameKey.replaceAll(' ', ''),
  )
  const shares = new Set(names.map(({ horseId, nameKey }) => `${horseId} ${nameKey}`))
  const pairs = new Map<string, [number, number]>()
  for (const group of alike.values()) {
    for (const one of group) {
      for (const other of group) {
        if (one.horseId >= other.horseId || one.nameKey === other.nameKey) continue
        // Those that share a name are looked at together when starts are linked.
        if (
          group.some(
            ({ horseId, nameKey }) =>
              horseId === one.horseId && shares.has(`${other.horseId} ${nameKey}`),
          )
        )
          continue
        pairs.set(`${one.horseId} ${other.horseId}`, [one.horseId, other.horseId])
      }
    }
  }
  return [...pairs.values()]
}
