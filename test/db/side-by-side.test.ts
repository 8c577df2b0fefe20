import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { acquireJobLock } from '../../src/db/job-lock.ts'
import { LockBusyError } from '../../src/errors.ts'
import { aMeeting, cardChanges } from '../contract/rows.ts'
import { createTestDatabase, openTestDatabase, testDialects } from '../support/database.ts'

const run = promisify(execFile)
const writeMeetings = fileURLToPath(new URL('./write-meetings.ts', import.meta.url))
const holdJob = fileURLToPath(new URL('./hold-job.ts', import.meta.url))
const inTypeScript = ['--import', 'tsx']

describe.each(testDialects)('side by side on %s', (dialect) => {
  it('two processes that make the same meetings make each of them once', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const outputs = await Promise.all(
      [1, 2].map(() => run(process.execPath, [...inTypeScript, writeMeetings, target, '40'])),
    )
    const database = await openDatabase(target)
    const meetings = await database.unitOfWork.read(({ cards }) => cards.list())
    expect(new Set(meetings.map(({ venue }) => venue)).size).toBe(40)
    expect(meetings).toHaveLength(40)
    expect(outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(40)
    await database.close()
    await remove()
  })

  it('gives two connections that allocate at once different ids', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const [a, b] = await Promise.all([openDatabase(target), openDatabase(target)])
    const given = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? a : b).unitOfWork.run(({ ids }) => ids.allocate({ horse: 3 })),
      ),
    )
    expect(given.map(({ horse }) => horse).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 20 }, (_, i) => 1 + 3 * i),
    )
    await Promise.all([a.close(), b.close()])
    await remove()
  })

  it('reads one snapshot while another writes', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const [reader, writer] = await Promise.all([openDatabase(target), openDatabase(target)])
    const counts = await reader.unitOfWork.read(async ({ cards }) => {
      const before = await cards.list()
      await writer.unitOfWork.run((other) =>
        other.cards.apply(cardChanges({ meetings: [aMeeting()] })),
      )
      return [before.length, (await cards.list()).length]
    })
    expect(counts).toEqual([0, 0])
    expect(await reader.unitOfWork.read(({ cards }) => cards.list())).toHaveLength(1)
    await Promise.all([reader.close(), writer.close()])
    await remove()
  })

  it('undoes the whole unit when its work fails', async () => {
    const database = await openTestDatabase(dialect)
    await expect(
      database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting()] }))
        throw new Error('half-way')
      }),
    ).rejects.toThrow('half-way')
    expect(await database.unitOfWork.read(({ cards }) => cards.list())).toEqual([])
    await database.close()
  })

  it('refuses, instead of waiting for ever, what reaches around a unit from inside it', async () => {
    const database = await openTestDatabase(dialect)
    const { unitOfWork, runs, db } = database
    const reaching = [
      () => unitOfWork.run(async () => undefined),
      () => unitOfWork.read(async () => undefined),
      () => runs.latest(),
      () => db.selectFrom('meetings').selectAll().execute(),
    ]
    for (const reach of reaching) {
      await expect(unitOfWork.run(reach as () => Promise<void>)).rejects.toThrow('its own')
    }
    expect(await runs.latest()).toEqual([])
    await database.close()
  })

  it('lets one run of a job in, and others of other jobs', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const lock = await acquireJobLock(target, 'hrnz')
    await expect(acquireJobLock(target, 'hrnz')).rejects.toThrow(LockBusyError)
    await (await acquireJobLock(target, 'capture')).release()
    await lock.release()
    await (await acquireJobLock(target, 'hrnz')).release()
    await remove()
  })

  it('frees a job whose process was killed', async () => {
    const { target, remove } = await createTestDatabase(dialect)
    const holder = spawn(process.execPath, [...inTypeScript, holdJob, target, 'hrnz'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(acquireJobLock(target, 'hrnz')).rejects.toMatchObject({
      code: 'locked',
      exitCode: 4,
    })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    // The server notices a moment after the process is gone.
    await expect
      .poll(async () => (await acquireJobLock(target, 'hrnz')).release(), { timeout: 10_000 })
      .toBeUndefined()
    await remove()
  })
})

describe('side by side on a new file', () => {
  it('two processes that start at once make one database', async () => {
    const target = join(inject('testRoot'), `${randomUUID()}.db`)
    const outputs = await Promise.all(
      [1, 2].map(() => run(process.execPath, [...inTypeScript, writeMeetings, target, '5'])),
    )
    expect(outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBe(5)
  })
})
