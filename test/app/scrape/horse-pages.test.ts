import { afterEach, describe, expect, it } from 'vitest'
import type { Dialect, Horse } from '../../../fixtures/world/model.ts'
import { makeWorld, type World } from '../../../fixtures/world/world.ts'
import { fetchHorsePages } from '../../../src/app/scrape/fetch-horse-pages.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import { reparseHorsePages } from '../../../src/app/scrape/reparse-horse-pages.ts'
import { UsageError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'
import { createFetcher } from '../../../src/sources/http/polite-fetcher.ts'
import { mastersByKeys } from '../../support/masters-by-keys.ts'
import { aMeetingSaid, aRaceSaid } from '../../support/observations.ts'
import { hrnzUnits } from '../../support/world-units.ts'
import { ScrapeBench } from './scrape-support.ts'

const now = '2026-04-01T00:00:00Z'
const range = { seed: 5, from: '2026-03-01', to: '2026-03-14' }
const worlds: Record<Dialect, World> = {
  responsive: makeWorld({ ...range, dialect: 'responsive' }),
  table: makeWorld({ ...range, dialect: 'table' }),
}
const closing: (() => Promise<void>)[] = []

async function open(world: World) {
  const bench = await ScrapeBench.open(world, now)
  const { hrnzUrl, dynamicUrl } = bench.servers
  const deps = bench.deps()
  const fetcher = createFetcher({
    sourceName: 'HRNZ',
    baseUrl: dynamicUrl,
    hostPace: bench.database.hostPace,
    clock: bench.clock,
    log: deps.log,
    config: { version: '0', contact: 'someone@example.nz', minDelayMs: 5000, extraCa: null },
  })
  closing.push(
    () => fetcher.close(),
    () => bench.close(),
  )
  const hrnz = hrnzPages({ baseUrl: hrnzUrl, dynamicUrl })
  return { bench, db: bench.database.db, deps: { ...deps, fetcher, hrnz } }
}
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A horse that has started, by one HRNZ GUID and one old number. */
function raced(world: World): Horse {
  const started = new Set(
    world.meetings.flatMap(({ races }) => races.flatMap(({ starters }) => starters)),
  )
  const horse = [...started]
    .map((starter) => starter.horse)
    .find(
      (one) =>
        one.hrnzGuid !== null &&
        one.hrnzNumber !== null &&
        one.newName === null &&
        one.hrnzSpelling === null,
    )
  if (horse === undefined) throw new Error('no horse of this world has both ids')
  return horse
}

const isoDay = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)

describe.each(['responsive', 'table'] as const)('the page of a horse, %s markup', (dialect) => {
  const world = worlds[dialect]

  it('says who the horse is, the archive has it first, and its starts know it', async () => {
    const { bench, db, deps } = await open(world)
    for (const unit of hrnzUnits(world, Date.parse(now))) await ingestMeeting(deps, unit)
    const horse = raced(world)
    const result = await fetchHorsePages(deps, { horses: [horse.hrnzGuid!], questions: 0 })
    expect(result).toMatchObject({ warnings: [], partial: false })
    const owner = await db
      .selectFrom('horse_identifiers')
      .innerJoin('horses', 'horses.id', 'horse_identifiers.horse_id')
      .select(['horses.name', 'horses.sire', 'horses.dam', 'horses.foaled_on', 'horses.colour'])
      .where('value', '=', horse.hrnzGuid!)
      .executeTakeFirstOrThrow()
    expect(owner.foaled_on).toBe(isoDay(horse.foaledOn))
    expect(owner.colour).toBe(horse.colour)
    expect(owner.sire).not.toBeNull()
    expect(owner.dam).not.toBeNull()
    const kinds = await db.selectFrom('documents').select('kind').orderBy('kind').execute()
    expect(kinds.map(({ kind }) => kind)).toEqual(
      dialect === 'table' ? ['horse', 'horse-pedigree'] : ['horse'],
    )
    const asked = bench.servers.requests.filter(({ host }) => host === 'dynamic')
    const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5000)
  })

  it('makes one horse of an old number and the GUID that stands for it now, in any order', async () => {
    const horse = raced(world)
    const dumps = []
    for (const pageFirst of [true, false]) {
      const { bench, deps } = await open(world)
      const read = () =>
        fetchHorsePages(deps, { horses: [`hrnz_number:${horse.hrnzNumber}`], questions: 0 })
      if (pageFirst) await read()
      for (const unit of hrnzUnits(world, Date.parse(now))) await ingestMeeting(deps, unit)
      if (!pageFirst) await read()
      const again = await matchHorses(deps, { all: true, dryRun: false })
      expect(again.counts.starters.updated).toBe(0)
      const before = await mastersByKeys(bench.database)
      await bench.database.db.deleteFrom('horse_facts').execute()
      expect((await reparseHorsePages(deps))?.partial).toBe(false)
      expect(await mastersByKeys(bench.database)).toEqual(before)
      dumps.push(before)
    }
    expect(dumps[0]).toEqual(dumps[1])
  })
})

