import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shownOnResultsPage } from '../../../fixtures/world/hrnz-shown.ts'
import { hasReport } from '../../../fixtures/world/hrnz-stewards.ts'
import { startWorldServers, type WorldServers } from '../../../fixtures/world/servers.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverMeetings } from '../../../src/app/discover/discover-meetings.ts'
import { importSavedPages } from '../../../src/app/saved/import-saved-pages.ts'
import type { Logger, Progress } from '../../../src/app/ports.ts'
import { previewScrape } from '../../../src/app/scrape/preview-scrape.ts'
import { reparseResults } from '../../../src/app/scrape/reparse-results.ts'
import { scrapeMeetings } from '../../../src/app/scrape/scrape-meetings.ts'
import { isoInstant } from '../../../src/domain/dates.ts'
import { nameKey } from '../../../src/domain/names.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { SourceRefusedError, SourceUnavailableError } from '../../../src/errors.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { openTestDatabase } from '../../support/database.ts'
import { SteppingClock } from '../../support/stepping-clock.ts'

const log: Logger = { debug() {}, info() {}, warn() {}, error() {} }
const progress: Progress = { start() {}, step() {}, stop() {} }
const world = makeWorld({
  seed: 'scrape',
  from: '2026-02-02',
  to: '2026-03-01',
  meetingsPerWeek: 3,
  racesPerMeeting: [2, 3],
  startersPerRace: [5, 6],
})
const range = { from: '2026-02-02', to: '2026-03-01' }
const now = '2026-03-02T00:00:00Z'
const expected = world.meetings.filter(
  (meeting) => shownOnResultsPage(world, meeting, Date.parse(now)) !== null,
)
const reports = expected.filter((meeting) => hasReport(meeting, Date.parse(now))).length

let database: OpenDatabase
let clock: SteppingClock
let servers: WorldServers
let fetchers: { close(): Promise<void> }[]

beforeEach(async () => {
  database = await openTestDatabase('sqlite')
  clock = new SteppingClock(now)
  servers = await startWorldServers({ world, now: () => clock.now() })
  fetchers = []
})
afterEach(async () => {
  for (const fetcher of fetchers) await fetcher.close()
  await servers.close()
  await database.close()
})

function deps(signal = new AbortController().signal) {
  const fetcher = createFetcher({
    sourceName: 'HRNZ',
    baseUrl: servers.hrnzUrl,
    hostPace: database.hostPace,
    clock,
    log,
    config: { version: '0', contact: null, minDelayMs: 2000, extraCa: null },
  })
  fetchers.push(fetcher)
  const { unitOfWork } = database
  const hrnz = hrnzPages({ baseUrl: servers.hrnzUrl })
  const dynamic = dynamicPages({ baseUrl: servers.dynamicUrl })
  return { unitOfWork, clock, log, progress, signal, fetcher, hrnz, dynamic }
}

const discover = (dryRun = false) => discoverMeetings(deps(), { range, dryRun, paceMs: 2000 })
const pages = () =>
  database.unitOfWork.read(({ pages: all }) =>
    all.list({ source: 'hrnz_scraper', kind: 'results' }),
  )
const meetings = async () =>
  (await database.unitOfWork.read(({ cards }) => cards.list())).map(
    ({ meetingDate, club }) => `${meetingDate} ${club}`,
  )
const sent = () => servers.requests.filter(({ path }) => path !== '/robots.txt').length

describe('discover', () => {
  it('registers every published meeting of the range, and finds it known the second time', async () => {
    const first = await discover()
    expect(first.counts).toMatchObject({ found: expected.length, new: expected.length, known: 0 })
    const withPage = first.meetings.filter(({ url }) => url !== null)
    expect(withPage.map(({ state }) => state)).toEqual(expected.map(() => 'new'))
    expect(first.range).toEqual({ ...range, zone: 'Pacific/Auckland' })
    const second = await discover()
    expect(second.counts).toMatchObject({ found: expected.length, new: 0, known: expected.length })
    expect(servers.requests.filter(({ status }) => status === 304).length).toBeGreaterThan(0)
  })

  it('registers nothing in a dry run', async () => {
    expect((await discover(true)).counts.new).toBe(expected.length)
    expect(await pages()).toEqual([])
  })

  it('says which part of a range no static page covers', async () => {
    const old = { from: '2019-01-01', to: '2019-12-31' }
    const result = await discoverMeetings(deps(), { range: old, dryRun: false, paceMs: 2000 })
    expect(result.warnings.map(({ code }) => code)).toEqual(['beyond-static-pages'])
    expect(result.outcome).toContain('nothing found')
    expect(sent()).toBe(0)
  })

  it('is stopped by a list that is no list, and by a refusal', async () => {
    servers.setFaults([{ host: 'hrnz', match: /results\.htm/, kind: 'not-a-page' }])
    await expect(discover()).rejects.toMatchObject({ code: 'layout-changed' })
    servers.setFaults([{ host: 'hrnz', match: /datahrs/, kind: 'forbidden' }])
    await expect(discover()).rejects.toBeInstanceOf(SourceRefusedError)
  })
})

