import type { PooledStarter } from '../masters.ts'
import { identifierKey } from '../names.ts'
import type { DecisionDraft } from '../decisions.ts'
import { allSchemes, breedingKey, type Cluster, profileOf, trustedSchemes } from './cluster.ts'

type Pairs = DecisionDraft['judgements']

/**
 * The judgements that set `part` apart from `rest`, in identifiers where they tell the two apart and
 * in starts otherwise. Identifiers that both carry stay with the rest: the source gave them to the
 * part's starts by mistake. With `bind` each side is also said to be one horse, so that nothing of it
 * goes over to the other.
 */
export function separate(part: Cluster, rest: Cluster, options: { bind: boolean }): Pairs {
  const shared = sharedIdentifiers(part, rest)
  const anchor = ownIdentifier(rest, shared) ?? shared.find(isTrusted) ?? rest.smallestKey
  const own = ownIdentifier(part, shared)
  const starts = [...part.starters].sort((a, b) => (a.sourceKey < b.sourceKey ? -1 : 1))
  const pairs: { a: string; b: string; verdict: 'same' | 'different' }[] = []
  const alone =
    own === undefined || shared.length > 0
      ? starts
      : starts.filter((starter) => !identifiersOf(part, starter).includes(own))
  if (own !== undefined) pairs.push({ a: own, b: anchor, verdict: 'different' })
  for (const starter of alone) {
    const carried = shared.filter((key) => identifiersOf(part, starter).includes(key))
    for (const b of new Set([anchor, ...carried]))
      pairs.push({ a: starter.sourceKey, b, verdict: 'different' })
  }
  if (!options.bind) return pairs
  const home = own ?? starts[0]!.sourceKey
  for (const { sourceKey } of alone)
    if (sourceKey !== home) pairs.push({ a: home, b: sourceKey, verdict: 'same' })
  return [...pairs, ...bound(rest, anchor)]
}

/**
 * Says that two horses are one. A horse without a trusted identifier is named by each of its starts
 * that only a name holds together: one of them would not speak for the others.
 */
export function unite(a: Cluster, anchorA: string, b: Cluster, anchorB: string): Pairs {
  const others = (cluster: Cluster, own: string, anchor: string): Pairs =>
    isTrusted(own)
      ? []
      : cluster.starters
          .filter((starter) => starter.sourceKey !== own && isWeak(cluster, starter))
          .map(({ sourceKey }) => ({ a: sourceKey, b: anchor, verdict: 'same' as const }))
  return [
    { a: anchorA, b: anchorB, verdict: 'same' },
    ...others(a, anchorA, anchorB),
    ...others(b, anchorB, anchorA),
  ]
}

/** Starts without the anchor: each that a name alone holds, of the others one of each profile. */
function bound(rest: Cluster, anchor: string): Pairs {
  const bound = new Map<string, string>()
  for (const starter of rest.starters) {
    if (starter.sourceKey === anchor || identifiersOf(rest, starter).includes(anchor)) continue
    const profile = isWeak(rest, starter)
      ? starter.sourceKey
      : profileOf(starter, rest.idsOf(starter))
    const known = bound.get(profile)
    if (known === undefined || starter.sourceKey < known) bound.set(profile, starter.sourceKey)
  }
  return [...bound.values()].sort().map((b) => ({ a: anchor, b, verdict: 'same' as const }))
}

/** Nothing but its name links the start. */
function isWeak(cluster: Cluster, starter: PooledStarter): boolean {
  return Object.keys(cluster.idsOf(starter)).length === 0 && breedingKey(starter) === null
}

function sharedIdentifiers(part: Cluster, rest: Cluster): string[] {
  return identifiers(part).filter((key) => rest.keys.has(key))
}

/** A trusted identifier that only this side carries. */
function ownIdentifier(cluster: Cluster, shared: readonly string[]): string | undefined {
  return identifiers(cluster).find((key) => isTrusted(key) && !shared.includes(key))
}

function identifiers(cluster: Cluster): string[] {
  return allSchemes.flatMap((scheme) =>
    [...(cluster.ids.get(scheme) ?? [])].sort().map((value) => identifierKey({ scheme, value })),
  )
}

function identifiersOf(cluster: Cluster, starter: PooledStarter): string[] {
  const ids = cluster.idsOf(starter)
  return allSchemes.flatMap((scheme) => {
    const value = ids[scheme]
    return value === undefined ? [] : [identifierKey({ scheme, value })]
  })
}

const isTrusted = (key: string): boolean =>
  trustedSchemes.some((scheme) => key.startsWith(`${scheme}:`))
