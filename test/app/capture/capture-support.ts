import type { CaptureDeps } from '../../../src/app/capture/capture-list.ts'
import type { Clock } from '../../../src/app/ports.ts'
import { InterruptedError } from '../../../src/errors.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { tabApi } from '../../../src/sources/tab/tab-api.ts'
import { startWorldServers, type WorldServers } from '../../../fixtures/world/servers.ts'
import type { World } from '../../../fixtures/world/world.ts'
import { openTestDatabase } from '../../support/database.ts'

/** A clock that jumps to whatever it is asked to wait for. */
export class JumpingClock implements Clock {
  #now: number
  /** Called before each jump; what it returns can put the clock somewhere else. */
  onSleep: (until: number) => number = (until) => until

  constructor(instant: string) {
    this.#now = Date.parse(instant)
  }

  now(): number {
    return this.#now
  }

  set(instant: string): void {
    this.#now = Date.parse(instant)
  }

  async sleepUntil(epochMs: number, signal?: AbortSignal): Promise<void> {
    const until = this.onSleep(epochMs)
    if (signal?.aborted === true) throw new InterruptedError()
    this.#now = Math.max(this.#now, until)
  }
}

export interface CaptureRig {
  readonly deps: CaptureDeps
  readonly clock: JumpingClock
  readonly servers: WorldServers
  readonly database: Awaited<ReturnType<typeof openTestDatabase>>
  readonly abort: AbortController
  /** Paths that TAB was asked for since the last call, robots.txt left out. */
  asked(): string[]
  close(): Promise<void>
}

/** A world on loopback, a database file, the real client and a clock that jumps. */
export async function captureRig(world: World, instant: string): Promise<CaptureRig> {
  const clock = new JumpingClock(instant)
  const servers = await startWorldServers({ world, now: () => clock.now() })
  const database = await openTestDatabase('sqlite')
  const abort = new AbortController()
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const fetcher = createFetcher({
    sourceName: 'TAB',
    baseUrl: servers.tabUrl,
    hostPace: database.hostPace,
    clock,
    log: silent,
    signal: abort.signal,
    config: {
      version: '0.0.0',
      contact: null,
      minDelayMs: 2000,
      extraCa: null,
      timeouts: { totalMs: 2000 },
    },
  })
  let seen = 0
  return {
    deps: {
      unitOfWork: database.unitOfWork,
      clock,
      log: silent,
      progress: { start() {}, step() {}, stop() {} },
      signal: abort.signal,
      tab: tabApi({ baseUrl: servers.tabUrl, partner: 'Test' }),
      fetcher,
    },
    clock,
    servers,
    database,
    abort,
    asked() {
      const paths = servers.requests.slice(seen).map((request) => request.path)
      seen = servers.requests.length
      return paths.filter((path) => path !== '/robots.txt')
    },
    async close() {
      await fetcher.close()
      await servers.close()
      await database.close()
    },
  }
}

/** The public rows, in a stable order, without ids and times of writing. */
export async function masters(rig: CaptureRig): Promise<unknown> {
  const { db } = rig.database
  const meetings = await db
    .selectFrom('meetings')
    .select(['meeting_date', 'venue', 'club', 'status', 'data_source', 'tab_meeting_id'])
    .orderBy('tab_meeting_id')
    .execute()
  const races = await db
    .selectFrom('races')
    .select(['tab_event_id', 'race_number', 'name', 'distance_m', 'gait', 'start_time', 'status'])
    .orderBy('tab_event_id')
    .execute()
  const starters = await db
    .selectFrom('starters')
    .select(['tab_entrant_id', 'number', 'horse_name', 'barrier', 'scratched', 'finish_position'])
    .select(['finish_raw', 'margin_raw', 'time_ms', 'stake_cents', 'driver', 'trainer'])
    .orderBy('tab_entrant_id')
    .execute()
  const horses = await db
    .selectFrom('horses')
    .select(['name', 'sire', 'dam', 'race_count'])
    .orderBy('name')
    .orderBy('race_count')
    .execute()
  return { meetings, races, starters, horses }
}
