import { createHash } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { hrnzPaths } from '../../../fixtures/world/hrnz-pages.ts'
import { resultsPageHtml } from '../../../fixtures/world/hrnz-results-html.ts'
import { tabAnswer } from '../../../fixtures/world/tab-payloads.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { archiveHistory } from '../../../src/app/care/archive-history.ts'
import { pruneDatabase } from '../../../src/app/care/prune-database.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import { reconcileMeetings } from '../../../src/app/reconcile/reconcile-meetings.ts'
import { reparseArchive } from '../../../src/app/scrape/reparse-archive.ts'
import { openDatabase, type OpenDatabase } from '../../../src/db/connect.ts'
import { isoInstant, nzInstant } from '../../../src/domain/dates.ts'
import { dynamicPages } from '../../../src/sources/hrnz/dynamic-pages.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'
import { tabApi } from '../../../src/sources/tab/tab-api.ts'
import { createTestDatabase } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { scratchFolder } from '../../support/run-cli.ts'

const world = makeWorld({
  seed: 5,
  from: '2026-03-06',
  to: '2026-03-08',
  meetingsPerWeek: 7,
  racesPerMeeting: [1, 2],
  startersPerRace: [3, 4],
})
const now = Date.parse('2026-09-01T00:00:00Z')
/** Two that both sources tell of. */
const told = world.meetings.filter(
  (meeting) => meeting.inTab && resultsPageHtml(world, meeting, now) !== null,
)
const sources = {
  hrnz: hrnzPages({ baseUrl: 'https://hrnz.invalid' }),
  dynamic: dynamicPages({ baseUrl: 'https://dynamic.invalid' }),
  tab: tabApi({ baseUrl: 'https://tab.invalid' }),
}

const kinds = ['page', 'page', 'page', 'race', 'race', 'list'] as const
/** One look at one page: at what hour after the meeting, with a word of no meaning in it. */
const looks = fc.array(
  fc.record({
    of: fc.constantFrom(...kinds),
    which: fc.nat(1),
    hours: fc.constantFrom(1, 3, 6, 20, 22, 30, 50, 800),
    noise: fc.nat(9),
    amended: fc.boolean(),
  }),
  { minLength: 4, maxLength: 16 },
)
type Look = typeof looks extends fc.Arbitrary<(infer L)[]> ? L : never

const a = { which: 0, hours: 30 as const, noise: 0, amended: false }
const always: Look[] = [
  { ...a, of: 'page' },
  { ...a, of: 'page', noise: 1, hours: 50 },
  { ...a, of: 'list', hours: 1 },
  { ...a, of: 'race', hours: 1 },
  { ...a, of: 'race', hours: 3 },
  { ...a, of: 'race', hours: 6 },
  { ...a, of: 'race', hours: 20 },
]

async function take(database: OpenDatabase, look: Look): Promise<void> {
  const meeting = told[look.which]!
  const at = nzInstant(meeting.date, '12:00') + look.hours * 3_600_000
  const keep = (url: string, kind: string, bytes: Buffer, source: 'hrnz_scraper' | 'tab_api') =>
    database.unitOfWork.run(({ archive }) =>
      archive.put(
        {
          source,
          kind,
          url,
          hash: createHash('sha256').update(bytes).digest('hex'),
          contentType: null,
          etag: null,
          lastModified: null,
          httpStatus: 200,
          date: meeting.date,
          label: null,
          fetchedAt: isoInstant(at),
        },
        bytes,
      ),
    )
  if (look.of === 'page') {
    const html = resultsPageHtml(world, meeting, at)
    if (html === null) return
    const said = look.amended ? html.replaceAll(/\bFine\b/g, 'Showery') : html
    const bytes = Buffer.from(`${said}<!-- ${look.noise} -->`)
    const url = `https://hrnz.invalid${hrnzPaths.folder}${meeting.hrnzFile}`
    const { id } = await keep(url, 'results', bytes, 'hrnz_scraper')
    const { observation, issues } = sources.hrnz.parseResults(bytes, { url })
    await ingestMeeting(quietDeps(database, now), {
      observation,
      issues,
      documentId: id,
      url,
      parserVersion: sources.hrnz.parserVersion,
      confirmedAt: isoInstant(at),
    })
    return
  }
  const range = { from: meeting.date, to: meeting.date }
  const race = meeting.races[look.noise % meeting.races.length]!
  const url =
    look.of === 'list' ? sources.tab.meetingsUrl(range) : sources.tab.eventUrl(race.tabEventId)
  const answer = tabAnswer(world, url.replace('https://tab.invalid', ''), at)
  const bytes = Buffer.from(JSON.stringify(answer.body))
  await keep(url, look.of === 'list' ? 'meeting-list' : 'event', bytes, 'tab_api')
}

