import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverMeetings } from '../../../src/app/discover/discover-meetings.ts'
import { importSavedPages } from '../../../src/app/saved/import-saved-pages.ts'
import { readUrlsFile } from '../../../src/app/scrape/read-urls-file.ts'
import { reparseResults } from '../../../src/app/scrape/reparse-results.ts'
import { scrapeMeetings } from '../../../src/app/scrape/scrape-meetings.ts'
import { wantedPages } from '../../../src/app/discover/wanted-pages.ts'
import { isoInstant } from '../../../src/domain/dates.ts'
import { nameKey } from '../../../src/domain/names.ts'
import { hrnzRaceKey, hrnzStarterKey } from '../../../src/domain/source-keys.ts'
import { ScrapeBench } from './scrape-support.ts'

const range = { from: '2026-02-02', to: '2026-03-29' }
const world = makeWorld({
  seed: 'amended',
  ...range,
  meetingsPerWeek: 4,
  racesPerMeeting: [3, 4],
  startersPerRace: [6, 8],
})
const now = '2026-03-31T00:00:00Z'

let bench: ScrapeBench
let folder: string
beforeEach(async () => {
  bench = await ScrapeBench.open(world, now)
  folder = mkdtempSync(join(tmpdir(), 'saved-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await bench.close()
})

const discover = () => discoverMeetings(bench.deps(), { range, dryRun: false, paceMs: 2000 })

describe('a page that says another thing than before', () => {
  it('is shown by the run that reads it: decisions of day 9, 42 and 150 by daily runs alone', async () => {
    bench.clock.set('2026-02-08T10:30:00Z')
    const decided = world.meetings.flatMap((meeting) =>
      meeting.inHrnz
        ? meeting.races.flatMap((race) =>
            race.rulings
              .filter(({ days }) => days > 2)
              .map(({ starter, at, days }) => ({ meeting, starter, at, days })),
          )
        : [],
    )
    expect([...new Set(decided.map(({ days }) => days))].sort((a, b) => a - b)).toEqual([
      9, 42, 150,
    ])
    const shown: { at: number; message: string; subject: string }[] = []
    // Daily at first; every third day is as good for the windows of the later months.
    for (let day = 0; day < 290; day += day < 60 ? 1 : 3) {
      if (day < 60) await discover()
      const { warnings } = await scrapeMeetings(bench.deps(), {})
      for (const { code, message, subject } of warnings)
        if (code === 'amended') shown.push({ at: bench.clock.now(), message, subject })
      bench.clock.set(isoInstant(bench.clock.now() + (day < 60 ? 1 : 3) * 86_400_000))
    }
    for (const { meeting, starter, at } of decided) {
      const seen = shown.find(
        ({ subject, message }) =>
          subject.startsWith(meeting.date) &&
          message.includes('finishRaw') &&
          message.includes('DQ') &&
          nameKey(message).includes(nameKey(starter.hrnzName)),
      )
      expect(seen?.at, `${meeting.date} ${starter.hrnzName}`).toBeGreaterThan(at)
    }
    // The report of the day tells the late decision too, and is read again with the results.
    const rulings = await bench.database.db
      .selectFrom('rulings')
      .innerJoin('starters', 'starters.id', 'rulings.starter_id')
      .innerJoin('documents', 'documents.id', 'rulings.document_id')
      .select(['starters.hrnz_key', 'rulings.kind', 'rulings.agrees', 'documents.kind as told_by'])
      .execute()
    for (const { meeting, starter } of decided) {
      const key = hrnzStarterKey(
        hrnzRaceKey(meeting.hrnzKey, starter.race.hrnzNumber),
        starter.hrnzName,
      )
      expect(
        rulings.filter((one) => one.hrnz_key === key),
        key,
      ).toEqual([{ hrnz_key: key, kind: 'disqualified', agrees: 1, told_by: 'stewards' }])
    }
    expect(bench.lines.filter(({ message }) => message.startsWith('amended: '))).toHaveLength(
      shown.length,
    )
  })
})

describe('a page that has lost a field', () => {
  it('fails with its bytes kept, and what is on record stays whole', async () => {
    await discover()
    await scrapeMeetings(bench.deps(), {})
    const before = await bench.pages()
    expect(before.length).toBeGreaterThan(20)
    const driverless = { ...bench.deps() }
    const { hrnz } = driverless
    const blind = {
      ...hrnz,
      parseResults: (...args: Parameters<typeof hrnz.parseResults>) => {
        const parsed = hrnz.parseResults(...args)
        const races = parsed.observation.races.map((race) => ({
          ...race,
          starters: race.starters.map(({ trainer: _trainer, ...starter }) => starter),
        }))
        return { ...parsed, observation: { ...parsed.observation, races } }
      },
    }
    const result = await reparseResults({ ...driverless, hrnz: blind })
    expect(result.counts.meetings.failed).toBe(before.length)
    expect(result.warnings[0]).toMatchObject({
      code: 'layout-changed',
      message: expect.stringContaining('starter.trainer in 0 %'),
    })
    const trainers = await bench.database.unitOfWork.read(async ({ cards }) =>
      (await cards.load((await cards.list()).map(({ id }) => id)))
        .flatMap(({ races }) => races.flatMap(({ starters }) => starters))
        .filter(({ trainer }) => trainer === null),
    )
    expect(trainers).toEqual([])
  })
})

describe('a reparse', () => {
  it('counts what is read otherwise, field by field with examples', async () => {
    await discover()
    await scrapeMeetings(bench.deps(), { limit: 3 })
    const { hrnz, ...deps } = bench.deps()
    const louder = {
      ...hrnz,
      parserVersion: 'hrnz-louder',
      parseResults: (...args: Parameters<typeof hrnz.parseResults>) => {
        const parsed = hrnz.parseResults(...args)
        return { ...parsed, observation: { ...parsed.observation, weather: 'Loud' } }
      },
    }
    const result = await reparseResults({ ...deps, hrnz: louder })
    expect(result.outcome).toMatch(/by hrnz-louder; 3 cells on 3 pages are read otherwise/)
    expect(result.warnings).toMatchObject([
      { code: 'reparsed', subject: 'weather', message: expect.stringMatching(/^3 cells: 2026-/) },
    ])
    const versions = await bench.database.unitOfWork.read(async ({ observations }) =>
      (await observations.listByDates(await observations.dates())).map((one) => one.parserVersion),
    )
    expect(new Set(versions)).toEqual(new Set(['hrnz-louder']))
    expect((await reparseResults({ ...deps, hrnz: louder })).outcome).toMatch(/no cell/)
  })
})

describe('what is wanted', () => {
  it('is every page that is not here, and gets less with every saved page', async () => {
    await discover()
    const published = await bench.pages()
    const wanted = async () =>
      (await wantedPages(bench.deps(), range)).json['wanted'] as { url: string | null }[]
    const linked = (await wanted()).filter(({ url }) => url !== null)
    expect(linked.map(({ url }) => url).sort()).toEqual(published.map(({ url }) => url).sort())
    const missing = world.meetings.filter(({ inHrnz, fate }) => !inHrnz && fate === 'held')
    expect((await wanted()).filter(({ url }) => url === null).length).toBeGreaterThanOrEqual(
      missing.length,
    )

    // The user saves them all and puts them into one zip.
    const files: Record<string, Uint8Array> = {}
    for (const { url } of published) {
      const answer = await fetch(url)
      files[`saved/${url.slice(url.lastIndexOf('/') + 1)}`] = strToU8(await answer.text())
    }
    writeFileSync(join(folder, 'all.zip'), zipSync(files))
    const result = await importSavedPages(bench.deps(), [folder])
    expect(result.counts.meetings).toMatchObject({ created: published.length, failed: 0 })
    const left = (await wanted()).flatMap(({ url }) => url ?? [])
    expect(left.filter((url) => !url.includes('stipes_rpt_'))).toEqual([])
  })

  it('can be given as a file of addresses', async () => {
    await discover()
    const urls = (await bench.pages()).map(({ url }) => url).slice(0, 2)
    const file = join(folder, 'urls.txt')
    writeFileSync(file, `# two pages\n${urls.join('\n')} # the second\n\n`)
    expect(await readUrlsFile(file)).toEqual(urls)
    const result = await scrapeMeetings(bench.deps(), { urls: await readUrlsFile(file) })
    expect(result.counts.meetings.created).toBe(2)
    await expect(readUrlsFile(join(folder, 'none'))).rejects.toMatchObject({ exitCode: 2 })
  })
})
