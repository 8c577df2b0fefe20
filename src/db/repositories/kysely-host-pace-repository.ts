import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely'
import { holdHorizonMs } from '../../domain/scraping/host-hold.ts'
import { timingBound } from '../../domain/quality/request-timing.ts'
import type { HostPaceRepository, HostState, RequestTiming } from '../../repositories/operations.ts'
import { mappingErrors } from '../map-database-error.ts'
import { withoutNul, type Executor } from '../row-writer.ts'
import type { Schema } from '../schema.ts'
import type { HostPaceTable } from '../schema/operations.ts'
import type { ServerClock } from '../server-clock.ts'

/** How soon a claim that lost to a request in flight is worth another try: most take less. */
const inFlightRetryMs = 500

type Until = 'next_at' | 'refused_until' | 'lease_until'

export class KyselyHostPaceRepository implements HostPaceRepository {
  readonly #db: Kysely<Schema>
  readonly #target: string
  readonly #clock: ServerClock | undefined

  /** Times in the table are of the clock, where there is one. */
  constructor(db: Kysely<Schema>, target: string, clock?: ServerClock) {
    this.#db = db
    this.#target = target
    this.#clock = clock
  }

  async get(host: string): Promise<HostState | undefined> {
    const ahead = await this.#ahead()
    const row = await this.#db
      .selectFrom('host_pace')
      .selectAll()
      .where('host', '=', host)
      .executeTakeFirst()
    return row === undefined ? undefined : toState(row, ahead)
  }

  async claim(
    host: string,
    claim: { owner: string; now: number; leaseMs: number },
  ): Promise<{ go: true } | { go: false; retryAt: number }> {
    const ahead = await this.#ahead()
    const { owner } = claim
    const now = claim.now + ahead
    const lease = { lease_owner: owner, lease_until: now + claim.leaseMs }
    // Under a clock that runs fast a lease is long.
    const horizon = now + Math.max(holdHorizonMs, 2 * claim.leaseMs)
    const isOver = (eb: ExpressionBuilder<Schema, 'host_pace'>, until: Until) =>
      eb.or([eb(`host_pace.${until}`, '<=', now), eb(`host_pace.${until}`, '>', horizon)])
    return this.#write(async (db) => {
      const won = await db
        .insertInto('host_pace')
        .values({ host, ...lease })
        .onConflict((conflict) =>
          conflict
            .column('host')
            .doUpdateSet(lease)
            .where((eb) => isOver(eb, 'next_at'))
            .where((eb) => isOver(eb, 'refused_until'))
            .where((eb) =>
              eb.or([
                eb('host_pace.lease_owner', 'is', null),
                eb('host_pace.lease_owner', '=', owner),
                isOver(eb, 'lease_until'),
              ]),
            ),
        )
        .returning('host')
        .executeTakeFirst()
      if (won !== undefined) return { go: true }
      const held = await db
        .selectFrom('host_pace')
        .select(['next_at', 'refused_until', 'lease_owner', 'lease_until'])
        .where('host', '=', host)
        .executeTakeFirstOrThrow()
      const inFlight = held.lease_owner !== null && held.lease_owner !== owner
      const lapses = inFlight ? Math.min(held.lease_until, now + inFlightRetryMs) : 0
      const waits = [held.next_at, held.refused_until].filter((until) => until <= horizon)
      return { go: false, retryAt: Math.max(now, lapses, ...waits) - ahead }
    })
  }

  /** Does nothing when the claim has lapsed and another has it: the pace is that one's now. */
  async release(
    host: string,
    release: {
      owner: string
      nextAt: number
      strikes: number
      request?: RequestTiming | undefined
    },
  ): Promise<void> {
    const ahead = await this.#ahead()
    return this.#write(async (db) => {
      await db
        .updateTable('host_pace')
        .set({
          lease_owner: null,
          lease_until: 0,
          next_at: release.nextAt + ahead,
          strikes: release.strikes,
        })
        .where('host', '=', host)
        .where('lease_owner', '=', release.owner)
        .execute()
      const { request } = release
      if (request === undefined) return
      await db
        .insertInto('request_times')
        .values({
          host,
          day: request.day,
          status: request.status,
          up_to_ms: timingBound(request.ms),
          requests: 1,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['host', 'day', 'status', 'up_to_ms'])
            .doUpdateSet({ requests: sql`request_times.requests + 1` }),
        )
        .execute()
    })
  }

  async refuse(host: string, refusal: { until: number; reason: string }): Promise<void> {
    return this.#set(host, {
      refused_until: refusal.until + (await this.#ahead()),
      refused_reason: withoutNul(refusal.reason),
    })
  }

  saveRobots(host: string, robots: { text: string; fetchedAt: number }): Promise<void> {
    return this.#set(host, {
      robots_text: withoutNul(robots.text),
      robots_fetched_at: robots.fetchedAt,
    })
  }

  async all(): Promise<HostState[]> {
    const rows = await this.#db.selectFrom('host_pace').selectAll().execute()
    const ahead = await this.#ahead()
    return rows.map((row) => toState(row, ahead)).sort((a, b) => (a.host < b.host ? -1 : 1))
  }

  async #ahead(): Promise<number> {
    return (await this.#clock?.aheadMs()) ?? 0
  }

  #set(host: string, values: Partial<Selectable<HostPaceTable>>): Promise<void> {
    return this.#write(async (db) => {
      await db
        .insertInto('host_pace')
        .values({ host, ...values })
        .onConflict((conflict) => conflict.column('host').doUpdateSet(values))
        .execute()
    })
  }

  #write<T>(work: (db: Executor) => Promise<T>): Promise<T> {
    return mappingErrors(this.#target, () => this.#db.transaction().execute(work))
  }
}

const toState = (row: Selectable<HostPaceTable>, ahead: number): HostState => ({
  host: row.host,
  nextAt: row.next_at - ahead,
  strikes: row.strikes,
  leaseOwner: row.lease_owner,
  leaseUntil: row.lease_until - ahead,
  refusedUntil: row.refused_until - ahead,
  refusedReason: row.refused_reason,
  robotsText: row.robots_text,
  robotsFetchedAt: row.robots_fetched_at,
})