/** Everything that is made of the documents, ids included. */
async function made(database: OpenDatabase): Promise<unknown> {
  const tables = ['meetings', 'races', 'starters', 'horses', 'links', 'horse_identifiers']
  const more = ['horse_names', 'review_items', 'judgements', 'dividends', 'pools', 'scratchings']
  const rows: unknown[] = []
  for (const table of [...tables, ...more, 'past_starts', 'redirects'])
    rows.push([
      table,
      (await sql`select * from ${sql.table(table)}`.execute(database.db)).rows
        .map((row) => JSON.stringify(row))
        .sort(),
    ])
  const observations =
    await sql`select id, source_key, digest, meeting_id, observed_at, confirmed_at, hex(tree)
      from observations order by id`.execute(database.db)
  const events = world.meetings.flatMap(({ races }) => races.map((race) => race.tabEventId))
  const market = await database.unitOfWork.read(({ market: markets }) =>
    markets.load(events, { history: true }),
  )
  const odds = market.odds.map((row) => JSON.stringify(row)).sort()
  return { rows, observations: observations.rows, odds }
}

async function again(database: OpenDatabase): Promise<void> {
  const deps = quietDeps(database, now)
  await reparseArchive({ ...deps, ...sources })
  await reconcileMeetings(deps, { dryRun: false })
  await matchHorses(deps, { all: true, dryRun: false })
}

it('reading and deciding everything again makes the same database, pruned and archived or not', async () => {
  let pruned = 0
  let archived = 0
  let prices = 0
  await fc.assert(
    fc.asyncProperty(
      looks,
      fc.constantFrom('2026-03-07', '2026-03-20', '2026-09-01'),
      fc.constantFrom('prune', 'archive', 'both'),
      async (history, before, what) => {
        const { target, remove } = await createTestDatabase('sqlite')
        const whole = await openDatabase(target)
        for (const look of history) await take(whole, look)
        await again(whole)
        await whole.close()
        const copy = join(scratchFolder(), 'less.db')
        copyFileSync(target, copy)
        const [one, other] = [await openDatabase(target), await openDatabase(copy)]
        const deps = quietDeps(other, now)
        const less = async (): Promise<number> =>
          (await pruneDatabase({ ...deps, ...sources }, { days: 90, dryRun: false })).readings
        if (what !== 'archive') {
          const promised = await pruneDatabase({ ...deps, ...sources }, { days: 90, dryRun: true })
          const gone = await less()
          expect(gone).toBe(promised.readings)
          pruned += gone
        }
        if (what !== 'prune') {
          const moved = await archiveHistory(
            { ...deps, archives: other.archives },
            { before, to: null },
          )
          expect(moved.warnings).toEqual([])
          archived += moved.documents
          prices += moved.prices
        }
        if (what !== 'archive') expect(await less()).toBe(0)
        const tab = (database: OpenDatabase) =>
          database.unitOfWork.read(async ({ archive }) =>
            (await archive.list({ source: 'tab_api' })).map(({ hash }) => hash),
          )
        expect(await tab(other)).toEqual(await tab(one))
        await again(one)
        await again(other)
        expect(await made(other)).toEqual(await made(one))
        await one.close()
        await other.close()
        await remove()
      },
    ),
    { numRuns: 25, examples: [[always, '2026-09-01', 'both']] },
  )
  expect(Math.min(pruned, archived, prices)).toBeGreaterThan(0)
}, 60_000)

it('of the lists only those go of which a later one is there', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const database = await openDatabase(target)
  const looks = [
    ['index', 'index', '2026-03-01', 'first'],
    ['index', 'index', '2026-04-01', 'second'],
    ['march', 'month', '2026-03-01', 'only'],
    ['april', 'month', '2026-03-01', 'of long ago'],
    ['april', 'month', '2026-08-31', 'of yesterday'],
  ] as const
  for (const [url, kind, day, text] of looks) {
    const bytes = Buffer.from(text)
    await database.unitOfWork.run(({ archive }) =>
      archive.put(
        {
          ...{ source: 'hrnz_scraper', kind, url, date: null, label: null },
          ...{ contentType: null, etag: null, lastModified: null, httpStatus: 200 },
          hash: createHash('sha256').update(bytes).digest('hex'),
          fetchedAt: `${day}T00:00:00.000Z`,
        },
        bytes,
      ),
    )
  }
  const deps = { ...quietDeps(database, now), ...sources }
  expect(await pruneDatabase(deps, { days: 90, dryRun: true })).toMatchObject({ lists: 2 })
  expect(await pruneDatabase(deps, { days: 90, dryRun: false })).toMatchObject({ lists: 2 })
  const left = await database.unitOfWork.read(async ({ archive }) => {
    const texts: string[] = []
    for (const { id } of await archive.list({}))
      texts.push(Buffer.from((await archive.bytes(id)) ?? []).toString())
    return texts.sort()
  })
  expect(left).toEqual(['of yesterday', 'only', 'second'])
  await database.close()
  await remove()
})
