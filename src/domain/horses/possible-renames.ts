import { groupBy } from '../group-by.ts'
import type { HorseRow } from '../masters.ts'
import { parentKey, sexLine } from './cluster.ts'

/**
 * Pairs of horses that may be one which was renamed while no identifier was told: different names,
 * the same dam and foal year (a mare has one foal a year), and careers one after the other. The
 * earlier career stands first.
 */
export function possibleRenames(
  horses: readonly HorseRow[],
): { readonly before: HorseRow; readonly after: HorseRow }[] {
  const families = groupBy(
    horses.filter(({ dam, foaledOn }) => parentKey(dam) !== '' && foaledOn !== null),
    ({ dam, foaledOn }) => `${parentKey(dam)} ${foaledOn!.slice(0, 4)}`,
  )
  return [...families.values()].flatMap((family) =>
    family.flatMap((before) =>
      family
        .filter((after) => follows(before, after) && !contradict(before, after))
        .map((after) => ({ before, after })),
    ),
  )
}

function follows(before: HorseRow, after: HorseRow): boolean {
  return (
    before.normalizedName !== after.normalizedName &&
    before.lastSeen !== null &&
    after.firstSeen !== null &&
    before.lastSeen < after.firstSeen
  )
}

function contradict(a: HorseRow, b: HorseRow): boolean {
  const differ = (x: string | null, y: string | null): boolean =>
    x !== null && y !== null && x !== '' && y !== '' && x !== y
  return (
    differ(parentKey(a.sire), parentKey(b.sire)) ||
    differ(sexLine(a.sex), sexLine(b.sex)) ||
    // Both birthdays told, and not the same day.
    differ(a.foaledOn, b.foaledOn)
  )
}
