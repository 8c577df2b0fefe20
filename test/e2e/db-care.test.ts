import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { createTestDatabase } from '../support/database.ts'
import { runCli, scratchFolder } from '../support/run-cli.ts'

async function brokenDatabase(): Promise<string> {
  const { target } = await createTestDatabase('sqlite')
  const database = await openDatabase(target)
  await sql`insert into horses (id, name, normalized_name, race_count)
    values (1, 'Nobody', 'nobody', 3)`.execute(database.db)
  await database.close()
  return target
}

it('db check leaves with 1 when it finds something, and says what to do', async () => {
  const { target } = await createTestDatabase('sqlite')
  expect(await runCli(['db', 'check', '--db', target])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('nothing is wrong'),
  })
  const broken = await brokenDatabase()
  const { exitCode, stdout } = await runCli(['db', 'check', '--db', broken])
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(
    /1 horses have no start \[horses-without-starts\]\n.*\n {2}next: .*`harness/,
  )
  const json = await runCli(['db', 'check', '--db', broken, '--json'])
  expect(json.exitCode).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    findings: [{ check: 'horses-without-starts', count: 1 }, { check: 'ids-given-twice' }],
  })
})

it('a backup is taken, not written over unasked, and restored under the locks', async () => {
  const target = await brokenDatabase()
  const file = join(scratchFolder(), 'backup.db')
  const backup = (...more: string[]) => runCli(['db', 'backup', file, '--db', target, ...more])
  expect(await backup()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('rows') })
  expect(await backup()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') })
  expect((await backup('--yes')).exitCode).toBe(0)
  expect((await backup('--keep', '2')).exitCode).toBe(0)
  expect(existsSync(`${file}.1`)).toBe(true)

  const restore = (...more: string[]) => runCli(['db', 'restore', file, '--db', target, ...more])
  writeFileSync(target, 'damaged beyond reading')
  expect((await restore()).exitCode).toBe(2)
  const lock = await acquireJobLock(target, 'capture')
  expect((await restore('--yes')).exitCode).toBe(4)
  await lock.release()
  const restored = await restore('--yes')
  expect(restored).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('.before-restore-'),
  })
  expect((await runCli(['db', 'check', '--db', target])).stdout).toContain('horses have no start')
  expect(await runCli(['db', 'restore', '/nowhere/b.db', '--db', target, '--yes'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('there is no file /nowhere/b.db'),
  })
  const { exitCode, stderr } = await runCli(['db', 'restore', '/dev/null', '--db', target, '--yes'])
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not'),
  })
}, 60_000)

it('db copy fills an empty database and refuses one with rows', async () => {
  const target = await brokenDatabase()
  const { target: url, remove } = await createTestDatabase('postgres')
  const back = join(scratchFolder(), 'back.db')
  const there = await runCli(['db', 'copy', '--db', target, '--to', url, '--json'])
  expect(there.exitCode, there.stderr).toBe(0)
  const again = await runCli(['db', 'copy', '--db', url, '--to', back, '--json'])
  const tables = (text: string): unknown => (JSON.parse(text) as { tables: unknown }).tables
  expect(tables(again.stdout)).toEqual(tables(there.stdout))
  expect(there.stdout).not.toContain(new URL(url).password)
  expect(await runCli(['db', 'copy', '--db', target, '--to', url])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not empty'),
  })
  await remove()
}, 60_000)
