import { assign } from '../assignment.ts'
import { groupBy } from '../group-by.ts'
import { isNoName, nameKey, plain } from '../names.ts'
import type { StarterObservation } from '../observation.ts'
import { sequenceRatio } from '../similarity.ts'

export const starterPolicy = {
  /** With the same book number, names at least this alike are one name misspelt. */
  alikeWithNumber: 0.8,
  /** With the same driver as well. */
  alikeWithDriver: 0.6,
  /** A name that another one begins with is the same one, cut, from so many letters on. */
  leastCut: 12,
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
  const byName = indexesByName(right)
  const byNameLeft = indexesByName(left)
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
    const key = nameKey(starter.horseName)
    const named = byName.get(key) ?? []
    // A parent that one source misspells does not make one entry two; where a name stands twice in
    // a race, parents say which is which.
    const isOnly = named.length === 1 && byNameLeft.get(key)?.length === 1
    const open = named.filter((candidate) => {
      const other = right[candidate]!
      const isOne = isOnly && !otherNumber(starter, other)
      return !taken.has(candidate) && (isOne || !contradicts(starter, other))
    })
    const chosen = open.find((candidate) => sameNumber(starter, right[candidate]!)) ?? open[0]
    if (chosen === undefined) continue
    taken.add(chosen)
    pairs.push({ left: index, right: chosen })
  }
  return pairs
}

function indexesByName(starters: readonly StarterObservation[]): Map<string, number[]> {
  const named = starters.flatMap(({ horseName }, index) =>
    isNoName(horseName) ? [] : [{ key: nameKey(horseName), index }],
  )
  const groups = groupBy(named, ({ key }) => key)
  return new Map([...groups].map(([key, own]) => [key, own.map(({ index }) => index)]))
}

function likeness(a: StarterObservation, b: StarterObservation): number {
  if (a.tabEntrantId !== undefined && a.tabEntrantId === b.tabEntrantId) return 2
  if (!sameNumber(a, b) || contradicts(a, b)) return 0
  if (isNoName(a.horseName) !== isNoName(b.horseName)) return sameDriver(a, b) ? 0.5 : 0
  const [x, y] = [squashed(a.horseName), squashed(b.horseName)]
  if (isCut(x, y) || isCut(y, x)) return 1
  const ratio = sequenceRatio(x, y)
  if (ratio >= starterPolicy.alikeWithNumber) return ratio
  return ratio >= starterPolicy.alikeWithDriver && sameDriver(a, b) ? ratio : 0
}

/** One source writes no more than so many letters of a name. */
function isCut(whole: string, part: string): boolean {
  return part.length >= starterPolicy.leastCut && whole.startsWith(part)
}

/** Known and different parents: two horses, whatever number they carry. */
function contradicts(a: StarterObservation, b: StarterObservation): boolean {
  return otherName(a.sire, b.sire) || otherName(a.dam, b.dam)
}

function otherName(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || isNoName(a) || isNoName(b)) return false
  return squashed(a) !== squashed(b)
}

function sameNumber(a: StarterObservation, b: StarterObservation): boolean {
  return a.number !== undefined && a.number === b.number
}

function otherNumber(a: StarterObservation, b: StarterObservation): boolean {
  return a.number !== undefined && b.number !== undefined && a.number !== b.number
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
