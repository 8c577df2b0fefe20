import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultKind } from '../../fixtures/world/faults.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { canonicalDump, dumpDifference } from '../support/canonical-dump.ts'
import { root, scratchFolder } from '../support/run-cli.ts'
import { WorldRun } from '../support/world-run.ts'

const range = { from: '2026-03-06', to: '2026-03-11' }
const world = makeWorld({ seed: 5, ...range, racesPerMeeting: [3, 5] })
/** After the first results are official, before the first ruling that amends one. */
const noon = '2026-03-13T00:00:00.000Z'
const later = '2026-03-13T01:00:00.000Z'
const nextDay = '2026-03-14T00:00:00.000Z'
const discover = `discover --from ${range.from} --to ${range.to}`
const capture = 'capture --from -13d'

/** Many processes are started one after the other: on a busy machine that takes its time. */
const patient = { timeout: 120_000 }

let current: WorldRun | undefined
/** Everything discovered, nothing read yet; and the same with both sources read in full. */
let discovered = ''
let whole: readonly string[] = []

interface Answer {
  readonly warnings?: readonly { code: string; subject: string; message: string }[]
  readonly counts?: { meetings: Record<string, number> }
  readonly error?: { code: string; message: string; hint: string; exitCode: number }
}

/** The next one takes the addresses of the one before, under which its pages are registered. */
async function startRun(): Promise<WorldRun> {
  const target = join(scratchFolder(), 'harness.db')
  if (discovered !== '') copyFileSync(discovered, target)
  const ports = current?.ports
  await current?.close()
  current = await WorldRun.start(world, target, later, ports)
  return current
}

async function ask(run: WorldRun, command: string, env: Record<string, string> = {}) {
  const { stdout, exitCode } = await run.harness(`${command} --json`, { env })
  return { exitCode, answer: JSON.parse(stdout) as Answer }
}

beforeAll(async () => {
  const run = await startRun()
  run.moveTo(noon)
  await run.ok(discover)
  await run.ok('scrape --limit 1', 3)
  // A file that nobody has open is whole in itself.
  const copy = join(scratchFolder(), 'harness.db')
  copyFileSync(run.target, copy)
  await run.ok('scrape')
  await run.ok(capture)
  whole = await run.read(canonicalDump)
  discovered = copy
}, patient.timeout)

afterAll(() => current?.close())

describe('a page that is not what it should be', patient, () => {
  it.each<[string, FaultKind, string]>([
    ['is no results page', 'not-a-page', 'not-a-results-page'],
    ['has lost its tables', 'layout', 'not-a-results-page'],
    ['is of another year', 'wrong-year', 'wrong-date'],
  ])(
    'that %s is a failed item by name, due again, and taken when it is mended',
    async (_, kind, code) => {
      const run = await startRun()
      run.setFaults({ host: 'hrnz', match: /results\/\d/, kind })
      const { exitCode, answer } = await ask(run, 'scrape')
      expect(exitCode).toBe(3)
      expect(answer.counts?.meetings['failed']).toBeGreaterThan(2)
      expect(answer.warnings?.map((warning) => warning.code)).toContain(code)
      const named = answer.warnings?.find((warning) => warning.code === code)
      expect(named?.subject).toMatch(/^2026-03-\d\d \S/)
      run.setFaults()
      run.moveTo(nextDay)
      await run.ok('scrape')
      await run.ok(capture)
      expect(dumpDifference(whole, await run.read(canonicalDump))).toEqual([])
    },
  )

  it('with an unknown placing is taken: the text is kept, the number is not invented', async () => {
    const run = await startRun()
    const { exitCode, answer } = await ask(run, 'scrape')
    expect(exitCode).toBe(0)
    const odd = answer.warnings?.filter(({ code }) => code === 'unknown-placing') ?? []
    expect(odd).not.toEqual([])
    const words = odd.map(({ message }) => message.split(': ').at(-1) ?? '')
    const kept = await run.read(({ db }) =>
      db
        .selectFrom('starters')
        .select(['finish_position', 'finish_raw'])
        .where('finish_raw', 'in', words)
        .execute(),
    )
    expect(kept.length).toBeGreaterThanOrEqual(odd.length)
    expect(new Set(kept.map((row) => row.finish_position))).toEqual(new Set([null]))
  })

  it('of broken JSON fails one race by name, and the next capture mends it', async () => {
    const run = await startRun()
    run.setFaults({ host: 'tab', match: /events/, kind: 'broken-json', everyNth: 4, times: 2 })
    const { exitCode, answer } = await ask(run, capture)
    expect(exitCode).toBe(3)
    expect(answer.warnings?.filter(({ message }) => /JSON/.test(message)).length).toBeGreaterThan(0)
    run.moveTo(nextDay)
    await run.ok(capture)
    await run.ok('scrape')
    expect(dumpDifference(whole, await run.read(canonicalDump))).toEqual([])
  })
})

