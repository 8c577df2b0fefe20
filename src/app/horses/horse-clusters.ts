import { Cluster } from '../../domain/horses/cluster.ts'
import { linkStarters } from '../../domain/horses/link-starters.ts'
import { identifierKey } from '../../domain/names.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { trustedSchemes } from '../../domain/horses/cluster.ts'

/** A horse as linking sees it: with the identifiers that judgements left it. */
export async function clusterOf(repositories: Repositories, horseId: number): Promise<Cluster> {
  const links = await repositories.horses.linksOfHorses([horseId])
  const judgements = await repositories.judgements.active('horse')
  const own = linkStarters(links, judgements).horses
  if (own.length === 1) return own[0]!.cluster
  // A neighbour holds it together (a name that both share with a third start).
  const idsOf = new Map(
    own.flatMap(({ cluster }) => cluster.starters.map((one) => [one, cluster.idsOf(one)])),
  )
  return Cluster.of(links, (starter) => idsOf.get(starter) ?? starter.ids)
}

/** How judgements name a horse: by a trusted identifier that is its own, else its earliest start key. */
export async function anchorOf(
  { horses }: Repositories,
  horseId: number,
  cluster: Cluster,
): Promise<string> {
  const owned = (await horses.identifiers([horseId])).filter((identifier) =>
    trustedSchemes.includes(identifier.scheme),
  )
  const keys = new Set(owned.map(identifierKey))
  for (const scheme of trustedSchemes) {
    for (const value of [...(cluster.ids.get(scheme) ?? [])].sort()) {
      const key = identifierKey({ scheme, value })
      if (keys.has(key)) return key
    }
  }
  return cluster.smallestKey
}
