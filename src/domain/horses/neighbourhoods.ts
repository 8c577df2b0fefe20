import type { PooledStarter } from '../masters.ts'
import { identifierKey } from '../names.ts'
import { allSchemes, sourceKeysOf } from './cluster.ts'
import type { LinkJudgement } from './link-starters.ts'

/**
 * Splits starters into closed neighbourhoods: no two of them share a name key, an identifier or a
 * judgement. Linking each alone is linking everything, with the memory of the largest.
 */
export function neighbourhoods<Starter extends PooledStarter>(
  starters: readonly Starter[],
  judgements: readonly LinkJudgement[],
): Starter[][] {
  const parent = new Int32Array(starters.length).map((_, index) => index)
  const rootOf = (index: number): number => {
    while (parent[index] !== index) {
      parent[index] = parent[parent[index]!]!
      index = parent[index]!
    }
    return index
  }
  const judged = new Set(judgements.flatMap(({ a, b }) => [a, b]))
  const firstWith = new Map<string, number>()
  const visit = (key: string, index: number): void => {
    const first = firstWith.get(key)
    if (first === undefined) firstWith.set(key, index)
    else parent[rootOf(index)] = rootOf(first)
  }
  starters.forEach((starter, index) => {
    if (starter.nameKey !== '') visit(`name ${starter.nameKey}`, index)
    for (const scheme of allSchemes) {
      const value = starter.ids[scheme]
      if (value !== undefined) visit(identifierKey({ scheme, value }), index)
    }
    if (judged.size === 0) return
    for (const key of sourceKeysOf(starter)) if (judged.has(key)) visit(key, index)
  })
  for (const { a, b } of judgements) {
    const first = firstWith.get(a)
    const second = firstWith.get(b)
    if (first !== undefined && second !== undefined) parent[rootOf(second)] = rootOf(first)
  }
  const groups = new Map<number, Starter[]>()
  starters.forEach((starter, index) => {
    const root = rootOf(index)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [starter])
    else group.push(starter)
  })
  return [...groups.values()]
}
