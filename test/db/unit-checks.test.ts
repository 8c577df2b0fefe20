import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import { acquireJobLock, type JobLock } from '../../src/db/job-lock.ts'
import { createTestDatabase, testDialects } from '../support/database.ts'

describe.each(testDialects)('before each unit that writes, on %s', (dialect) => {
  let database: OpenDatabase | undefined
  let lock: JobLock | undefined
  let remove: (() => Promise<void>) | undefined
  afterEach(async () => {
    await database?.close()
    await lock?.release().catch(() => undefined)
    await remove?.()
    database = lock = remove = undefined
  })

  const open = async (): Promise<{ target: string; database: OpenDatabase }> => {
    const made = await createTestDatabase(dialect)
    remove = made.remove
    lock = await acquireJobLock(made.target, 'capture')
    database = await openDatabase(made.target, {
      beforeUnit: async () => {
        await lock?.check()
      },
    })
    return { target: made.target, database }
  }
  const write = (on: OpenDatabase): Promise<void> =>
    on.unitOfWork.run(({ aliases }) =>
      aliases.add({
        source: 'any',
        kind: 'venue',
        text: 'a',
        venue: 'b',
        validFrom: null,
        validTo: null,
      }),
    )
  const aliases = (on: OpenDatabase): Promise<number> =>
    on.unitOfWork.read(async (repositories) => (await repositories.aliases.all()).length)

  it('a process that has lost its lock stops, and the next one has it', async () => {
    const { target, database: ours } = await open()
    await write(ours)
    if (dialect === 'sqlite') rmSync(`${target}.capture.lock`)
    else {
      await sql`select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
        ours.db,
      )
    }
    const other = await acquireJobLock(target, 'capture')
    await expect(write(ours)).rejects.toMatchObject({ code: 'lock-lost', exitCode: 4 })
    expect(await aliases(ours)).toBe(1)
    await other.release()
  })

  it('a process that meets a newer schema stops', async () => {
    const { database: ours } = await open()
    await sql`insert into schema_migrations (name, timestamp) values ('9999-later', 'now')`.execute(
      ours.db,
    )
    await expect(write(ours)).rejects.toMatchObject({ code: 'newer-schema', exitCode: 1 })
    expect(await aliases(ours)).toBe(0)
  })
})
