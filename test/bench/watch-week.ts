import { statSync } from 'node:fs'
import { sql } from 'kysely'
import { makeWorld } from '../../fixtures/world/world.ts'
import { startWorldServers } from '../../fixtures/world/servers.ts'
import { watchRaces } from '../../src/app/capture/capture-watch.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { createFetcher } from '../../src/sources/http/polite-fetcher.ts'
import { tabApi } from '../../src/sources/tab/tab-api.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { SteppingClock } from '../support/stepping-clock.ts'
import type { Figures } from './figures.ts'

const day = 86_400_000

/** Follows the races of so many days in one process, at a clock that jumps to what is due next. */
export async function watchWeek(options: {
  readonly database: string
  readonly days: number
  readonly meetings: number
}): Promise<Figures> {
  const { days, meetings } = options
  const start = '2026-03-01T20:00:00Z'
  const end = Date.parse(start) + (days + 1) * day
  const world = makeWorld({
    seed: 7,
    from: '2026-03-02',
    to: new Date(end - 2 * day).toISOString().slice(0, 10),
    meetingsPerWeek: meetings,
  })
  const clock = new SteppingClock(start)
  const servers = await startWorldServers({ world, now: () => clock.now() })
  const database = await openDatabase(options.database)
  await database.migrator.migrateToLatest()
  const deps = { ...quietDeps(database, 0), clock }
  const fetcher = createFetcher({
    sourceName: 'TAB',
    baseUrl: servers.tabUrl,
    hostPace: database.hostPace,
    clock,
    log: deps.log,
    signal: deps.signal,
    config: { version: '0.0.0', contact: null, minDelayMs: 2000, extraCa: null },
  })
  const tab = tabApi({ baseUrl: servers.tabUrl, partner: 'bench' })
  const memory: number[] = []
  let requests = 0
  // A watch a day would end each day; one that is told of every midnight stays the same process.
  const sleepUntil = clock.sleepUntil.bind(clock)
  let nextSample = Date.parse(start) + day / 2
  clock.sleepUntil = async (epochMs, signal) => {
    if (clock.now() >= nextSample) {
      nextSample += day / 2
      globalThis.gc?.()
      memory.push(process.memoryUsage.rss() / 1024 / 1024)
    }
    await sleepUntil(epochMs, signal)
  }
  const startedAt = performance.now()
  await watchRaces({ ...deps, tab, fetcher }, { intervalMs: 30 * 60_000, until: end })
  const seconds = (performance.now() - startedAt) / 1000
  for (const count of Object.values(fetcher.requests)) requests += count
  const races = world.meetings.filter(({ inTab }) => inTab).flatMap((meeting) => meeting.races)

  const count = async (query: ReturnType<typeof sql<{ n: number }>>): Promise<number> =>
    Number((await query.execute(database.db)).rows[0]?.n ?? 0)
  const settled = await count(
    sql<{ n: number }>`select count(*) as n from races where status in ('final', 'abandoned')`,
  )
  const twice = await count(
    sql<{ n: number }>`select count(*) as n from (select tab_event_id from races
      group by tab_event_id having count(*) > 1) as doubled`,
  )
  const missed = await count(
    sql<{ n: number }>`select count(*) as n from missed_windows where cause not like 'no watcher%'`,
  )
  const odds = await count(sql<{ n: number }>`select count(*) as n from odds_snapshots`)
  const archive = await count(sql<{ n: number }>`select sum(length(body)) as n from documents`)
  const finals = await database.db
    .selectFrom('documents')
    .select(['url', (eb) => eb.fn.min('fetched_at').as('at')])
    .where('label', 'like', 'final %')
    .groupBy('url')
    .execute()
  const seenAt = new Map(finals.map(({ url, at }) => [url.split('/').at(-1), Date.parse(at)]))
  const delays = races
    .flatMap((race) => {
      const seen = seenAt.get(race.tabEventId)
      return seen === undefined ? [] : [(seen - race.finalAt) / 1000]
    })
    .sort((a, b) => a - b)
  await fetcher.close()
  await servers.close()
  await sql`pragma wal_checkpoint(truncate)`.execute(database.db)
  await database.close()
  return {
    races: races.length,
    settled,
    twice,
    missed,
    requests,
    odds,
    archive,
    seconds,
    bytes: statSync(options.database).size,
    delayMedian: delays[Math.floor(delays.length / 2)] ?? 0,
    delayMost: delays.at(-1) ?? 0,
    memoryFirst: memory[0] ?? 0,
    memoryMost: Math.max(0, ...memory),
    memoryLast: memory.at(-1) ?? 0,
  }
}
