import type { Judgement, PooledStarter } from '../masters.ts'
import { identifierKey } from '../names.ts'
import { allSchemes, sourceKeysOf } from './cluster.ts'

/**
 * The identifiers that a start keeps: `different` between a start and an identifier that it carries
 * says that the source gave it another horse's.
 */
export function idsLeft(
  starters: readonly PooledStarter[],
  different: readonly Pick<Judgement, 'a' | 'b'>[],
): Map<PooledStarter, PooledStarter['ids']> {
  const left = new Map<PooledStarter, PooledStarter['ids']>()
  if (different.length === 0) return left
  const partners = new Map<string, string[]>()
  for (const { a, b } of different) {
    partners.set(a, [...(partners.get(a) ?? []), b])
    partners.set(b, [...(partners.get(b) ?? []), a])
  }
  for (const starter of starters) {
    const refused = new Set(sourceKeysOf(starter).flatMap((key) => partners.get(key) ?? []))
    if (refused.size === 0) continue
    const kept = allSchemes.flatMap((scheme) => {
      const value = starter.ids[scheme]
      return value === undefined || refused.has(identifierKey({ scheme, value }))
        ? []
        : [[scheme, value]]
    })
    left.set(starter, Object.fromEntries(kept) as PooledStarter['ids'])
  }
  return left
}
