import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { examineLiveDynamic } from '../../../src/app/doctor/examine-live-dynamic.ts'
import { examineLive } from '../../../src/app/doctor/examine-live.ts'
import { SourceRefusedError } from '../../../src/errors.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { ScrapeBench } from '../scrape/scrape-support.ts'

const world = makeWorld({
  seed: 'live',
  from: '2026-02-02',
  to: '2026-03-08',
  meetingsPerWeek: 5,
  racesPerMeeting: [6, 8],
  startersPerRace: [8, 10],
})

let bench: ScrapeBench
beforeEach(async () => {
  bench = await ScrapeBench.open(world, '2026-03-04T00:00:00Z')
})
afterEach(() => bench.close())

describe('a look at the live site', () => {
  it('fetches one page of each kind, keeps it, and says which assumptions held', async () => {
    const pages = await examineLive(bench.deps())
    const read = pages.filter(({ url }) => url !== null)
    expect(read.filter(({ isAsExpected }) => !isAsExpected)).toEqual([])
    expect(pages.map(({ page }) => page).slice(0, 8)).toEqual([
      'results index',
      'results month',
      'results page',
      'racing dates',
      'racing dates of a month',
      'calendar',
      'fields index',
      'fields page',
    ])
    expect(pages.find(({ page }) => page === 'results page')?.found).toContain(
      'starter.driver 100 %',
    )
    const assumptions = pages.flatMap((page) => page.assumptions)
    expect(assumptions.length).toBeGreaterThan(12)
    expect(assumptions.filter(({ holds, text }) => !holds && !text.includes('placings'))).toEqual(
      [],
    )
    const kept = await bench.database.unitOfWork.read(({ archive }) => archive.list({}))
    expect(kept.map(({ url }) => url)).toEqual(read.map(({ url }) => url))
    // Nothing is registered by a look, and no page's turn is changed.
    expect(await bench.pages()).toEqual([])
  })

  it('shows a redesign page by page, and goes on', async () => {
    bench.servers.setFaults([{ host: 'hrnz', match: /rs\.htm|fd\.htm/, kind: 'layout' }])
    const pages = await examineLive(bench.deps())
    const odd = pages.filter(({ url, isAsExpected }) => url !== null && !isAsExpected)
    expect(odd.map(({ page }) => page)).toEqual(['results page', 'fields page'])
    expect(odd[0]?.found).toMatch(/no race/)
  })

  it('asks the database for one page of each kind, each found by the one before', async () => {
    const { dynamicUrl: baseUrl, requests } = bench.servers
    const deps = bench.deps()
    const fetcher = createFetcher({
      sourceName: 'HRNZ',
      baseUrl,
      hostPace: bench.database.hostPace,
      clock: bench.clock,
      log: deps.log,
      config: { version: '0', contact: 'someone@example.nz', minDelayMs: 5000, extraCa: null },
    })
    try {
      const pages = await examineLiveDynamic({ ...deps, fetcher })
      const kinds = ['search of race days', 'race day', 'race', 'horse']
      expect(pages.map(({ page }) => page)).toEqual(kinds)
      expect(pages.filter(({ isAsExpected }) => !isAsExpected)).toEqual([])
      const assumptions = pages.flatMap((page) => page.assumptions)
      expect(assumptions.length).toBeGreaterThan(10)
      expect(assumptions.filter(({ holds }) => !holds)).toEqual([])
      const asked = requests.filter(({ path }) => path.includes('wsd06x'))
      const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at)
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000)
      const kept = await bench.database.unitOfWork.read(({ archive }) => archive.list({}))
      expect(kept.map(({ kind }) => kind)).toEqual(['raceday-search', 'raceday', 'race', 'horse'])

      bench.servers.setFaults([{ host: 'dynamic', match: /RaceDisplay/, kind: 'not-a-page' }])
      const odd = await examineLiveDynamic({ ...deps, fetcher })
      expect(odd.filter(({ isAsExpected }) => !isAsExpected).map(({ page }) => page)).toEqual([
        'race',
        'horse',
      ])
    } finally {
      await fetcher.close()
    }
  })

  it('stops where it is refused', async () => {
    bench.servers.setFaults([{ host: 'hrnz', match: /datahrs/, kind: 'forbidden' }])
    await expect(examineLive(bench.deps())).rejects.toBeInstanceOf(SourceRefusedError)
  })
})
