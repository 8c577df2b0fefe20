import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, inject, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { aMeeting, cardChanges } from '../contract/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import { root, scratchFolder } from '../support/run-cli.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The blocks of commands below a heading of the README, as they stand there. */
function blocksOf(heading: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines = '']) => lines)
}

/** A machine: a home, and the program by its name. */
class Machine {
  readonly home = scratchFolder()

  constructor() {
    mkdirSync(join(this.home, 'bin'))
    const program = join(this.home, 'bin/harness')
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${root}/bin/run.js "$@"\n`)
    chmodSync(program, 0o755)
  }

  get database(): string {
    return join(this.home, '.local/share/harness/harness.db')
  }

  /** Runs a block as a shell does, up to the first command that fails. */
  async run(block: string): Promise<string> {
    const PATH = `${join(this.home, 'bin')}:${process.env['PATH'] ?? ''}`
    const env = { PATH, HOME: this.home }
    const { stdout } = await promisify(execFile)('sh', ['-ec', block], { env, cwd: this.home })
    return stdout
  }
}

const old = new Machine()
const document = Buffer.from('what TAB said')

beforeAll(async () => {
  expect(inject('buildFailure')).toBe('')
  await old.run('harness db migrate')
  const database = await openDatabase(old.database)
  await database.unitOfWork.run(async ({ cards, ids, archive }) => {
    const { meeting: id } = await ids.allocate({ meeting: 1 })
    await cards.apply(cardChanges({ meetings: [aMeeting({ id, venue: 'Weka Park' })] }))
    await archive.put(
      {
        source: 'tab_api',
        kind: 'event',
        url: 'https://tab.invalid/1',
        hash: createHash('sha256').update(document).digest('hex'),
        contentType: null,
        etag: null,
        lastModified: null,
        httpStatus: 200,
        date: '2026-03-06',
        label: null,
        fetchedAt: '2026-03-06T00:00:00.000Z',
      },
      document,
    )
  })
  await database.close()
  await old.run('harness db archive --before 2026-04-01')
})

/** `db check` finds what the one row above is: a meeting that nobody tells of. */
const withoutCheck = (block: string): string =>
  block.replaceAll(/^harness db check$/gm, 'harness db check || test $? = 1')

it('the README’s steps for a new machine bring everything over', async () => {
  const [takeAway, bringIn] = blocksOf('A new machine')
  const backups = scratchFolder()
  const here = (block = '') => withoutCheck(block).replaceAll('/backups', backups)
  expect(await old.run(here(takeAway))).toContain('not in it: the archive')
  // The archive must not be found where it was.
  renameSync(old.home, `${old.home}-switched-off`)
  const fresh = new Machine()
  const told = await fresh
    .run(here(bringIn))
    .finally(() => renameSync(`${old.home}-switched-off`, old.home))
  expect(told).toMatch(/meetings +1\n/)
  expect(told).not.toContain('archive-')
  const database = await openDatabase(fresh.database, { readOnly: true })
  const bytes = await database.unitOfWork.read(({ archive }) => archive.bytes(1))
  expect(Buffer.from(bytes ?? []).toString()).toBe('what TAB said')
  await database.close()
  const config = join(fresh.home, '.config/harness/config.json')
  expect(readFileSync(config, 'utf8')).toContain('you@example.org')
}, 60_000)

it('the README’s steps to Postgres and back keep every digest', async () => {
  const blocks = blocksOf('Postgres').filter((block) => block.includes('db copy'))
  const [there, back] = blocks
  const { target: url, remove } = await createTestDatabase('postgres')
  const here = (block = '') => withoutCheck(block).replaceAll('postgres://user@host/database', url)
  const tables = (text: string) => [...text.matchAll(/^\w+ +\d+ +[0-9a-f]{16}$/gm)].map(String)
  const toServer = await old.run(here(there))
  expect(toServer).toContain('the copy reads it from there as well')
  expect(tables(toServer).length).toBeGreaterThan(20)
  // `db check` on the server reads the archive.
  expect(toServer).not.toContain('archive-')
  const toFile = await old.run(here(back))
  expect(tables(toFile)).toEqual(tables(toServer))
  expect(toFile).toMatch(/harness-back\.db/)
  expect(toFile).toMatch(/meetings +1\n/)
  expect(existsSync(join(old.home, 'harness-back.db'))).toBe(true)
  await remove()
}, 60_000)