describe('scrape', () => {
  it('reads every due page once, one at a time, and has nothing to do afterwards', async () => {
    await discover()
    const first = await scrapeMeetings(deps(), {})
    expect(first).toMatchObject({ partial: false })
    expect(first.counts.meetings.created).toBe(expected.length)
    expect(first.counts.requests).toMatchObject({ ok: expected.length + reports })
    expect(await meetings()).toHaveLength(expected.length)
    expect(Math.max(...servers.requests.map(({ inFlight }) => inFlight))).toBe(1)
    const before = sent()
    const second = await scrapeMeetings(deps(), {})
    expect(second.outcome).toContain('nothing to do')
    expect(sent()).toBe(before)
  })

  it('asks conditionally when a window has come, and confirms what is unchanged', async () => {
    await discover()
    await scrapeMeetings(deps(), {})
    clock.set('2026-03-05T00:00:00Z')
    const result = await scrapeMeetings(deps(), {})
    const { requests } = result.counts
    expect((requests['notModified'] ?? 0) + (requests['ok'] ?? 0)).toBeGreaterThan(0)
    expect(requests['notModified']).toBeGreaterThan(0)
    expect(result.counts.meetings.created).toBe(0)
    expect((await pages()).every(({ state }) => state === 'due')).toBe(true)
  })

  it('leaves all pages final when the year is over', async () => {
    await discover()
    for (const at of ['2026-03-02', '2026-04-10', '2026-09-01', '2027-02-20']) {
      clock.set(`${at}T01:00:00Z`)
      await scrapeMeetings(deps(), {})
    }
    const states = new Set((await pages()).map(({ state }) => state))
    expect(states).toContain('final')
    expect(states).not.toContain('due')
  })

  it('takes over what was decided weeks and months later', async () => {
    await discover()
    const decided = expected.flatMap((meeting) =>
      meeting.races.flatMap((race) =>
        race.rulings
          .filter(({ kind, days }) => kind === 'disqualified' && days > 2)
          .map(({ starter }) => ({ meeting, name: nameKey(starter.hrnzName) })),
      ),
    )
    expect(decided.length).toBeGreaterThan(0)
    // As cron does it, once a day.
    for (let day = 0; day < 240; day++) {
      await scrapeMeetings(deps(), {})
      clock.set(isoInstant(clock.now() + 86_400_000))
    }
    await database.unitOfWork.read(async ({ cards }) => {
      const all = await cards.load((await cards.list()).map(({ id }) => id))
      for (const { meeting, name } of decided) {
        const card = all.find((one) => one.meeting.hrnzUrl?.endsWith(meeting.hrnzFile))
        const starter = card?.races
          .flatMap(({ starters }) => starters)
          .find(({ horseName }) => nameKey(horseName) === name)
        expect(starter).toMatchObject({ finishPosition: null, finishRaw: 'DQ' })
      }
    })
  })

  it('keeps a failed page due for later, and reads the others', async () => {
    await discover()
    const broken = (await pages())[0]?.url ?? ''
    servers.setFaults([{ host: 'hrnz', match: new RegExp(broken.slice(-12)), kind: 'layout' }])
    const result = await scrapeMeetings(deps(), {})
    expect(result).toMatchObject({ partial: true })
    expect(result.counts.meetings).toMatchObject({ failed: 1, created: expected.length - 1 })
    const failed = (await pages()).filter(({ state }) => state === 'failed')
    expect(failed).toMatchObject([{ url: broken, attempts: 1 }])
    expect(failed[0]?.documentId).not.toBeNull()
    servers.setFaults([])
    clock.set('2026-03-02T12:00:00Z')
    expect(await scrapeMeetings(deps(), {})).toMatchObject({ partial: false })
    expect(await meetings()).toHaveLength(expected.length)
  })

  it('refuses a page of another year', async () => {
    await discover()
    servers.setFaults([{ host: 'hrnz', match: /rs\.htm/, kind: 'wrong-year', times: 1 }])
    const result = await scrapeMeetings(deps(), {})
    expect(result.warnings.map(({ code }) => code)).toContain('wrong-date')
    expect((await meetings()).filter((name) => name.startsWith('2025'))).toEqual([])
  })

  it('is stopped by a refusal and keeps what was done', async () => {
    await discover()
    servers.setFaults([{ host: 'hrnz', match: /rs\.htm/, kind: 'forbidden', everyNth: 3 }])
    const result = await scrapeMeetings(deps(), {})
    expect(result.stopped).toBeInstanceOf(SourceRefusedError)
    expect(await meetings()).toHaveLength(2)
    expect((await pages()).filter(({ documentId }) => documentId === null)).toHaveLength(
      expected.length - 2,
    )
  })

  it('takes a source that fails page after page to be down', async () => {
    await discover()
    servers.setFaults([{ host: 'hrnz', match: /rs\.htm/, kind: 'unavailable' }])
    const result = await scrapeMeetings(deps(), {})
    expect(result.stopped).toBeInstanceOf(SourceUnavailableError)
    expect(result.counts.meetings.failed).toBe(2)
  })

  it('ends at its caps and leaves the rest due', async () => {
    await discover()
    expect(await scrapeMeetings(deps(), { limit: 2 })).toMatchObject({ partial: true })
    expect(await scrapeMeetings(deps(), { maxRequests: 1 })).toMatchObject({ partial: true })
    expect(await meetings()).toHaveLength(3)
  })

  it('ends at a signal with whole units', async () => {
    await discover()
    const controller = new AbortController()
    const stopping = { ...progress, step: () => controller.abort() }
    const result = await scrapeMeetings({ ...deps(controller.signal), progress: stopping }, {})
    expect(result.stopped).toMatchObject({ exitCode: 130 })
    expect(await meetings()).toHaveLength(1)
  })

  it('reads addresses that it is given, and no others', async () => {
    const url = `${servers.hrnzUrl}/datahrs/results/${expected[0]?.hrnzFile}`
    const result = await scrapeMeetings(deps(), { urls: [url] })
    expect(result.counts.meetings.created).toBe(1)
    expect(await pages()).toMatchObject([
      { url, date: expected[0]?.date, clubNumber: expected[0]?.club.number },
    ])
    await expect(
      scrapeMeetings(deps(), { urls: ['https://example.invalid/052109rs.htm'] }),
    ).rejects.toMatchObject({ exitCode: 2 })
  })

  it('asks for all pages again on demand', async () => {
    await discover()
    await scrapeMeetings(deps(), {})
    const result = await scrapeMeetings(deps(), { refresh: true })
    expect(result.counts.requests).toMatchObject({ ok: 0, notModified: expected.length })
    expect(result.counts.meetings.unchanged).toBe(expected.length)
  })

  it('shows in a dry run what it would ask for', async () => {
    await discover()
    const before = sent()
    const preview = await previewScrape(deps(), { limit: 3 })
    expect(preview.json['pages']).toHaveLength(3)
    expect(sent()).toBe(before)
    const named = await previewScrape(deps(), { urls: [(await pages())[0]?.url ?? ''] })
    expect(named.json['meetings']).toMatchObject([{ observation: { kind: 'results' } }])
    expect(await meetings()).toEqual([])
  })
})

