import { randomUUID } from 'node:crypto'
import { mkdirSync, openSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, inject, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { mapDatabaseError, withoutPassword } from '../../src/db/map-database-error.ts'
import { DatabaseError } from '../../src/errors.ts'
import { aMeeting, aStarter, aRace, cardChanges } from '../contract/rows.ts'
import { createTestDatabase, openTestDatabase } from '../support/database.ts'

const newFile = (): string => join(inject('testRoot'), `${randomUUID()}.db`)

describe('opening a database that cannot be used', () => {
  it('names a folder that is missing', async () => {
    const folder = join(inject('testRoot'), 'no', 'such')
    await expect(openDatabase(join(folder, 'h.db'))).rejects.toMatchObject({
      code: 'missing-folder',
      exitCode: 1,
      message: expect.stringContaining(folder) as string,
    })
  })

  it('tells a folder from a database', async () => {
    const folder = newFile()
    mkdirSync(folder)
    await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'not-a-database' })
  })

  it('refuses a file that is something else, and does not touch it', async () => {
    const file = newFile()
    writeFileSync(file, 'Dear diary, '.repeat(1_000))
    const { size } = statSync(file)
    await expect(openDatabase(file)).rejects.toMatchObject({
      code: 'not-a-database',
      hint: expect.stringContaining('--db') as string,
    })
    await expect(openDatabase(file, { readOnly: true })).rejects.toMatchObject({
      code: 'not-a-database',
    })
    expect(statSync(file).size).toBe(size)
  })

  it('says that a place cannot be written', async () => {
    // Not even root makes files there.
    await expect(openDatabase('/proc/harness.db')).rejects.toMatchObject({ code: 'unwritable' })
  })

  it('does not create a file that is only to be read', async () => {
    await expect(openDatabase(newFile(), { readOnly: true })).rejects.toMatchObject({
      code: 'missing',
    })
  })

  it('says that a server is not there, without its password', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const opened = openDatabase(`postgres://me:s3cret@127.0.0.1:${port}/racing`)
    await expect(opened).rejects.toMatchObject({ code: 'unreachable', exitCode: 1 })
    const error = (await opened.catch((reason: unknown) => reason)) as DatabaseError
    expect(`${error.message} ${error.hint ?? ''}`).not.toContain('s3cret')
    expect(error.message).toContain(`127.0.0.1:${port}`)
  })

  it('says that a server refuses the password or the database', async () => {
    const { target, remove } = await createTestDatabase('postgres')
    const wrongPassword = new URL(target)
    // A server that trusts everybody it knows still does not know this one.
    wrongPassword.username = 'nobody_of_ours'
    wrongPassword.password = 'wr0ng'
    await expect(openDatabase(wrongPassword.toString())).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.not.stringContaining('wr0ng') as string,
    })
    const wrongDatabase = new URL(target)
    wrongDatabase.pathname = '/no_such_database'
    await expect(openDatabase(wrongDatabase.toString())).rejects.toMatchObject({
      code: 'unreachable',
    })
    await remove()
  })
})

describe('a database that fails while it is used', () => {
  it('loses nothing that was there when the disk is full', async () => {
    const file = newFile()
    const database = await openDatabase(file, { maxPageCount: 120 })
    await database.migrator.migrateToLatest()
    const { unitOfWork } = database
    await unitOfWork.run(({ cards }) => cards.apply(cardChanges({ meetings: [aMeeting()] })))
    const starters = Array.from({ length: 5_000 }, (_, i) => aStarter({ id: i + 1 }))
    await expect(
      unitOfWork.run(({ cards }) => cards.apply(cardChanges({ races: [aRace()], starters }))),
    ).rejects.toMatchObject({ code: 'disk-full', exitCode: 1 })
    await unitOfWork.run(({ cards }) =>
      cards.apply(cardChanges({ meetings: [aMeeting({ id: 2 })] })),
    )
    const cards = await unitOfWork.read(({ cards }) => cards.load([1, 2]))
    expect(cards.map(({ races }) => races.length)).toEqual([0, 0])
    await database.close()
  })

  it('writes nothing that was opened to be read', async () => {
    const { target, remove } = await createTestDatabase('sqlite')
    const database = await openDatabase(target, { readOnly: true })
    expect(await database.unitOfWork.read(({ cards }) => cards.list())).toEqual([])
    await expect(
      database.unitOfWork.run(({ cards }) => cards.apply(cardChanges({ meetings: [aMeeting()] }))),
    ).rejects.toMatchObject({ code: 'unwritable' })
    await database.close()
    await remove()
  })

  it('says that a file is damaged', async () => {
    const file = newFile()
    const database = await openDatabase(file)
    await database.migrator.migrateToLatest()
    await database.unitOfWork.run(({ cards }) =>
      cards.apply(cardChanges({ meetings: [aMeeting()] })),
    )
    await database.close()
    const pages = statSync(file).size / 4096
    const handle = openSync(file, 'r+')
    for (let page = 1; page < pages; page++) {
      writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
    }
    closeSync(handle)
    await expect(openDatabase(file)).rejects.toMatchObject({
      code: 'corrupt',
      hint: expect.stringContaining('restore') as string,
    })
  })

  it('stops waiting for another process when it is told to', async () => {
    const stop = new AbortController()
    const database = await openTestDatabase('sqlite', { signal: stop.signal })
    const other = new BetterSqlite3(database.target)
    other.exec('begin immediate')
    const waiting = database.unitOfWork.run(async () => 'never')
    setTimeout(() => stop.abort(), 20)
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
    other.close()
    await database.close()
  })
})