describe('a database that cannot be written', patient, () => {
  it('is named, with what to do', async () => {
    const run = await startRun()
    // Not even root makes files there.
    const { exitCode, answer } = await ask(run, 'scrape', { HARNESS_DB: '/proc/harness.db' })
    expect(exitCode).toBe(1)
    expect(answer.error).toMatchObject({
      code: 'unwritable',
      message: expect.stringContaining('/proc/harness.db') as string,
      hint: expect.stringContaining('--db') as string,
    })
  })

  it('because it is of a newer version is left as it is', async () => {
    const run = await startRun()
    const db = new BetterSqlite3(run.target)
    db.exec("insert into schema_migrations values ('9999-of-tomorrow', '2030-01-01T00:00:00.000Z')")
    const runs = db.prepare('select count(*) from runs').pluck()
    const before = runs.get()
    for (const command of ['scrape', 'report', `db backup ${run.target}.copy`]) {
      const { exitCode, answer } = await ask(run, command)
      expect(exitCode).toBe(1)
      expect(answer.error?.code).toBe('newer-schema')
    }
    expect(runs.get()).toBe(before)
    db.close()
  })

  it('because the disk is full keeps what it has, and goes on when there is room', async () => {
    const run = await startRun()
    const db = new BetterSqlite3(run.target)
    // Of the one MB that it may have, 60 KB are left.
    const room = 983_040 - statSync(run.target).size
    db.exec('create table somebody_elses (bytes)')
    db.prepare('insert into somebody_elses values (zeroblob(?))').run(Math.max(0, room))
    db.close()
    const before = await run.read(canonicalDump)
    const { exitCode, answer } = await ask(run, 'scrape', { HARNESS_DB_MAX_MB: '1' })
    expect(exitCode).toBe(1)
    expect(answer.error?.code).toBe('disk-full')
    const kept = await run.read(canonicalDump)
    const meetings = (rows: readonly string[]) => rows.filter((row) => row.startsWith('meeting'))
    expect(meetings(kept)).toEqual(expect.arrayContaining(meetings(before)))
    await run.ok('scrape')
    await run.ok(capture)
    expect(dumpDifference(whole, await run.read(canonicalDump))).toEqual([])
  })

  it('because SQLite’s module does not load says how to mend that', async () => {
    const run = await startRun()
    const env = { NODE_OPTIONS: `--require=${join(root, 'test/support/break-native-module.cjs')}` }
    for (const command of ['scrape', 'status']) {
      const { exitCode, answer } = await ask(run, command, env)
      expect(exitCode).toBe(1)
      expect(answer.error).toMatchObject({
        code: 'native-module',
        hint: expect.stringContaining('npm rebuild better-sqlite3') as string,
      })
    }
    const doctor = await run.harness('doctor', { env })
    expect(doctor.exitCode).toBe(1)
    expect(doctor.stdout).toContain('npm rebuild better-sqlite3')
  })
})

describe('a command line or a host that leads nowhere', patient, () => {
  it.each(['discover', 'scrape', 'capture', 'reconcile'])(
    '%s refuses a reversed range and a word that is no date',
    async (command) => {
      const run = await startRun()
      const reversed = await ask(run, `${command} --from 2026-03-02 --to 2026-03-01`)
      expect(reversed.exitCode).toBe(2)
      expect(reversed.answer.error?.message).toContain('reversed')
      expect((await ask(run, `${command} --from someday`)).exitCode).toBe(2)
    },
  )

  it('names the host that cannot be reached, and the work stays due', async () => {
    const run = await startRun()
    const nowhere = {
      HARNESS_HRNZ_URL: 'http://127.0.0.1:9',
      HARNESS_TAB_URL: 'http://127.0.0.1:9',
    }
    for (const command of [discover, capture]) {
      const { exitCode, answer } = await ask(run, command, nowhere)
      expect(exitCode).toBe(5)
      expect(answer.error?.code).toBe('source-unavailable')
      expect(answer.error?.message).toContain('127.0.0.1:9')
      expect(answer.error?.hint).toBeTruthy()
    }
    await run.ok('scrape')
    await run.ok(capture)
    expect(dumpDifference(whole, await run.read(canonicalDump))).toEqual([])
  })
})
