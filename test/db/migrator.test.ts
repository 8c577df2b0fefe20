import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import BetterSqlite3 from 'better-sqlite3'
import { sql, type Migration } from 'kysely'
import { describe, expect, inject, it } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import { aMeeting, cardChanges } from '../contract/rows.ts'
import { createTestDatabase, openTestDatabase, testDialects } from '../support/database.ts'

const names = Object.keys(migrations)
const extra: Migration = {
  up: (db) => sql`create table extra (id integer)`.execute(db).then(() => undefined),
  down: (db) => sql`drop table extra`.execute(db).then(() => undefined),
}
const tableNames = async ({ db }: OpenDatabase): Promise<string[]> =>
  (await db.introspection.getTables())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('schema_migrations'))
    .sort()
const newFile = (): string => join(inject('testRoot'), `${randomUUID()}.db`)

describe.each(testDialects)('the migrator on %s', (dialect) => {
  it('takes everything back and puts the same there again', async () => {
    const database = await openTestDatabase(dialect)
    const before = await tableNames(database)
    const rolledBack: string[] = []
    for (let name = await database.migrator.rollback(); name !== null;) {
      rolledBack.push(name)
      name = await database.migrator.rollback()
    }
    expect(rolledBack).toEqual([...names].reverse())
    expect(await tableNames(database)).toEqual([])
    expect(await database.migrator.status()).toEqual({
      current: null,
      pending: names,
      newerThanKnown: [],
    })
    expect((await database.migrator.migrateToLatest()).applied).toEqual(names)
    expect(await tableNames(database)).toEqual(before)
    expect(await database.migrator.migrateToLatest()).toEqual({ applied: [], backup: null })
    await database.close()
  })

  it('refuses a database of a newer version and leaves it as it is', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const newer = await openDatabase(target, {
      migrations: { ...migrations, '9999-future': extra },
    })
    await newer.migrator.migrateToLatest()
    await newer.close()
    const database = await openDatabase(target)
    await expect(database.migrator.migrateToLatest()).rejects.toMatchObject({
      code: 'newer-schema',
      exitCode: 1,
      hint: expect.stringContaining('upgrade') as string,
    })
    await expect(database.migrator.rollback()).rejects.toMatchObject({ code: 'newer-schema' })
    expect((await database.migrator.status()).newerThanKnown).toEqual(['9999-future'])
    expect(await tableNames(database)).toContain('extra')
    await database.close()
    await remove()
  })

  it('leaves nothing of a migration that fails half-way', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const failing: Migration = {
      up: async (db) => {
        await extra.up(db)
        throw new Error('half-way')
      },
    }
    const database = await openDatabase(target, {
      migrations: { ...migrations, '9998-failing': failing },
    })
    await expect(database.migrator.migrateToLatest()).rejects.toThrow('half-way')
    expect(await tableNames(database)).not.toContain('extra')
    expect((await database.migrator.status()).pending).toEqual(['9998-failing'])
    await database.close()
    await remove()
  })

  it('lets several start on an empty database at once', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const first = await openDatabase(target)
    while ((await first.migrator.rollback()) !== null);
    const all = await Promise.all([openDatabase(target), openDatabase(target)])
    const results = await Promise.all([first, ...all].map((one) => one.migrator.migrateToLatest()))
    expect(results.flatMap(({ applied }) => applied)).toEqual(names)
    for (const one of [first, ...all]) await one.close()
    await remove()
  })
})

describe('the migrator on a file', () => {
  it('keeps a copy of what was there before it changes it', async () => {
    const file = newFile()
    const old = await openDatabase(file)
    expect((await old.migrator.migrateToLatest()).backup).toBeNull()
    await old.unitOfWork.run(({ cards }) => cards.apply(cardChanges({ meetings: [aMeeting()] })))
    await old.close()

    const newer = await openDatabase(file, { migrations: { ...migrations, '9999-extra': extra } })
    const { applied, backup } = await newer.migrator.migrateToLatest()
    await newer.close()
    expect(applied).toEqual(['9999-extra'])
    expect(backup).toBe(`${file}.before-9999-extra.bak`)

    const copy = await openDatabase(backup!)
    expect((await copy.migrator.status()).pending).toEqual([])
    const cards = await copy.unitOfWork.read(({ cards }) => cards.load([1]))
    expect(cards[0]?.meeting).toEqual(aMeeting())
    await copy.close()
  })

  it('does not put its tables into the file of another program', async () => {
    const file = newFile()
    const raw = new BetterSqlite3(file)
    raw.exec('create table theirs (id integer)')
    raw.close()
    const database = await openDatabase(file)
    await expect(database.migrator.migrateToLatest()).rejects.toMatchObject({
      code: 'not-a-database',
    })
    expect(await tableNames(database)).toEqual(['theirs'])
    await database.close()
  })

  it('works in memory', async () => {
    const database = await openDatabase(':memory:')
    await database.migrator.migrateToLatest()
    const cards = await database.unitOfWork.run(async ({ cards }) => {
      await cards.apply(cardChanges({ meetings: [aMeeting()] }))
      return cards.list()
    })
    expect(cards).toEqual([aMeeting()])
    expect(existsSync(':memory:')).toBe(false)
    await database.close()
  })
})
