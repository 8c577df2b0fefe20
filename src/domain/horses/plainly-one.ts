import { daysBetween } from '../dates.ts'
import type { Cluster } from './cluster.ts'

/**
 * Longest break, in days, between the starts of one name that is still taken for a spell. A registered
 * name is not given to a second horse while the first one races, and years pass before it is free
 * again; half a year is a long spell and no more.
 */
export const longestSpell = 183

/**
 * Whether bare starts under the name of an identified horse need no question. The caller has made
 * sure that the name has one candidate and that no veto rings, soft ones included; here the careers
 * must run into each other and the gaits be known as one. A name that comes back after years, or paces
 * where it used to trot, is asked about: that is how a second horse of the name shows. So is a name
 * that no identifier vouches for.
 */
export function isPlainlyOne(rest: Cluster, part: Cluster): boolean {
  if (!rest.hasTrustedId || part.ids.size > 0) return false
  if (rest.gaits.size !== 1 || part.gaits.size !== 1) return false
  const partDates = new Set(part.starters.map((starter) => starter.date))
  const dates = [...new Set([...rest.starters.map((starter) => starter.date), ...partDates])].sort()
  return dates.every((date, index) => {
    const before = dates[index - 1]
    if (before === undefined || (!partDates.has(date) && !partDates.has(before))) return true
    return daysBetween(before, date) <= longestSpell
  })
}