describe('without the network', () => {
  it('reads everything in the archive again and finds it unchanged', async () => {
    await discover()
    await scrapeMeetings(deps(), {})
    const before = sent()
    const result = await reparseResults(deps())
    // A stewards' report is another document of a meeting, and no meeting more.
    expect(reports).toBeGreaterThan(0)
    expect(result.counts.meetings).toMatchObject({ unchanged: expected.length, created: 0 })
    expect(sent()).toBe(before)
  })

  it('takes saved pages, and counts the registered ones as read', async () => {
    await discover()
    const folder = mkdtempSync(join(tmpdir(), 'saved-'))
    try {
      for (const meeting of expected) {
        const body = await fetch(`${servers.hrnzUrl}/datahrs/results/${meeting.hrnzFile}`)
        writeFileSync(join(folder, meeting.hrnzFile), Buffer.from(await body.arrayBuffer()))
      }
      writeFileSync(join(folder, 'other.html'), '<h1>Not a results page</h1>')
      const result = await importSavedPages(deps(), [folder])
      expect(result.counts.meetings).toMatchObject({ created: expected.length, failed: 1 })
      expect(result.partial).toBe(true)
      const again = await importSavedPages(deps(), [folder])
      expect(again.counts.meetings).toMatchObject({ created: 0, unchanged: expected.length })
      expect((await pages()).every(({ documentId }) => documentId !== null)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('knows the club of a renamed page from the registered ones', async () => {
    await discover()
    await scrapeMeetings(deps(), { limit: 1 })
    const folder = mkdtempSync(join(tmpdir(), 'saved-'))
    try {
      const page = (await pages()).find(({ documentId }) => documentId !== null)
      const body = await fetch(page?.url ?? '')
      writeFileSync(join(folder, 'friday night.html'), Buffer.from(await body.arrayBuffer()))
      const result = await importSavedPages(deps(), [folder])
      expect(result.counts.meetings).toMatchObject({ created: 0 })
      expect(result.counts.starters).toMatchObject({ created: 0 })
      expect(await meetings()).toHaveLength(1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('names a path that cannot be read', async () => {
    await expect(importSavedPages(deps(), ['/no/such/page.htm'])).rejects.toThrow(/no\/such/)
  })
})
