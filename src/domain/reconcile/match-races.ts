import { assign } from '../assignment.ts'
import { nameKey } from '../names.ts'
import type { RaceObservation } from '../observation.ts'

export const racePolicy = {
  /** Start times further apart speak against one race. Minutes. */
  startTimeNear: 10,
  startTimeFar: 60,
  /** From this many horses on both sides, cards decide. */
  minHorses: 4,
  vetoOverlap: 0.2,
  accept: 0.3,
}

/**
 * Pairs the races of two sources' cards of one meeting. The number leads, checked by distance, start
 * time and the horses in common, so that renumbered and split cards still meet their own race.
 */
export function matchRaces(
  left: readonly RaceObservation[],
  right: readonly RaceObservation[],
): { readonly left: number; readonly right: number }[] {
  const leftHorses = left.map(horsesOf)
  const rightHorses = right.map(horsesOf)
  return assign(left.length, right.length, (row, column) =>
    Math.max(0, raceLikeness(left[row]!, right[column]!, leftHorses[row]!, rightHorses[column]!)),
  )
    .filter((pair) => pair.score >= racePolicy.accept)
    .map((pair) => ({ left: pair.row, right: pair.column }))
}

function raceLikeness(
  a: RaceObservation,
  b: RaceObservation,
  aHorses: ReadonlySet<string>,
  bHorses: ReadonlySet<string>,
): number {
  let score = a.number === b.number ? 1 : 0
  if (a.distanceM !== undefined && b.distanceM !== undefined) {
    score += a.distanceM === b.distanceM ? 0.5 : -0.6
  }
  if (a.startTime !== undefined && b.startTime !== undefined) {
    const minutes = Math.abs(Date.parse(a.startTime) - Date.parse(b.startTime)) / 60_000
    if (minutes <= racePolicy.startTimeNear) score += 0.5
    else if (minutes > racePolicy.startTimeFar) score -= 0.6
  }
  const smaller = Math.min(aHorses.size, bHorses.size)
  if (smaller >= racePolicy.minHorses) {
    let common = 0
    for (const horse of aHorses) if (bHorses.has(horse)) common++
    const overlap = common / smaller
    // Other horses are another race, whatever the number says.
    if (overlap < racePolicy.vetoOverlap) return 0
    score += 3 * overlap
  } else if (a.number !== b.number) return 0
  return score
}

function horsesOf(race: RaceObservation): ReadonlySet<string> {
  return new Set(race.starters.map((starter) => nameKey(starter.horseName)))
}
