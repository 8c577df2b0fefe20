import { zipSync } from 'fflate'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Dialect } from '../../../fixtures/world/model.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverDynamic } from '../../../src/app/discover/discover-dynamic.ts'
import { discoverMeetings } from '../../../src/app/discover/discover-meetings.ts'
import { fetchHorsePages } from '../../../src/app/scrape/fetch-horse-pages.ts'
import { importSavedPages } from '../../../src/app/saved/import-saved-pages.ts'
import { previewSavedPages } from '../../../src/app/saved/preview-saved-pages.ts'
import { reparseHorsePages } from '../../../src/app/scrape/reparse-horse-pages.ts'
import { reparseDynamic, scrapeDynamic } from '../../../src/app/scrape/scrape-dynamic.ts'
import { scrapeMeetings } from '../../../src/app/scrape/scrape-meetings.ts'
import { wantedPages } from '../../../src/app/discover/wanted-pages.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { mastersByKeys } from '../../support/masters-by-keys.ts'
import { ScrapeBench } from '../scrape/scrape-support.ts'

/** A page as a browser shows it: its address, and what was sent. */
interface Shown {
  readonly host: string
  readonly path: string
  readonly url: string
  readonly contentType: string
  readonly bytes: Buffer
}

const now = '2026-03-02T00:00:00Z'
const range = { from: '2026-02-16', to: '2026-02-22' }
/** The whole of February, and the cards of the coming days. */
const month = { from: '2026-02-02', to: '2026-03-08' }
const worldOf = (dialect: Dialect) =>
  makeWorld({
    seed: 'saved',
    from: '2026-02-02',
    to: '2026-03-08',
    dialect,
    racesPerMeeting: [2, 3],
    startersPerRace: [5, 6],
  })
const worlds = { responsive: worldOf('responsive'), table: worldOf('table') }

let folder: string
const closing: (() => Promise<void>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saved-'))
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  rmSync(folder, { recursive: true })
})

async function open(dialect: Dialect) {
  const bench = await ScrapeBench.open(worlds[dialect], now)
  closing.push(() => bench.close())
  return bench
}

async function shown(url: string): Promise<Pick<Shown, 'url' | 'contentType' | 'bytes'>> {
  const answer = await fetch(url)
  const contentType = answer.headers.get('content-type') ?? ''
  return { url, contentType, bytes: Buffer.from(await answer.arrayBuffer()) }
}

/** Ways to save a page: what the file is called never tells what it is. */
const ways = {
  'as it was sent, renamed': (page: Shown, at: number) => {
    return [`page ${at}.html`, page.bytes] as const
  },
  'with its address in a comment': (page: Shown, at: number) => {
    const comment = `<!-- saved from url=(0123)${page.url} -->\n`
    return [`page ${at}.htm`, Buffer.concat([Buffer.from(comment), page.bytes])] as const
  },
  'as MHTML': (page: Shown, at: number) => {
    const head = ['From: <Saved>', `Snapshot-Content-Location: ${page.url}`, 'MIME-Version: 1.0']
    const type = ['Content-Type: multipart/related; boundary="made-up"', '', '--made-up']
    const part = [`Content-Type: ${page.contentType}`, 'Content-Transfer-Encoding: base64']
    const where = [`Content-Location: ${page.url}`, '', page.bytes.toString('base64')]
    const lines = [...head, ...type, ...part, ...where, '--made-up--', '']
    return [`page ${at}.mhtml`, Buffer.from(lines.join('\r\n'))] as const
  },
} as const

const saved = (
  way: keyof typeof ways,
  page: Shown,
  at: number,
): readonly [name: string, bytes: Uint8Array] => ways[way](page, at)

function har(pages: readonly Shown[], startedDateTime = now): Buffer {
  const entries = pages.map(({ url, contentType, bytes }) => ({
    startedDateTime,
    request: { url },
    response: {
      status: 200,
      content: { mimeType: contentType, encoding: 'base64', text: bytes.toString('base64') },
    },
  }))
  return Buffer.from(JSON.stringify({ log: { entries } }))
}

const put = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes)

function dynamicDeps(bench: ScrapeBench) {
  const deps = bench.deps()
  const fetcher = createFetcher({
    sourceName: 'HRNZ',
    baseUrl: bench.servers.dynamicUrl,
    hostPace: bench.database.hostPace,
    clock: bench.clock,
    log: deps.log,
    config: { version: '0', contact: 'someone@example.nz', minDelayMs: 5000, extraCa: null },
  })
  closing.unshift(() => fetcher.close())
  return { ...deps, fetcher }
}

/** What is on record, whatever port the servers had. */
async function mastersOf({ database, servers }: ScrapeBench): Promise<unknown> {
  const masters = JSON.stringify(await mastersByKeys(database))
  return JSON.parse(masters.replaceAll(servers.dynamicUrl, '').replaceAll(servers.hrnzUrl, ''))
}

