import { canonicalJson } from '../../domain/canonical-json.ts'
import { type HorseFacts, pageIdentifiers, withFacts } from '../../domain/horses/horse-facts.ts'
import type { PooledStarter } from '../../domain/masters.ts'
import { identifierKey } from '../../domain/names.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** The evidence of starts, completed from the pages of their horses, where these have been read. */
export async function withHorsePages(
  { horseFacts }: Repositories,
  starters: readonly PooledStarter[],
): Promise<readonly PooledStarter[]> {
  const facts = await horseFacts.of(starters.flatMap(({ ids }) => pageIdentifiers(ids)))
  if (facts.size === 0) return starters
  return starters.map((starter) => {
    const known = pageIdentifiers(starter.ids).flatMap((id) => facts.get(identifierKey(id)) ?? [])
    return withFacts(starter, known[0])
  })
}

/** Keeps what a page says; gives the racing dates of the starts that it speaks of, none if it is no news. */
export async function keepHorsePage(
  { horseFacts, horses }: Repositories,
  facts: HorseFacts,
  documentId: number,
): Promise<readonly string[]> {
  const identifiers = pageIdentifiers(facts.ids)
  const before = await horseFacts.of(identifiers)
  await horseFacts.save([{ facts, documentId }])
  const said = canonicalJson(facts)
  const isNews = identifiers.some((identifier) => {
    const known = before.get(identifierKey(identifier))
    return known === undefined || canonicalJson(known) !== said
  })
  if (!isNews) return []
  const links = await horses.findLinks({ nameKeys: [], identifiers, sourceKeys: [] })
  const own = links.filter(({ ids }) =>
    identifiers.some(({ scheme, value }) => ids[scheme] === value),
  )
  return [...new Set(own.map(({ date }) => date))].sort()
}
