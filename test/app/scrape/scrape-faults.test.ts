import { describe, expect, it } from 'vitest'
import type { FaultRule } from '../../../fixtures/world/faults.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverAndScrape } from '../../../src/app/scrape/discover-and-scrape.ts'
import { isoInstant } from '../../../src/domain/dates.ts'
import { HarnessError } from '../../../src/errors.ts'
import { canonicalDump, dumpDifference } from '../../support/canonical-dump.ts'
import { ScrapeBench } from './scrape-support.ts'

const range = { from: '2026-01-05', to: '2026-04-05' }
const world = makeWorld({
  seed: 'three months',
  ...range,
  meetingsPerWeek: 2,
  racesPerMeeting: [2, 3],
  startersPerRace: [5, 6],
})
const now = '2026-04-10T00:00:00Z'

/** Everything that a server has been seen to do, each at its own rhythm. */
const rhythm: readonly (readonly [FaultRule['kind'], number])[] = [
  ['retry-after', 3],
  ['unavailable', 4],
  ['truncate', 5],
  ['reset', 7],
  ['hang', 9],
  ['layout', 6],
  ['not-a-page', 8],
  ['wrong-year', 10],
  ['forbidden', 17],
]
const faults = rhythm.map(([kind, everyNth]): FaultRule => ({
  host: 'hrnz',
  match: /datahrs/,
  kind,
  everyNth,
  times: 12,
}))

async function threeMonths(rules: readonly FaultRule[]) {
  const bench = await ScrapeBench.open(world, now, { timeouts: { totalMs: 150 } })
  bench.servers.setFaults(rules)
  let runs = 0
  for (let isDone = false; !isDone && runs < 120; runs++) {
    try {
      const { partial, stopped } = await discoverAndScrape(bench.deps(), { range, paceMs: 2000 })
      const unread = (await bench.pages()).filter(({ documentId, state }) => {
        return documentId === null || state === 'failed'
      })
      isDone = !partial && stopped === undefined && unread.length === 0
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error
    }
    // The next run of a schedule; a refused host is tried again on the next day.
    if (!isDone) bench.clock.set(isoInstant(bench.clock.now() + 6 * 3_600_000))
  }
  bench.clock.set('2026-07-01T00:00:00Z')
  bench.servers.setFaults([])
  await discoverAndScrape(bench.deps(), { range, paceMs: 2000 })
  const { requests } = bench.servers
  const gaps = requests.slice(1).map((request, at) => request.at - (requests[at]?.at ?? 0))
  const result = {
    runs,
    dump: await canonicalDump(bench.database),
    mostInFlight: Math.max(...requests.map(({ inFlight }) => inFlight)),
    shortestGap: Math.min(...gaps),
    sent: requests.length,
  }
  await bench.close()
  return result
}

describe('three months of a source that does everything wrong', () => {
  it('end in the same database as without faults, one request at a time and at its pace', async () => {
    const quiet = await threeMonths([])
    const storm = await threeMonths(faults)
    expect(storm.sent).toBeGreaterThan(quiet.sent + 40)
    expect(storm.runs).toBeLessThan(120)
    expect(dumpDifference(quiet.dump, storm.dump)).toEqual([])
    expect(quiet.dump.filter((row) => row.startsWith('meeting'))).toHaveLength(
      world.meetings.filter(({ inHrnz, fate }) => inHrnz && fate !== 'abandoned').length,
    )
    for (const { mostInFlight, shortestGap } of [quiet, storm]) {
      expect(mostInFlight).toBe(1)
      expect(shortestGap).toBeGreaterThanOrEqual(2000)
    }
  })
})
