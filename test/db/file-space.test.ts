import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { archiveHistory } from '../../src/app/care/archive-history.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { SqliteDatabase } from '../../src/db/sqlite-library.ts'
import { createTestDatabase } from '../support/database.ts'
import { putMegabytes } from '../support/put-megabytes.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { runCli, scratchFolder } from '../support/run-cli.ts'

const mb = 1_000_000
const { signal } = new AbortController()

it('a file gives its room back in small steps, while another connection writes', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const [database, other] = [await openDatabase(target), await openDatabase(target)]
  await putMegabytes(database, 12)
  const deps = { ...quietDeps(database, 0), archives: database.archives }
  const to = join(scratchFolder(), 'a.db')
  await archiveHistory(deps, { before: '2026-04-01', to })
  let written = 0
  const writing = (async () => {
    for (; written < 20; written++)
      await other.runs.start({
        command: 'capture',
        argv: '',
        version: '1',
        host: 'h',
        pid: 1,
        startedAt: '2026-03-06T00:00:00.000Z',
      })
  })()
  expect(await database.care.giveBack(signal)).toBeGreaterThan(10 * mb)
  await writing
  expect(written).toBe(20)
  await other.close()
  await database.close()
  expect(statSync(target).size).toBeLessThan(2 * mb)
  await remove()
})

it('room that cannot be given back is an error of the database, by name', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const raw = new SqliteDatabase(target)
  raw.exec('create table t (a); insert into t values (zeroblob(1000000)); drop table t')
  raw.close()
  const database = await openDatabase(target, { readOnly: true })
  await expect(database.care.giveBack(signal)).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining(target),
  })
  await database.close()
  await remove()
})

it('a file that an earlier version made is written anew once, when nobody is at work', async () => {
  const target = join(scratchFolder(), 'harness.db')
  const raw = new SqliteDatabase(target)
  raw.exec('create table t (a); drop table t')
  raw.close()
  const database = await openDatabase(target)
  await database.migrator.migrateToLatest()
  await putMegabytes(database, 6)
  expect(await database.care.giveBack(signal)).toBeNull()
  await database.close()
  const archive = ['db', 'archive', '--before', '2026-04-01', '--db', target]
  const lock = await acquireJobLock(target, 'capture')
  const busy = await runCli(archive)
  expect(busy.stdout).toContain('6 documents')
  expect(busy.stdout).toContain('the room stays in the file')
  expect(statSync(target).size).toBeGreaterThan(5 * mb)
  await lock.release()
  const idle = await runCli([...archive, '--json'])
  expect(JSON.parse(idle.stdout)).toMatchObject({
    documents: 0,
    freedBytes: expect.toSatisfy((bytes: number) => bytes > 5 * mb),
  })
  expect(statSync(target).size).toBeLessThan(2 * mb)
  const again = await openDatabase(target)
  expect(await again.care.giveBack(signal)).toBe(0)
  await again.close()
})
