import type { MarketSaying } from '../../domain/capture/plan-market.ts'
import type { RaceMarket } from '../../domain/capture/race-market.ts'
import type { MeetingObservation, RaceObservation } from '../../domain/observation.ts'
import { keepMarket, marketSayings } from './capture-market.ts'
import type { AppDeps } from '../ports.ts'

/**
 * Puts prices, dividends and starts on record again from archived bodies, given in the order in
 * which they were fetched: lists first, for an event is read beside the list of its time.
 */
export class MarketReplay {
  readonly #deps: Pick<AppDeps, 'unitOfWork'>
  readonly #listed = new Map<string, { at: number; race: RaceObservation }[]>()
  #sayings: MarketSaying[] = []
  #bodies = 0

  constructor(deps: Pick<AppDeps, 'unitOfWork'>) {
    this.#deps = deps
  }

  list(meeting: MeetingObservation, fetchedAt: string): void {
    const at = Date.parse(fetchedAt)
    for (const race of meeting.races) {
      const known = this.#listed.get(race.key)
      if (known === undefined) this.#listed.set(race.key, [{ at, race }])
      else known.push({ at, race })
      this.#sayings.push(...marketSayings(race, at, undefined))
    }
    this.#bodies += 1
  }

  event(body: { race: RaceObservation; market: RaceMarket }, fetchedAt: string): void {
    const at = Date.parse(fetchedAt)
    const listed = this.#listed.get(body.race.key)?.findLast((said) => said.at <= at)
    this.#sayings.push(...marketSayings(listed?.race, listed?.at ?? at, { at, ...body }))
    this.#bodies += 1
  }

  /** Writes what has come together, once it is of more than `most` bodies. */
  async flush(most: number): Promise<void> {
    if (this.#bodies <= most) return
    const sayings = this.#sayings
    this.#sayings = []
    this.#bodies = 0
    await this.#deps.unitOfWork.run((repositories) =>
      keepMarket(repositories, sayings, { history: true }),
    )
  }
}