describe('mapDatabaseError', () => {
  const thrown = (message: string, code?: string): Error =>
    Object.assign(new Error(message), code === undefined ? {} : { code })

  it.each([
    [thrown('database is locked', 'SQLITE_BUSY'), 'busy'],
    [thrown('database is locked', 'SQLITE_BUSY_SNAPSHOT'), 'busy'],
    [thrown('malformed', 'SQLITE_CORRUPT_VTAB'), 'corrupt'],
    [thrown('readonly', 'SQLITE_READONLY_DIRECTORY'), 'unwritable'],
    [thrown('disk I/O error', 'SQLITE_IOERR_WRITE'), 'io'],
    [
      thrown('was compiled against a different Node.js version', 'ERR_DLOPEN_FAILED'),
      'native-module',
    ],
    [thrown('Could not locate the bindings file. Tried: …'), 'native-module'],
    [thrown('could not extend file', '53100'), 'disk-full'],
    [thrown('canceling statement due to lock timeout', '55P03'), 'busy'],
    [thrown('terminating connection', '57P01'), 'unreachable'],
    [thrown('Connection terminated unexpectedly'), 'unreachable'],
    [new AggregateError([thrown('connect', 'ECONNREFUSED')]), 'unreachable'],
  ])('explains %s as %s', (error, code) => {
    const mapped = mapDatabaseError(error, 'postgres://u:p4ss@db.example/racing')
    expect(mapped).toBeInstanceOf(DatabaseError)
    expect(mapped).toMatchObject({ code, cause: error })
    expect((mapped as DatabaseError).hint).toBeTruthy()
    expect((mapped as DatabaseError).message).not.toContain('p4ss')
  })

  it('takes a failed backup for what it is, and a missing page for none of its business', () => {
    expect(mapDatabaseError(thrown('no space', 'ENOSPC'), 'h.db')).toMatchObject({
      code: 'disk-full',
    })
    expect(mapDatabaseError(thrown('denied', 'EACCES'), 'h.db')).toMatchObject({
      code: 'unwritable',
    })
    const missing = thrown('no such file', 'ENOENT')
    expect(mapDatabaseError(missing, 'h.db')).toBe(missing)
  })

  it('leaves other errors as they are', () => {
    const bug = new TypeError('undefined is not a function')
    const constraint = thrown('FOREIGN KEY constraint failed', 'SQLITE_CONSTRAINT_FOREIGNKEY')
    expect(mapDatabaseError(bug, 'h.db')).toBe(bug)
    expect(mapDatabaseError(constraint, 'h.db')).toBe(constraint)
    expect(mapDatabaseError('text', 'h.db')).toBe('text')
  })

  it.each([
    ['postgres://u:p@h/d', 'postgres://u:***@h/d'],
    ['postgresql://u@h/d?password=p', 'postgresql://u@h/d?password=***'],
    ['postgres://u:p@[bad', 'the Postgres database'],
    ['/home/me/h.db', '/home/me/h.db'],
  ])('shows %s as %s', (target, shown) => {
    expect(withoutPassword(target)).toBe(shown)
  })
})
