import { daysBetween } from '../dates.ts'
import type { Cluster } from './cluster.ts'
import type { LinkQuestion } from './link-starters.ts'
import { longestSpell } from './plainly-one.ts'
import { vetoes } from './vetoes.ts'

const otherIdentifier = vetoes.find(({ id }) => id === 'other-identifier')!

/**
 * Questions about two of one name that race at one time, and differ in an identifier and in nothing
 * else that is known: two horses as they stand, or one whose identifier was mistyped. `clusters`:
 * all of one name, the best known first; the one that is less known asks, and asks once.
 */
export function twinQuestions(
  clusters: readonly Cluster[],
  isSettled: (a: Cluster, b: Cluster) => boolean,
): LinkQuestion[] {
  return clusters.flatMap((subject, index): LinkQuestion[] => {
    const other = clusters
      .slice(0, index)
      .find((one) => mayBeTwins(one, subject) && !isSettled(one, subject))
    return other === undefined
      ? []
      : [{ code: 'possible-duplicate', subject, other, veto: otherIdentifier }]
  })
}

function mayBeTwins(a: Cluster, b: Cluster): boolean {
  if (a.races.size === 0 || b.races.size === 0 || !otherIdentifier.rings(a, b)) return false
  return (
    vetoes.every((veto) => veto === otherIdentifier || !veto.rings(a, b)) &&
    daysBetween(a.lastDate, b.firstDate) <= longestSpell &&
    daysBetween(b.lastDate, a.firstDate) <= longestSpell
  )
}
