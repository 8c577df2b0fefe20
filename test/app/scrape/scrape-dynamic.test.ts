import { afterEach, expect, it } from 'vitest'
import { shownOnResultsPage } from '../../../fixtures/world/hrnz-shown.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverDynamic } from '../../../src/app/discover/discover-dynamic.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { reparseDynamic, scrapeDynamic } from '../../../src/app/scrape/scrape-dynamic.ts'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import { withClubNumber } from '../../../src/domain/scraping/club-numbers.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { canonicalDump } from '../../support/canonical-dump.ts'
import { hrnzUnits } from '../../support/world-units.ts'
import { ScrapeBench } from './scrape-support.ts'

const now = '2026-12-01T00:00:00Z'
const world = makeWorld({ seed: 8, from: '2024-03-01', to: '2024-03-28' })
const range = { from: '2024-03-03', to: '2024-03-14' }
const held = world.meetings.filter(
  (meeting) =>
    meeting.date >= range.from &&
    meeting.date <= range.to &&
    shownOnResultsPage(world, meeting, Date.parse(now)) !== null,
)
const closing: (() => Promise<void>)[] = []

async function open() {
  const bench = await ScrapeBench.open(world, now)
  const baseUrl = bench.servers.dynamicUrl
  const deps = (signal?: AbortSignal) => {
    const base = bench.deps(signal)
    const fetcher = createFetcher({
      sourceName: 'HRNZ',
      baseUrl,
      hostPace: bench.database.hostPace,
      clock: bench.clock,
      log: base.log,
      config: { version: '0', contact: 'someone@example.nz', minDelayMs: 5000, extraCa: null },
    })
    closing.unshift(() => fetcher.close())
    return { ...base, fetcher, dynamic: dynamicPages({ baseUrl }) }
  }
  closing.push(() => bench.close())
  return { bench, deps }
}
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** What the pages show: the address, the place and the state of the whole are no cells of theirs. */
function asSaid({ hrnzUrl, status, venue, ...meeting }: MeetingObservation): unknown {
  void [hrnzUrl, status, venue]
  return JSON.parse(JSON.stringify(meeting, seen))
}
/** An empty text is not on the page, and white space runs together there. */
const seen = (_key: string, value: unknown): unknown =>
  typeof value !== 'string' ? value : value === '' ? undefined : value.replace(/\s+/g, ' ')

it('finds the race days of a range page by page, and reads every field of their races', async () => {
  const { bench, deps } = await open()
  const dry = await discoverDynamic(deps(), { range, dryRun: true })
  expect(await bench.database.db.selectFrom('documents').select('id').execute()).toEqual([])
  const found = await discoverDynamic(deps(), { range, dryRun: false })
  expect(dry.racedays).toEqual(found.racedays)
  expect(await bench.pages('raceday')).toHaveLength(held.length)
  expect(found.racedays).toHaveLength(held.length)
  expect(held.length).toBeGreaterThan(6)
  expect(found).toMatchObject({ partial: false, warnings: [] })
  const result = await scrapeDynamic(deps(), {})
  expect(result).toMatchObject({ partial: false, warnings: [] })
  expect(result.counts.meetings.created).toBe(held.length)

  const trees = await bench.database.unitOfWork.read(async ({ observations }) => {
    const headers = await observations.listByDates(held.map(({ date }) => date))
    return [...(await observations.loadTrees(headers.map(({ id }) => id))).values()]
  })
  for (const meeting of held) {
    const shown = shownOnResultsPage(world, meeting, Date.parse(now))!
    const read = trees.find(({ date, club }) => date === shown.date && club === shown.club)!
    expect(asSaid(withClubNumber(read, meeting.club.number))).toEqual(asSaid(shown))
  }

  const asked = bench.servers.requests.filter(({ host }) => host === 'dynamic')
  const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000)
  expect(Math.max(...asked.map(({ inFlight }) => inFlight))).toBe(1)

  const before = await canonicalDump(bench.database)
  expect((await reparseDynamic(deps()))?.counts.starters.updated).toBe(0)
  expect(await canonicalDump(bench.database)).toEqual(before)
  expect((await scrapeDynamic(deps(), {})).outcome).toMatch(/^nothing to do/)
})

it('a run that is ended goes on with the race that it had not read, and asks for no page twice', async () => {
  const { bench, deps } = await open()
  await discoverDynamic(deps(), { range, dryRun: false })
  const searched = bench.servers.requests.length
  const ending = new AbortController()
  const base = deps(ending.signal)
  const fetch: typeof base.fetcher.fetch = async (url, options) => {
    if (bench.servers.requests.length - searched === 5) ending.abort()
    return base.fetcher.fetch(url, options)
  }
  const fetcher = { fetch, requests: base.fetcher.requests }
  const cut = await scrapeDynamic({ ...base, fetcher }, { limit: 1 })
  expect(cut.stopped?.code).toBe('interrupted')
  expect(await bench.database.db.selectFrom('meetings').select('id').execute()).toEqual([])
  await scrapeDynamic(deps(), { limit: 1 })
  expect(await bench.database.db.selectFrom('meetings').select('id').execute()).toHaveLength(1)
  const paths = bench.servers.requests.slice(searched).map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
})

it('leaves meetings alone that are known, and fails one whose race is missing', async () => {
  const { bench, deps } = await open()
  for (const unit of hrnzUnits(world, Date.parse(now)))
    if (unit.observation.date === held[0]!.date) await ingestMeeting(deps(), unit)
  const found = await discoverDynamic(deps(), { range, dryRun: false })
  expect(found.racedays[0]).toMatchObject({ date: held[0]!.date, state: 'known' })
  bench.servers.setFaults([{ host: 'dynamic', match: /RaceDisplay.*R3$/, kind: 'not-a-page' }])
  const before = await canonicalDump(bench.database)
  const result = await scrapeDynamic(deps(), { limit: 1 })
  expect(result).toMatchObject({ partial: true, counts: { meetings: { failed: 1 } } })
  expect(await canonicalDump(bench.database)).toEqual(before)
  const pages = await bench.pages('raceday')
  expect(pages.filter(({ state }) => state === 'failed')).toHaveLength(1)
})