/** Two starts under one name: HRNZ gives one its GUID, the other has parents. */
function twoStarts(guid: string, name: string, parents: { sire: string; dam: string }) {
  const start = (date: string, more: object) =>
    aMeetingSaid('hrnz_scraper', `${date}/01`, {
      date,
      club: 'Club',
      clubNumber: '01',
      venue: 'Addington',
      races: [
        aRaceSaid({
          key: `hrnz:race:${date}/01/R1`,
          number: 1,
          status: 'final',
          starters: [{ key: `hrnz:starter:${date}/01/R1/x`, horseName: name, ...more }],
        }),
      ],
    })
  return [
    start('2026-03-01', { identifiers: [{ scheme: 'hrnz_guid', value: guid }] }),
    start('2026-03-08', parents),
  ]
}

it('a question that the page answers closes', async () => {
  const world = worlds.responsive
  const horse = raced(world)
  const { db, deps } = await open(world)
  const { sire, dam } = horse.pedigree
  for (const observation of twoStarts(horse.hrnzGuid!, horse.name, { sire, dam }))
    await ingestMeeting(deps, {
      observation,
      issues: [],
      documentId: null,
      url: null,
      parserVersion: 'test',
      confirmedAt: now,
    })
  const openQuestions = () => db.selectFrom('review_items').select('code').execute()
  expect(await openQuestions()).toHaveLength(1)
  const result = await fetchHorsePages(deps, { horses: [], questions: 5 })
  expect(result.outcome).toBe('1 of 1 horse pages read; 0 questions about horses are open, 1 were')
  expect(await openQuestions()).toEqual([])
  expect(await db.selectFrom('horses').select('sire').execute()).toHaveLength(1)
  const again = await fetchHorsePages(deps, { horses: [], questions: 5 })
  expect(again.outcome).toMatch(/^nothing to do/)
})

it('a page that is not there, or of another horse, is said so and leaves what is known', async () => {
  const { db, deps, bench } = await open(worlds.responsive)
  const strange = '00000000-0000-4000-8000-000000000000'
  const missing = await fetchHorsePages(deps, { horses: [strange], questions: 0 })
  expect(missing).toMatchObject({ partial: true, warnings: [{ code: 'no-horse-page' }] })
  bench.servers.setFaults([{ host: 'dynamic', match: /HorseDetails/, kind: 'not-a-page' }])
  const { hrnzGuid } = raced(worlds.responsive)
  const odd = await fetchHorsePages(deps, { horses: [hrnzGuid!], questions: 0 })
  expect(odd).toMatchObject({ partial: true, warnings: [{ code: 'not-a-horse-page' }] })
  expect(await db.selectFrom('documents').select('kind').execute()).toHaveLength(1)
  expect(await db.selectFrom('horse_facts').selectAll().execute()).toEqual([])
  await expect(fetchHorsePages(deps, { horses: ['Nobody'], questions: 0 })).rejects.toThrow(
    UsageError,
  )
})
