import { renameSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { canonicalDump, dumpDifference } from '../support/canonical-dump.ts'
import { createTestDatabase } from '../support/database.ts'
import { runCli, scratchFolder } from '../support/run-cli.ts'
import { WorldRun } from '../support/world-run.ts'

const world = makeWorld({ seed: 13, from: '2026-03-06', to: '2026-03-07', racesPerMeeting: [2, 3] })

let run: WorldRun
let remove: () => Promise<void>
beforeAll(async () => {
  const made = await createTestDatabase('sqlite')
  remove = made.remove
  run = await WorldRun.start(world, made.target, '2026-03-10T00:00:00.000Z')
  await run.ok('nightly')
}, 60_000)
afterAll(async () => {
  await run.close()
  await remove()
})

it('what was archived is read as before, and missed by name where it is not there', async () => {
  const before = await run.read(canonicalDump)
  const dry = await run.ok('db archive --before 2026-03-09 --dry-run')
  expect(dry.stdout).toMatch(/would move \d+ documents .* nothing was changed/)
  const done = await run.ok('db archive --before 2026-03-09')
  expect(done.stdout).toMatch(/^[1-9]\d* documents .* read back and found the same/m)
  const archive = run.target.replace(/\.db$/, '.archive.db')
  const why = await run.ok('reconcile why 1 R1')
  expect(why.stdout).toContain(`archived in ${archive}`)
  await run.ok('scrape --reparse')
  expect(dumpDifference(before, await run.read(canonicalDump))).toEqual([])

  const elsewhere = join(scratchFolder(), 'elsewhere.db')
  renameSync(archive, elsewhere)
  const lost = await run.harness('scrape --reparse')
  expect(lost.exitCode).toBe(1)
  expect(lost.stderr).toContain(`the archive ${archive} is not there`)
  expect(lost.stderr).toContain('`harness db archive --to FILE`')
  expect((await run.ok('db check', 1)).stdout).toContain('archives are not there')
  expect((await run.ok('doctor', 1)).stdout).toContain(`BROKEN   archive: the archive ${archive}`)
  // What does not read old bodies goes on.
  await run.ok('reconcile')
  await run.ok('status')
  await run.ok(`db archive --to ${elsewhere}`)
  await run.ok('scrape --reparse')
  await run.ok('db check')
  expect(dumpDifference(before, await run.read(canonicalDump))).toEqual([])
}, 60_000)

it('db prune removes the records of old runs and keeps the rest', async () => {
  const before = await run.read(canonicalDump)
  run.moveTo('2026-09-10T00:00:00.000Z')
  const dry = await run.ok('db prune --dry-run --json')
  const promised = JSON.parse(dry.stdout) as Record<string, number>
  expect(promised['runs']).toBeGreaterThan(0)
  const { readings, lists, runs, requestTimes } = JSON.parse(
    (await run.ok('db prune --json')).stdout,
  ) as Record<string, number>
  expect({ readings, lists, runs, requestTimes }).toMatchObject({
    readings: promised['readings'],
    lists: promised['lists'],
    runs: promised['runs'],
    requestTimes: promised['requestTimes'],
  })
  await run.ok('scrape --reparse')
  expect(dumpDifference(before, await run.read(canonicalDump))).toEqual([])
  await run.ok('db check')
}, 60_000)

it('a large file with old documents is told of by status and doctor', async () => {
  const { target, remove: removeLarge } = await createTestDatabase('sqlite')
  const database = await openDatabase(target)
  await database.unitOfWork.run(({ archive }) =>
    archive.put(
      {
        source: 'tab_api',
        kind: 'event',
        url: 'https://tab.invalid/1',
        hash: 'h',
        contentType: null,
        etag: null,
        lastModified: null,
        httpStatus: 200,
        date: '2024-03-06',
        label: null,
        fetchedAt: '2024-03-06T00:00:00.000Z',
      },
      Buffer.from('old'),
    ),
  )
  await database.close()
  const look = async () => [
    (await runCli(['status', '--db', target])).stdout,
    (await runCli(['doctor', '--db', target])).stdout,
  ]
  for (const text of await look()) expect(text).not.toContain('db archive')
  // A hole: nothing is written.
  truncateSync(target, 1_200_000_000)
  for (const text of await look()) {
    expect(text).toContain('1.2 GB, with raw documents since 2024-03-06')
    expect(text).toContain('harness db archive --before -365d --dry-run')
  }
  await removeLarge()
})
