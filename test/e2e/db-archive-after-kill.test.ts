import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { Random } from '../../fixtures/world/random.ts'
import { hrnzPaths } from '../../fixtures/world/hrnz-pages.ts'
import { resultsPageHtml } from '../../fixtures/world/hrnz-results-html.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { checkDatabase } from '../../src/app/care/check-database.ts'
import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import type { ArchivedDocument } from '../../src/repositories/archive.ts'
import type { Repositories } from '../../src/repositories/repositories.ts'
import { createTestDatabase } from '../support/database.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { runCli, scratchFolder } from '../support/run-cli.ts'

const now = Date.parse('2026-09-01T00:00:00Z')
const env = { HARNESS_CLOCK: new Date(now).toISOString(), HARNESS_HRNZ_URL: 'https://hrnz.invalid' }
/** More with HARNESS_TEST_KILLS. */
const kills = Number(process.env['HARNESS_TEST_KILLS'] ?? 4) / 2
/** Several chunks of either. */
const bodies = 1_500
const readings = 400

const random = new Random('archive kills')
let full: string
let target: string

beforeAll(async () => {
  ;({ target: full } = await createTestDatabase('sqlite'))
  const database = await openDatabase(full)
  await database.unitOfWork.run(fill)
  await database.close()
}, 60_000)

let opened: OpenDatabase | undefined
afterEach(() => opened?.close())

async function fill({ archive, market }: Repositories): Promise<void> {
  const put = (about: Partial<ArchivedDocument>, text: string) => {
    const bytes = Buffer.from(text)
    const document = {
      source: 'hrnz_scraper' as const,
      kind: 'results',
      url: '',
      hash: createHash('sha256').update(bytes).digest('hex'),
      contentType: null,
      etag: null,
      lastModified: null,
      httpStatus: 200,
      date: '2026-03-06',
      label: null,
      fetchedAt: '2026-03-06T00:00:00.000Z',
    }
    return archive.put({ ...document, ...about }, bytes)
  }
  for (let n = 0; n < bodies; n++) {
    const form = createHash('sha512')
      .update(String(n % 300))
      .digest('hex')
      .repeat(40)
    await put(
      { source: 'tab_api', kind: 'event', url: `https://tab.invalid/${n % 300}` },
      `${n} ${form}`,
    )
  }
  const world = makeWorld({
    seed: 2,
    from: '2026-03-06',
    to: '2026-03-07',
    racesPerMeeting: [1, 1],
  })
  const html = world.meetings.flatMap((meeting) => resultsPageHtml(world, meeting, now) ?? [])[0]!
  const url = `https://hrnz.invalid${hrnzPaths.folder}x.htm`
  for (let n = 0; n < readings; n++) {
    const fetchedAt = new Date(Date.parse('2026-03-07T00:00:00Z') + n * 60_000).toISOString()
    await put({ url, fetchedAt, date: world.meetings[0]!.date }, `${html}<!-- ${n} -->`)
  }
  const odds = Array.from({ length: 20_000 }, (_, n) => ({
    entrantId: `e${n % 1_000}`,
    fixedWin: n,
    fixedPlace: null,
    poolWin: null,
    poolPlace: null,
    firstSeen: new Date(Date.parse('2026-03-06T00:00:00Z') + n * 1_000).toISOString(),
    lastSeen: new Date(Date.parse('2026-03-06T00:00:00Z') + n * 1_000).toISOString(),
  }))
  const entrants = Array.from({ length: 1_000 }, (_, n) => ({
    entrantId: `e${n}`,
    eventId: `race ${n % 100}`,
    number: 1,
  }))
  const none = { dividends: [], replaceDividends: [], pools: [], startTimes: [] }
  await market.apply({ ...none, odds, entrants, scratchings: [], protests: [], pastStarts: [] })
}

/** Every body by its hash, and every price, wherever they are. */
async function everything(database: OpenDatabase): Promise<readonly [string, number]> {
  const documents = await database.unitOfWork.read(async ({ archive, market }) => {
    const digest = createHash('sha256')
    const tab = await archive.list({ source: 'tab_api' })
    for (const { id, hash } of tab) {
      const found = createHash('sha256')
        .update((await archive.bytes(id))!)
        .digest('hex')
      expect(found).toBe(hash)
      digest.update(hash)
    }
    const events = Array.from({ length: 100 }, (_, n) => `race ${n}`)
    const { odds } = await market.load(events, { history: true })
    digest.update(JSON.stringify(odds.map((row) => JSON.stringify(row)).sort()))
    return [digest.digest('hex'), odds.length] as const
  })
  expect(await checkDatabase({ ...quietDeps(database, now), care: database.care })).toEqual([])
  return documents
}

/** Ends the program once a file has so many bytes. */
function killAt(file: string, bytes: number): (child: ChildProcess) => void {
  return (child) => {
    const look = setInterval(() => {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= bytes) child.kill('SIGKILL')
    }, 1)
    child.once('exit', () => clearInterval(look))
  }
}

async function killed(argv: readonly string[], growing: string, most: number): Promise<boolean> {
  const started = killAt(growing, Math.floor(random.next() * most))
  return (await runCli([...argv, '--db', target], { env, started })).exitCode === null
}

async function ok(argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli([...argv, '--db', target], { env })
  expect(exitCode, stderr).toBe(0)
  return stdout
}

it('db archive, killed at any moment, loses nothing, and goes on when it is run again', async () => {
  const before = await (async () => {
    const database = await openDatabase(full)
    const all = await everything(database)
    await database.close()
    return all
  })()
  const argv = ['db', 'archive', '--before', '2026-08-01']
  const ends: boolean[] = []
  for (let n = 0; n < kills; n++) {
    target = join(scratchFolder(), 'harness.db')
    copyFileSync(full, target)
    const archive = target.replace('.db', '.archive.db')
    ends.push(await killed(argv, archive, 4_000_000), await killed(argv, archive, 9_000_000))
    opened = await openDatabase(target)
    expect(await everything(opened)).toEqual(before)
    await ok(argv)
    expect(await everything(opened)).toEqual(before)
    const { rows, prices } = await leftIn(opened)
    expect({ rows, prices }).toEqual({ rows: 0, prices: 1_000 })
    expect(await ok(argv)).toContain('nothing to do')
    await opened.close()
  }
  expect(ends).toContain(true)
}, 120_000)

it('db prune, killed at any moment, goes on when it is run again', async () => {
  const ends: boolean[] = []
  for (let n = 0; n < kills; n++) {
    target = join(scratchFolder(), 'harness.db')
    copyFileSync(full, target)
    ends.push(await killed(['db', 'prune'], `${target}-wal`, 300_000))
    opened = await openDatabase(target)
    expect(await checkDatabase({ ...quietDeps(opened, now), care: opened.care })).toEqual([])
    await ok(['db', 'prune'])
    const left = await opened.unitOfWork.read(({ archive }) => archive.list({ kind: 'results' }))
    expect(left.length).toBeLessThanOrEqual(2)
    expect(left.at(-1)?.fetchedAt).toBe('2026-03-07T06:39:00.000Z')
    expect(await ok(['db', 'prune'])).toContain('0 readings')
    await opened.close()
  }
  expect(ends).toContain(true)
}, 120_000)

async function leftIn({ db }: OpenDatabase): Promise<{ rows: number; prices: number }> {
  const documents = await db
    .selectFrom('documents')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('archive_id', 'is', null)
    .executeTakeFirstOrThrow()
  const odds = await db
    .selectFrom('odds_snapshots')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { rows: documents.count, prices: odds.count }
}