/** What a run over the network leaves, and every page that it asked for, to be saved elsewhere. */
async function fetched(dialect: Dialect, run: (bench: ScrapeBench) => Promise<void>) {
  const bench = await open(dialect)
  await run(bench)
  const { requests, dynamicUrl, hrnzUrl } = bench.servers
  const pages: Shown[] = []
  for (const { host, path } of [...requests])
    if (path !== '/robots.txt')
      pages.push({
        ...(await shown((host === 'dynamic' ? dynamicUrl : hrnzUrl) + path)),
        path,
        host,
      })
  return { pages, masters: await mastersOf(bench) }
}

/** The same pages as shown by another server of the same world. */
const shownBy = ({ servers }: ScrapeBench, pages: readonly Shown[]): Shown[] =>
  pages.map((page) => {
    const base = page.host === 'dynamic' ? servers.dynamicUrl : servers.hrnzUrl
    return { ...page, url: base + page.path }
  })

const markups = ['responsive', 'table'] as const
const wayNames = Object.keys(ways) as (keyof typeof ways)[]

describe.each(markups)('race days of the database, saved by hand, %s markup', (dialect) => {
  const fetchTwo = async (bench: ScrapeBench) => {
    await discoverDynamic(dynamicDeps(bench), { range, dryRun: false })
    expect(await scrapeDynamic(dynamicDeps(bench), { limit: 2 })).toMatchObject({ warnings: [] })
  }

  it.each(wayNames)('leave what fetching leaves: %s', async (way) => {
    const { pages, masters } = await fetched(dialect, fetchTwo)
    const bench = await open(dialect)
    // The last page first: what belongs together is found in any order.
    for (const [at, page] of shownBy(bench, pages).reverse().entries()) put(...saved(way, page, at))
    const result = await importSavedPages(bench.deps(), [folder])
    expect(result.warnings).toEqual([])
    expect(result.outcome).toMatch(/^\d+ saved pages read \(.*2 race days/)
    expect(await mastersOf(bench)).toEqual(masters)
    const read = (await bench.pages('raceday')).filter(({ documentId }) => documentId !== null)
    expect(read).toHaveLength(2)
    const again = await importSavedPages(bench.deps(), [folder])
    expect(again.counts.meetings).toMatchObject({ created: 0, updated: 0, failed: 0 })
    expect((await reparseDynamic(bench.deps()))?.counts.starters.updated).toBe(0)
    expect(await mastersOf(bench)).toEqual(masters)
  })

  it('come in parts, on different days, and what is missing is named', async () => {
    const { pages, masters } = await fetched(dialect, fetchTwo)
    const bench = await open(dialect)
    const all = shownBy(bench, pages)
    put('panel.har', har(all.slice(0, -1)))
    const first = await importSavedPages(bench.deps(), [folder])
    expect(first).toMatchObject({ partial: true, warnings: [{ code: 'incomplete' }] })
    expect(first.warnings[0]?.message).toContain(all.at(-1)!.url)
    expect(await bench.database.db.selectFrom('meetings').select('id').execute()).toHaveLength(1)
    rmSync(join(folder, 'panel.har'))
    put('rest.zip', zipSync({ 'the last.html': all.at(-1)!.bytes }))
    const rest = await importSavedPages(bench.deps(), [folder])
    expect(rest).toMatchObject({ partial: false, counts: { meetings: { created: 1 } } })
    expect(await mastersOf(bench)).toEqual(masters)
  })
})

describe('races saved by hand', () => {
  const fetchOne = async (bench: ScrapeBench) => {
    await discoverDynamic(dynamicDeps(bench), { range, dryRun: false })
    await scrapeDynamic(dynamicDeps(bench), { limit: 1 })
  }

  it('wait for the race day that lists them', async () => {
    const { pages, masters } = await fetched('responsive', fetchOne)
    const bench = await open('responsive')
    const all = shownBy(bench, pages)
    const races = all.filter(({ path }) => path.includes('=RaceDisplay'))
    put('races.har', har(races))
    const early = await importSavedPages(bench.deps(), [folder])
    expect(early.warnings.map(({ message }) => message)).toEqual(
      races.map(() => 'is kept, and waits for the race day that lists it'),
    )
    rmSync(join(folder, 'races.har'))
    put('others.har', har(all.filter((page) => !races.includes(page))))
    expect(await importSavedPages(bench.deps(), [folder])).toMatchObject({ warnings: [] })
    expect(await mastersOf(bench)).toEqual(masters)
  })

  it('are those of the latest copy of their race day', async () => {
    const { pages, masters } = await fetched('responsive', fetchOne)
    const bench = await open('responsive')
    const all = shownBy(bench, pages)
    const raceday = all.find(({ path }) => path.includes('=RacesDisplay'))!
    const fewer = raceday.bytes.toString().replace('RaceDisplay', 'ProgrammeDisplay')
    put('old.har', har([{ ...raceday, bytes: Buffer.from(fewer) }], '2026-03-01T00:00:00Z'))
    put('whole.har', har(all))
    expect(await importSavedPages(bench.deps(), [folder])).toMatchObject({ warnings: [] })
    expect(await mastersOf(bench)).toEqual(masters)
  })
})

describe.each(markups)('pages of horses saved by hand, %s markup', (dialect) => {
  const guids = worlds[dialect].horses.flatMap(({ hrnzGuid }) => hrnzGuid ?? []).slice(0, 2)
  const fetchHorses = async (bench: ScrapeBench) => {
    await fetchHorsePages(dynamicDeps(bench), { horses: guids, questions: 0 })
  }
  const factsOf = ({ database }: ScrapeBench) =>
    database.db
      .selectFrom('horse_facts')
      .selectAll()
      .orderBy('name')
      .execute()
      .then((rows) => rows.map((row) => ({ ...row, document_id: null })))

  it('say what fetched ones say', async () => {
    const before = await open(dialect)
    await fetchHorses(before)
    const facts = await factsOf(before)
    expect(facts.length).toBeGreaterThan(1)
    const { pages } = await fetched(dialect, fetchHorses)
    for (const way of wayNames) {
      const bench = await open(dialect)
      const isOwn = (page: Shown) => page.path.includes('HorseDetails')
      for (const [at, page] of shownBy(bench, pages).reverse().entries())
        // A pedigree does not say whose it is: that its address does.
        put(...saved(isOwn(page) ? way : 'as MHTML', page, at))
      expect(await importSavedPages(bench.deps(), [folder])).toMatchObject({ warnings: [] })
      expect(await factsOf(bench)).toEqual(facts)
      expect((await reparseHorsePages(bench.deps()))?.partial).toBe(false)
      expect(await factsOf(bench)).toEqual(facts)
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    }
  })
})

describe.each(markups)('static pages of every kind, saved and renamed, %s markup', (dialect) => {
  it('are known by what they show, and lists register what they list', async () => {
    const wantedBy = async (bench: ScrapeBench) => (await wantedPages(bench.deps(), month)).lines
    let wanted: readonly string[] = []
    const { pages, masters } = await fetched(dialect, async (bench) => {
      const deps = bench.deps()
      await discoverMeetings(deps, { range: month, dryRun: false, paceMs: 2000 })
      expect(await scrapeMeetings(deps, {})).toMatchObject({ partial: false })
      wanted = await wantedBy(bench)
    })
    const bench = await open(dialect)
    const all = shownBy(bench, pages)
    for (const [at, page] of all.entries())
      put(page.path.endsWith('.ics') ? `${at}.ics` : `page ${at}.html`, page.bytes)
    const result = await importSavedPages(bench.deps(), [folder])
    expect(result.warnings.filter(({ subject }) => subject.startsWith(folder))).toEqual([])
    for (const kind of ['1 results index', '2 months of results', 'results', 'fields', 'calendar'])
      expect(result.outcome).toContain(kind)
    for (const kind of ["stewards' reports", 'index of racing dates', '2 months of racing dates'])
      expect(result.outcome).toContain(kind)
    expect(await mastersOf(bench)).toEqual(masters)
    expect(await wantedBy(bench)).toEqual(wanted)
  })

  it('are asked for one after the other by who cannot fetch them: the index, its months, their pages', async () => {
    const bench = await open(dialect)
    const wanted = async () => (await wantedPages(bench.deps(), month)).json
    const save = async (urls: readonly string[]) => {
      for (const [at, url] of urls.entries()) put(`${at}.html`, (await shown(url)).bytes)
      expect(await importSavedPages(bench.deps(), [folder])).toMatchObject({ partial: false })
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    }
    const urlsOf = (rows: unknown) =>
      (rows as { url: string | null }[]).flatMap(({ url }) => url ?? [])
    const first = urlsOf((await wanted())['lists'])
    expect(first).toHaveLength(1)
    await save(first)
    const months = urlsOf((await wanted())['lists'])
    expect(months.length).toBeGreaterThan(0)
    await save(months)
    const { lists, wanted: pages } = await wanted()
    expect(lists).toEqual([])
    expect(urlsOf(pages).length).toBeGreaterThan(10)
    await save(urlsOf(pages))
    const reports = urlsOf((await wanted())['wanted'])
    expect(reports.every((url) => url.includes('stipes_rpt_'))).toBe(true)
    expect(reports.length).toBeGreaterThan(0)
    await save(reports)
    expect(urlsOf((await wanted())['wanted'])).toEqual([])
  })

  it('what is no page of the site is named with the reason, and spoils nothing', async () => {
    const bench = await open(dialect)
    put('notes.html', Buffer.from('<h1>My notes</h1><p>Race 1: bet on the grey</p>'))
    put('empty.html', Buffer.from(''))
    const result = await importSavedPages(bench.deps(), [folder])
    expect(result.outcome).toBe('0 saved pages read; 2 could not be used, see the reasons')
    expect(result.warnings.map(({ code }) => code)).toEqual(['unknown-page', 'unknown-page'])
    const dry = await previewSavedPages(bench.deps(), [folder])
    expect(dry).toMatchObject({ partial: true, json: { meetings: [] } })
  })
})
