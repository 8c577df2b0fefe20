import {
  planMarket,
  type MarketChanges,
  type MarketSaying,
} from '../../domain/capture/plan-market.ts'
import type { RaceMarket } from '../../domain/capture/race-market.ts'
import { isoInstant } from '../../domain/dates.ts'
import type { RaceObservation } from '../../domain/observation.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** A race as an event says it, and when (epoch ms). */
export interface MarketLook {
  readonly at: number
  readonly race?: RaceObservation
  readonly market?: RaceMarket
}

/**
 * What a list and an event say of a race besides its card. The list speaks for the start and the
 * protest wherever it says anything, as in the card: two wordings would take turns otherwise.
 */
export function marketSayings(
  listed: RaceObservation | undefined,
  listedAt: number,
  look: MarketLook | undefined,
): MarketSaying[] {
  const sayings: MarketSaying[] = []
  if (listed !== undefined) {
    const race = { ...listed, starters: [] }
    sayings.push({ eventId: eventIdOf(listed.key), at: isoInstant(listedAt), race })
  }
  if (look?.race === undefined) return sayings
  const { startTime, protestText, ...card } = look.race
  const race = {
    ...card,
    ...(startTime === undefined || listed?.startTime !== undefined ? {} : { startTime }),
    ...(protestText === undefined || listed?.protestText !== undefined ? {} : { protestText }),
  }
  sayings.push({
    eventId: eventIdOf(race.key),
    at: isoInstant(look.at),
    race,
    ...(look.market === undefined ? {} : { market: look.market }),
  })
  return sayings
}

/** Puts it on record. `history`: bodies read again may be older than what is there. */
export async function keepMarket(
  repositories: Pick<Repositories, 'market'>,
  sayings: readonly MarketSaying[],
  options: { readonly history: boolean } = { history: false },
): Promise<MarketChanges> {
  const events = [...new Set(sayings.map(({ eventId }) => eventId))]
  const changes = planMarket(await repositories.market.load(events, options), sayings)
  await repositories.market.apply(changes)
  return changes
}

const eventIdOf = (key: string): string => key.replace('tab:event:', '')
