import { startWorldServers, type WorldServers } from '../../../fixtures/world/servers.ts'
import type { World } from '../../../fixtures/world/world.ts'
import type { Logger, Progress } from '../../../src/app/ports.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'
import { createFetcher, type FetcherConfig } from '../../../src/sources/http/polite-fetcher.ts'
import { openTestDatabase } from '../../support/database.ts'
import { SteppingClock } from '../../support/stepping-clock.ts'

const progress: Progress = { start() {}, step() {}, stop() {} }

/** A database, a clock that can be set, and a world that is served by it. */
export class ScrapeBench {
  readonly database: OpenDatabase
  readonly clock: SteppingClock
  readonly servers: WorldServers
  readonly lines: { readonly level: string; readonly message: string }[] = []
  readonly #fetchers: { close(): Promise<void> }[] = []

  readonly #http: Pick<FetcherConfig, 'timeouts'>

  private constructor(
    database: OpenDatabase,
    clock: SteppingClock,
    servers: WorldServers,
    http: Pick<FetcherConfig, 'timeouts'>,
  ) {
    this.#http = http
    this.database = database
    this.clock = clock
    this.servers = servers
  }

  static async open(
    world: World,
    now: string,
    http: Pick<FetcherConfig, 'timeouts'> = {},
  ): Promise<ScrapeBench> {
    const clock = new SteppingClock(now)
    const servers = await startWorldServers({ world, now: () => clock.now() })
    return new ScrapeBench(await openTestDatabase('sqlite'), clock, servers, http)
  }

  /** What a use case is handed: a client of its own each time, as each run has. */
  deps(signal = new AbortController().signal) {
    const log: Logger = {
      debug: (message) => void this.lines.push({ level: 'debug', message }),
      info: (message) => void this.lines.push({ level: 'info', message }),
      warn: (message) => void this.lines.push({ level: 'warn', message }),
      error: (message) => void this.lines.push({ level: 'error', message }),
    }
    const { clock, servers, database } = this
    const fetcher = createFetcher({
      sourceName: 'HRNZ',
      baseUrl: servers.hrnzUrl,
      hostPace: database.hostPace,
      clock,
      log,
      config: { version: '0', contact: null, minDelayMs: 2000, extraCa: null, ...this.#http },
    })
    this.#fetchers.push(fetcher)
    const { unitOfWork } = database
    const { hrnzUrl, dynamicUrl } = servers
    const hrnz = hrnzPages({ baseUrl: hrnzUrl, dynamicUrl })
    const dynamic = dynamicPages({ baseUrl: dynamicUrl })
    return { unitOfWork, clock, log, progress, signal, fetcher, hrnz, dynamic }
  }

  pages(kind = 'results') {
    return this.database.unitOfWork.read(({ pages }) =>
      pages.list({ source: 'hrnz_scraper', kind }),
    )
  }

  async close(): Promise<void> {
    for (const fetcher of this.#fetchers) await fetcher.close()
    await this.servers.close()
    await this.database.close()
  }
}
