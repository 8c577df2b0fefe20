import { assign } from '../assignment.ts'
import { isNoName, nameKey, plain } from '../names.ts'
import type { StarterObservation } from '../observation.ts'
import { sequenceRatio } from '../similarity.ts'

export const starterPolicy = {
  /** With the same book number, names at least this alike are one name misspelt. */
  alikeWithNumber: 0.8,
  /** With the same driver as well. */
  alikeWithDriver: 0.6,
}

/**
 * Pairs the starters of one race as two sources give them, one to one: by name, then by TAB's entrant
 * id, then by book number with a name that is nearly the same, then by elimination (the only two left over, with the same
 * number and driver). Anything else stays apart: a wrong pair would make two horses one.
 */
export function matchStarters(
  left: readonly StarterObservation[],
  right: readonly StarterObservation[],
): { readonly left: number; readonly right: number }[] {
  const pairs = sameNames(left, right)
  const leftFree = indexesWithout(
    left.length,
    pairs.map((pair) => pair.left),
  )
  const rightFree = indexesWithout(
    right.length,
    pairs.map((pair) => pair.right),
  )
  if (leftFree.length === 0 || rightFree.length === 0) return pairs
  for (const { row, column } of assign(leftFree.length, rightFree.length, (row, column) =>
    likeness(left[leftFree[row]!]!, right[rightFree[column]!]!),
  )) {
    pairs.push({ left: leftFree[row]!, right: rightFree[column]! })
  }
  const leftLast = indexesWithout(
    left.length,
    pairs.map((pair) => pair.left),
  )
  const rightLast = indexesWithout(
    right.length,
    pairs.map((pair) => pair.right),
  )
  if (leftLast.length === 1 && rightLast.length === 1) {
    const a = left[leftLast[0]!]!
    const b = right[rightLast[0]!]!
    if (sameNumber(a, b) && sameDriver(a, b) && !contradicts(a, b)) {
      pairs.push({ left: leftLast[0]!, right: rightLast[0]! })
    }
  }
  return pairs
}

/** Pairs under one name key; where a name stands twice in a race the book number tells them apart. */
function sameNames(
  left: readonly StarterObservation[],
  right: readonly StarterObservation[],
): { left: number; right: number }[] {
  const byName = new Map<string, number[]>()
  right.forEach((starter, index) => {
    if (isNoName(starter.horseName)) return
    const key = nameKey(starter.horseName)
    byName.set(key, [...(byName.get(key) ?? []), index])
  })
  const rest = left.map((starter, index) => ({ starter, index }))
  // Those whose number agrees choose first, so that the other of the two gets what is left.
  const ordered = [
    ...rest.filter(({ starter }) => numberAgrees(starter)),
    ...rest.filter(({ starter }) => !numberAgrees(starter)),
  ]
  function numberAgrees(starter: StarterObservation): boolean {
    return (byName.get(nameKey(starter.horseName)) ?? []).some((index) =>
      sameNumber(starter, right[index]!),
    )
  }
  const taken = new Set<number>()
  const pairs: { left: number; right: number }[] = []
  for (const { starter, index } of ordered) {
    const open = (byName.get(nameKey(starter.horseName)) ?? []).filter(
      (candidate) => !taken.has(candidate) && !contradicts(starter, right[candidate]!),
    )
    const chosen = open.find((candidate) => sameNumber(starter, right[candidate]!)) ?? open[0]
    if (chosen === undefined) continue
    taken.add(chosen)
    pairs.push({ left: index, right: chosen })
  }
  return pairs
}

function likeness(a: StarterObservation, b: StarterObservation): number {
  if (a.tabEntrantId !== undefined && a.tabEntrantId === b.tabEntrantId) return 2
  if (!sameNumber(a, b) || contradicts(a, b)) return 0
  if (isNoName(a.horseName) !== isNoName(b.horseName)) return sameDriver(a, b) ? 0.5 : 0
  const ratio = sequenceRatio(squashed(a.horseName), squashed(b.horseName))
  if (ratio >= starterPolicy.alikeWithNumber) return ratio
  return ratio >= starterPolicy.alikeWithDriver && sameDriver(a, b) ? ratio : 0
}

/** Known and different parents: two horses, whatever number they carry. */
function contradicts(a: StarterObservation, b: StarterObservation): boolean {
  return differ(a.sire, b.sire) || differ(a.dam, b.dam)
}

function differ(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || isNoName(a) || isNoName(b)) return false
  return squashed(a) !== squashed(b)
}

function sameNumber(a: StarterObservation, b: StarterObservation): boolean {
  return a.number !== undefined && a.number === b.number
}

function sameDriver(a: StarterObservation, b: StarterObservation): boolean {
  if (a.driver === undefined || b.driver === undefined) return false
  return plain(a.driver) === plain(b.driver)
}

const squashed = (name: string): string => nameKey(name).replaceAll(' ', '')

function indexesWithout(length: number, taken: readonly number[]): number[] {
  const used = new Set(taken)
  return Array.from({ length }, (_, index) => index).filter((index) => !used.has(index))
}
