import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { backUpFile } from '../../src/db/backup-file.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { restoreFile } from '../../src/db/restore-file.ts'
import { aMeeting, cardChanges } from '../contract/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import { scratchFolder } from '../support/run-cli.ts'

async function addMeeting(target: string, venue: string): Promise<void> {
  const database = await openDatabase(target)
  await database.unitOfWork.run(async ({ cards, ids }) => {
    const { meeting: id } = await ids.allocate({ meeting: 1 })
    await cards.apply(cardChanges({ meetings: [aMeeting({ id, venue })] }))
  })
  await database.close()
}

async function venues(target: string): Promise<string[]> {
  const database = await openDatabase(target, { readOnly: true })
  try {
    const rows = await database.db.selectFrom('meetings').select('venue').orderBy('id').execute()
    return rows.map(({ venue }) => venue)
  } finally {
    await database.close()
  }
}

let source: string
let folder: string
let file: string
beforeEach(async () => {
  ;({ target: source } = await createTestDatabase('sqlite'))
  folder = scratchFolder()
  file = join(folder, 'backup.db')
})

describe('a backup', () => {
  it('is one whole file, made while another connection writes', async () => {
    await addMeeting(source, 'Weka Park')
    const writer = await openDatabase(source)
    const { rows } = await backUpFile(source, file)
    await writer.close()
    expect(rows).toBeGreaterThan(0)
    expect(readdirSync(folder)).toEqual(['backup.db'])
    expect(await venues(file)).toEqual(['Weka Park'])
  })

  it('keeps as many as asked for, newest first', async () => {
    for (const venue of ['A', 'B', 'C', 'D']) {
      await addMeeting(source, venue)
      await backUpFile(source, file, { keep: 3 })
    }
    const names = ['backup.db', 'backup.db.1', 'backup.db.2']
    expect(readdirSync(folder).sort()).toEqual(names)
    const counts = []
    for (const name of names) counts.push((await venues(join(folder, name))).length)
    expect(counts).toEqual([4, 3, 2])
  })

  it('of a file that is no database of harness leaves an earlier backup alone', async () => {
    await backUpFile(source, file)
    const before = readFileSync(file)
    const other = join(folder, 'other.txt')
    writeFileSync(other, 'not a database at all, but long enough to be looked at'.repeat(30))
    await expect(backUpFile(other, file)).rejects.toMatchObject({ code: 'not-a-database' })
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  it('leaves another one into the same file alone, which is at work', async () => {
    await backUpFile(source, file, { keep: 3 })
    const both = [1, 2].map(() => backUpFile(source, file, { keep: 3 }))
    const ended = await Promise.allSettled(both)
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'locked', exitCode: 4 },
    })
    expect(readdirSync(folder).sort()).toEqual(['backup.db', 'backup.db.1'])
    expect(await venues(file)).toEqual([])
  })

  it('goes over what one that was killed has left', async () => {
    for (const left of ['.lock', '.part']) writeFileSync(file + left, '')
    await backUpFile(source, file)
    expect(readdirSync(folder)).toEqual(['backup.db'])
  })

  it('never goes over the database itself', async () => {
    await expect(backUpFile(source, source)).rejects.toMatchObject({ code: 'same-file' })
  })
})

describe('restoring a backup', () => {
  const stamp = '2026-03-06T00:00:00.000Z'
  const kept = (): string[] =>
    readdirSync(dirname(source)).filter((name) => name.startsWith(`${basename(source)}.before`))

  it('gives back what was, and keeps what is beside it', async () => {
    await addMeeting(source, 'Before')
    await backUpFile(source, file)
    await addMeeting(source, 'After')
    const { before } = await restoreFile(file, source, stamp)
    expect(await venues(source)).toEqual(['Before'])
    expect(await venues(before!)).toEqual(['Before', 'After'])
  })

  it('takes the place of a damaged file with its log', async () => {
    await addMeeting(source, 'Before')
    await backUpFile(source, file)
    writeFileSync(source, Buffer.alloc(8192, 7))
    writeFileSync(`${source}-wal`, 'a log of the damaged file')
    await restoreFile(file, source, stamp)
    expect(await venues(source)).toEqual(['Before'])
    expect(readFileSync(join(dirname(source), kept()[0]!)).subarray(0, 3)).toEqual(
      Buffer.alloc(3, 7),
    )
  })

  it('waits for nobody: a database that is in use stays as it is', async () => {
    await backUpFile(source, file)
    const user = await openDatabase(source)
    await user.db.selectFrom('meetings').select('id').execute()
    await expect(restoreFile(file, source, stamp)).rejects.toMatchObject({ exitCode: 4 })
    await user.close()
    expect(kept()).toEqual([])
    expect(existsSync(`${source}.restoring`)).toBe(false)
  }, 15_000)

  it('makes a database where there was none', async () => {
    await addMeeting(source, 'Before')
    await backUpFile(source, file)
    const place = join(folder, 'new.db')
    expect(await restoreFile(file, place, stamp)).toMatchObject({ before: null })
    expect(await venues(place)).toEqual(['Before'])
  })
})
