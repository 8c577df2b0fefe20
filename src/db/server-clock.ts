import { type Kysely, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** Real ms after which the difference is measured again: clocks are set while a program runs. */
const measureEveryMs = 60_000

/**
 * How far the server's clock is ahead of this machine's, in ms. What several machines agree on
 * through the database, to the second, is kept by the server's clock: theirs differ.
 */
export class ServerClock {
  readonly #db: Kysely<Schema>
  readonly #machineNow: () => number
  #measuredAt = -Infinity
  #aheadMs = 0

  constructor(db: Kysely<Schema>, machineNow: () => number) {
    this.#db = db
    this.#machineNow = machineNow
  }

  async aheadMs(): Promise<number> {
    if (performance.now() - this.#measuredAt < measureEveryMs) return this.#aheadMs
    const askedAt = this.#machineNow()
    const { rows } = await sql<{ now: number }>`
      select extract(epoch from clock_timestamp()) * 1000 as now`.execute(this.#db)
    const answeredAt = this.#machineNow()
    const { now } = rows[0]!
    // The server looked at its clock somewhere in between: clocks that may well agree do.
    const least = now - answeredAt
    const most = now - askedAt
    this.#aheadMs = least > 0 || most < 0 ? Math.round((least + most) / 2) : 0
    this.#measuredAt = performance.now()
    return this.#aheadMs
  }
}
