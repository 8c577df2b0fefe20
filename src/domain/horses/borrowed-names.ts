import { daysBetween } from '../dates.ts'
import { groupBy } from '../group-by.ts'
import type { PooledStarter } from '../masters.ts'
import { type Cluster, trustedSchemes } from './cluster.ts'
import { longestSpell } from './plainly-one.ts'
import type { Veto } from './vetoes.ts'

/**
 * An identifier that joins two names tells of a rename, or stands beside the wrong horse: the ids of
 * two stablemates swapped, one mistyped. A name has one bearer at a time, so where another
 * identifier raced under one of the names at that time, it is not a rename that is plain.
 */
export function borrowedNames(
  starters: readonly PooledStarter[],
  idsOf: (starter: PooledStarter) => PooledStarter['ids'],
): Veto {
  let bearers: ReadonlyMap<string, readonly PooledStarter[]> | undefined
  const isAnothers = (starter: PooledStarter, scheme: Scheme, value: string): boolean => {
    bearers ??= byName(starters)
    return (bearers.get(starter.nameKey) ?? []).some((other) => {
      const theirs = idsOf(other)[scheme]
      return (
        theirs !== undefined &&
        theirs !== value &&
        Math.abs(daysBetween(other.date, starter.date)) <= longestSpell
      )
    })
  }
  return {
    id: 'name-of-another',
    kind: 'hard',
    text: 'a horse with another identifier raced under one of the names at that time',
    rings: (a, b) =>
      shareNoName(a, b) &&
      trustedSchemes.some((scheme) =>
        [...(a.ids.get(scheme) ?? [])].some(
          (value) =>
            b.ids.get(scheme)?.has(value) === true &&
            [...a.starters, ...b.starters].some(
              (starter) => idsOf(starter)[scheme] === value && isAnothers(starter, scheme, value),
            ),
        ),
      ),
  }
}

type Scheme = (typeof trustedSchemes)[number]

/** Both have a name, and none in common. */
function shareNoName(a: Cluster, b: Cluster): boolean {
  if (a.nameKeys.size === 0 || b.nameKeys.size === 0) return false
  return ![...a.nameKeys].some((key) => b.nameKeys.has(key))
}

function byName(starters: readonly PooledStarter[]): ReadonlyMap<string, readonly PooledStarter[]> {
  const named = starters.filter(({ nameKey }) => nameKey !== '')
  return groupBy(named, ({ nameKey }) => nameKey)
}
