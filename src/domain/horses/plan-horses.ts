import type { LinkRow, PooledStarter, Redirect } from '../masters.ts'
import { type IdClaim, reconcileIds } from '../stable-ids.ts'
import { isAnotherName } from './alike-names.ts'
import type { Cluster } from './cluster.ts'
import {
  linkStarters,
  type LinkedHorse,
  type LinkJudgement,
  type LinkQuestion,
} from './link-starters.ts'
import { neighbourhoods } from './neighbourhoods.ts'
import { type HorseSummary, summariseHorse } from './summarise-horse.ts'

/** An id says that starts under two quite different names are one horse's. */
export interface NameChange {
  readonly code: 'name-changed'
  readonly cluster: Cluster
  readonly from: PooledStarter
  readonly to: PooledStarter
}

export interface HorsePlanInput {
  /** A closed neighbourhood: starters as they will stand. */
  readonly starters: readonly PooledStarter[]
  /** Links as they stand, of these starters and of starters that are going. */
  readonly links: readonly LinkRow[]
  readonly judgements: readonly LinkJudgement[]
  /** Ids that were merged into horses of this neighbourhood and may come back. */
  readonly redirects: readonly Redirect[]
}

/** Horses of a neighbourhood as they will stand; `null` ids are still to be given. */
export interface HorsePlan {
  readonly horses: readonly {
    readonly id: number | null
    readonly horse: LinkedHorse
    readonly summary: HorseSummary
    /** No other horse shares a name or an identifier with it. */
    readonly isAlone: boolean
  }[]
  readonly questions: readonly (LinkQuestion | NameChange)[]
  /** Old horse id → index of the horse that holds most of it now; -1 when nothing is left of it. */
  readonly retired: readonly { readonly oldId: number; readonly horse: number }[]
  /** Retired ids that live again. */
  readonly revived: readonly number[]
}

/** Decides the horses of a neighbourhood and which ids they keep. Pure. */
export function planHorses(input: HorsePlanInput): HorsePlan {
  const { horses, questions } = linkStarters(input.starters, input.judgements)
  const oldIdOf = new Map(input.links.map((link) => [link.starterId, link.horseId]))
  const holds = (index: number, { anchor }: Redirect): boolean =>
    horses[index]!.cluster.keys.has(anchor)
  const claims = withoutMergedParts(
    horses.flatMap(({ cluster }, index) => claimsOf(cluster, index, oldIdOf)),
    input.redirects,
    holds,
  )
  const { ids, retired } = reconcileIds(horses.length, claims)
  const revived: number[] = []
  // Of several ids that went into one horse the one that went last stood for all of it.
  const latestFirst = [...input.redirects].sort((a, b) =>
    a.retiredAt < b.retiredAt ? 1 : a.retiredAt > b.retiredAt ? -1 : a.oldId - b.oldId,
  )
  const finalIds = ids.map((id, index) => {
    if (id !== null) return id
    const back = latestFirst.find(
      (redirect) => holds(index, redirect) && !revived.includes(redirect.oldId),
    )
    if (back === undefined) return null
    revived.push(back.oldId)
    return back.oldId
  })
  const alone = standingAlone(input, horses)
  const claimed = new Set(claims.map((claim) => claim.oldId))
  const gone = [...new Set(oldIdOf.values())].filter((oldId) => !claimed.has(oldId))
  return {
    horses: horses.map((horse, index) => ({
      id: finalIds[index] ?? null,
      horse,
      summary: summariseHorse(horse.cluster),
      isAlone: alone[index]!,
    })),
    questions: [...questions, ...horses.flatMap(({ cluster }) => nameChange(cluster))],
    retired: [
      ...retired.map(({ oldId, cluster }) => ({ oldId, horse: cluster })),
      ...gone.map((oldId) => ({ oldId, horse: -1 })),
    ],
    revived,
  }
}

/**
 * Where an id falls into parts and a part stands for an id that was merged into it, that part takes
 * its own id back and leaves this one to the others: an undo gives each horse the id it had.
 */
function withoutMergedParts(
  claims: readonly IdClaim[],
  redirects: readonly Redirect[],
  holds: (index: number, redirect: Redirect) => boolean,
): readonly IdClaim[] {
  if (redirects.length === 0) return claims
  const isMerged = ({ cluster, oldId }: IdClaim): boolean =>
    redirects.some((redirect) => redirect.id === oldId && holds(cluster, redirect))
  const own = new Set(claims.filter((claim) => !isMerged(claim)).map(({ oldId }) => oldId))
  return claims.filter((claim) => !own.has(claim.oldId) || !isMerged(claim))
}

/** Which horses have their neighbourhood to themselves. */
function standingAlone(
  { starters, judgements }: HorsePlanInput,
  horses: readonly LinkedHorse[],
): boolean[] {
  const horseOf = new Map<number, number>()
  horses.forEach(({ cluster }, index) => {
    for (const starter of cluster.starters) horseOf.set(starter.starterId, index)
  })
  const alone = horses.map(() => true)
  for (const neighbourhood of neighbourhoods(starters, judgements)) {
    const inside = new Set(neighbourhood.map((starter) => horseOf.get(starter.starterId)!))
    if (inside.size > 1) for (const index of inside) alone[index] = false
  }
  return alone
}

function claimsOf(cluster: Cluster, index: number, oldIdOf: ReadonlyMap<number, number>) {
  const shares = new Map<number, { trusted: boolean; size: number; first: string }>()
  for (const starter of cluster.starters) {
    const oldId = oldIdOf.get(starter.starterId)
    if (oldId === undefined) continue
    const share = shares.get(oldId) ?? { trusted: false, size: 0, first: '9999' }
    share.size++
    share.trusted ||= Object.keys(cluster.idsOf(starter)).length > 0
    if (starter.date < share.first) share.first = starter.date
    shares.set(oldId, share)
  }
  return [...shares].map(([oldId, share]) => ({ cluster: index, oldId, ...share }))
}

/** Names further apart than a slip of the pen: a rename, or an id that was given to two horses. */
function nameChange(cluster: Cluster): NameChange[] {
  if (cluster.nameKeys.size < 2) return []
  const starters = [...cluster.starters]
    .filter((starter) => starter.nameKey !== '')
    .sort((a, b) => (a.date + a.sourceKey < b.date + b.sourceKey ? -1 : 1))
  const first = starters[0]!
  const other = starters.find((starter) => isAnotherName(first.nameKey, starter.nameKey))
  return other === undefined ? [] : [{ code: 'name-changed', cluster, from: first, to: other }]
}
