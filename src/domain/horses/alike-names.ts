import { sequenceRatio } from '../similarity.ts'
import type { Cluster } from './cluster.ts'

/** Two name keys further apart than a slip of the pen. */
export function isAnotherName(one: string, other: string): boolean {
  return sequenceRatio(one.replaceAll(' ', ''), other.replaceAll(' ', '')) < 0.8
}

/** Every name of the one is another name than every name of the other. */
export function areFarApart(a: Cluster, b: Cluster): boolean {
  if (a.nameKeys.size === 0 || b.nameKeys.size === 0) return false
  return [...a.nameKeys].every((one) =>
    [...b.nameKeys].every((other) => one !== other && isAnotherName(one, other)),
  )
}
