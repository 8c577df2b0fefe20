/** An old id with a share in a new cluster. */
export interface IdClaim {
  /** Index of the new cluster. */
  readonly cluster: number
  readonly oldId: number
  /** The share holds a trusted identifier. */
  readonly trusted: boolean
  /** Members of the share. */
  readonly size: number
  /** Earliest date in the share. */
  readonly first: string
}

/**
 * Which ids the new clusters keep: stable ids over recomputed clusters. Of the ids that met in one
 * cluster the survivor is the one with a trusted identifier, then with most members, then the oldest,
 * then the smallest; of the parts that one id fell into, the same order says which keeps it. `null`
 * is a cluster that needs a new id; `retired` says where the ids without a cluster went.
 */
export function reconcileIds(
  clusters: number,
  claims: readonly IdClaim[],
): {
  readonly ids: readonly (number | null)[]
  readonly retired: readonly { readonly oldId: number; readonly cluster: number }[]
} {
  const ranked = [...claims].sort(
    (a, b) =>
      Number(b.trusted) - Number(a.trusted) ||
      b.size - a.size ||
      (a.first < b.first ? -1 : a.first > b.first ? 1 : 0) ||
      a.oldId - b.oldId ||
      a.cluster - b.cluster,
  )
  const ids: (number | null)[] = Array.from({ length: clusters }, () => null)
  const kept = new Set<number>()
  for (const claim of ranked) {
    if (ids[claim.cluster] !== null || kept.has(claim.oldId)) continue
    ids[claim.cluster] = claim.oldId
    kept.add(claim.oldId)
  }
  const retired = new Map<number, number>()
  for (const claim of ranked) {
    if (!kept.has(claim.oldId) && !retired.has(claim.oldId)) {
      retired.set(claim.oldId, claim.cluster)
    }
  }
  return { ids, retired: [...retired].map(([oldId, cluster]) => ({ oldId, cluster })) }
}
