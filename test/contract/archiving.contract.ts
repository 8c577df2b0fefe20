import { createHash } from 'node:crypto'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveHistory, moveArchive, previewArchive } from '../../src/app/care/archive-history.ts'
import { checkDatabase } from '../../src/app/care/check-database.ts'
import type { OddsSnapshot } from '../../src/domain/capture/plan-market.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { SqliteDatabase } from '../../src/db/sqlite-library.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { scratchFolder } from '../support/run-cli.ts'

const now = Date.parse('2026-05-01T00:00:00.000Z')

export function archivingContract(dialect: TestDialect): void {
  describe('an archive', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    let to: string
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
      to = join(scratchFolder(), 'old.archive.db')
    })
    afterEach(() => database.close())

    const deps = () => ({ ...quietDeps(database, now), archives: database.archives })
    const archive = (before = '2026-03-01', file: string | null = to) =>
      archiveHistory(deps(), { before, to: file })
    const put = (url: string, date: string | null, text: string, kind = 'results') =>
      database.unitOfWork.run(async ({ archive: documents }) => {
        const bytes = Buffer.from(text)
        const { id } = await documents.put(aDocument({ url, date, kind, bytes }), bytes)
        return id
      })
    const read = (id: number) =>
      database.unitOfWork.read(async ({ archive: documents }) => ({
        text: Buffer.from((await documents.bytes(id)) ?? []).toString(),
        archivedIn: (await documents.get([id]))[0]?.archivedIn,
      }))
    const prices = (history: boolean) =>
      database.unitOfWork.read(async ({ market }) =>
        (await market.load(['e1'], { history })).odds.toSorted((a, b) =>
          a.firstSeen < b.firstSeen ? -1 : 1,
        ),
      )
    const addPrices = (...odds: OddsSnapshot[]) =>
      database.unitOfWork.run(({ market }) =>
        market.apply({
          odds,
          entrants: [{ entrantId: 'a', eventId: 'e1', number: 4 }],
          dividends: [],
          replaceDividends: [],
          pools: [],
          startTimes: [],
          scratchings: [],
          protests: [],
          pastStarts: [],
        }),
      )
    const register = (url: string, date: string | null, state: 'due' | 'failed' | 'final') =>
      database.unitOfWork.run(async ({ pages }) => {
        const place = { club: null, clubNumber: null, venue: null }
        const about = { source: 'hrnz_scraper' as const, kind: 'results', dueAt: null, reason: '' }
        await pages.register([{ ...about, ...place, url, date }])
        const [page] = await pages.findByUrls('hrnz_scraper', [url])
        await pages.update([{ ...page!, state }])
      })

    it('takes old bodies over, told by each other or not, and gives them back', async () => {
      const first = await put('race', '2026-02-01', `${card} one`)
      const second = await put('race', '2026-02-01', `two ${card}`)
      const recent = await put('other', '2026-03-01', 'recent')
      const told = await sql`select 1 from documents where base_id is not null`.execute(database.db)
      expect(told.rows).toHaveLength(1)
      expect(await previewArchive(deps(), { before: '2026-03-01', to })).toMatchObject({
        documents: 2,
        file: to,
      })
      expect(await archive()).toMatchObject({ documents: 2, prices: 0, warnings: [] })
      expect(await read(first)).toEqual({ text: `${card} one`, archivedIn: to })
      expect(await read(second)).toEqual({ text: `two ${card}`, archivedIn: to })
      expect(await read(recent)).toEqual({ text: 'recent', archivedIn: null })
      expect(await archive()).toMatchObject({ documents: 0 })
      expect((await database.care.sizes()).archives).toEqual([
        { file: to, bytes: expect.toSatisfy((bytes: number) => bytes > 1_000) },
      ])
      // New bytes of the address, and old ones again.
      const third = await put('race', '2026-02-01', `three ${card}`)
      expect(await put('race', '2026-02-01', `${card} one`)).toBe(first)
      expect((await read(third)).text).toBe(`three ${card}`)
      expect(await checkDatabase({ ...deps(), care: database.care })).toEqual([])
    })

    it('leaves alone what is still read, and what other bodies that stay are told by', async () => {
      const due = await put('due', '2026-02-01', 'due')
      const failed = await put('failed', '2026-02-01', 'failed')
      const settled = await put('settled', '2026-02-01', 'settled')
      const list = await put('list', null, 'list', 'index')
      const lastYear = await put('name used again', '2025-02-01', `${card} last year`)
      const thisYear = await put('name used again', '2026-03-05', `${card} this year`)
      await register('due', '2026-02-01', 'due')
      await register('failed', '2026-02-01', 'failed')
      await register('settled', '2026-02-01', 'final')
      await register('list', null, 'final')
      const { open } = await previewArchive(deps(), { before: '2026-04-15', to })
      expect(open).toBe(3)
      const soon = await previewArchive(deps(), { before: '2026-03-01', to })
      expect(soon.documents).toBe(1)
      expect(await archive()).toMatchObject({ documents: 1 })
      const places = []
      for (const id of [due, failed, settled, list, lastYear, thisYear])
        places.push((await read(id)).archivedIn)
      expect(places).toEqual([null, null, to, null, null, null])
      expect(await archive('2026-04-15')).toMatchObject({ documents: 2 })
    })

    it('takes old prices over, but for the last of each runner', async () => {
      const all = [price('2026-02-01', 250), price('2026-02-02', 260), price('2026-02-03', 300)]
      await addPrices(...all)
      expect(await archive('2026-02-03')).toMatchObject({ prices: 2 })
      expect(await prices(true)).toEqual(all)
      expect(await prices(false)).toEqual([all[2]])
      expect((await sql`select 1 from odds`.execute(database.db)).rows).toHaveLength(1)
      // Seen for longer, as a later reading of the same body may say.
      const longer = { ...all[0]!, lastSeen: '2026-02-01T03:00:00.000Z' }
      await addPrices(longer)
      expect(await prices(true)).toEqual([longer, all[1], all[2]])
      expect(await archive('2026-02-03')).toMatchObject({ prices: 1 })
      expect(await prices(true)).toEqual([longer, all[1], all[2]])
    })

    it('does not let go of a price that was seen again since it was taken over', async () => {
      const all = [price('2026-02-01', 250), price('2026-02-02', 260)]
      await addPrices(...all)
      const cut = { date: '2026-03-01', instant: '2026-02-28T11:00:00.000Z' }
      const longer = { ...all[0]!, lastSeen: '2026-02-01T03:00:00.000Z' }
      const { unitOfWork } = database
      const taken = await unitOfWork.read(({ archiving }) => archiving.nextPrices(cut, 0))
      await addPrices(longer)
      const released = await unitOfWork.run(async ({ archiving }) => {
        const id = await archiving.register({ file: to, key: 'k', at: cut.instant })
        return await archiving.releasePrices(taken, cut, id)
      })
      expect([taken.length, released]).toEqual([1, 0])
      expect(await prices(true)).toEqual([longer, all[1]])
    })

    it('that does not keep the prices it is given does not get them', async () => {
      const all = [price('2026-02-01', 250), price('2026-02-02', 260)]
      await addPrices(...all)
      const writer = await database.archives.open(to)
      await writer.close()
      const raw = new SqliteDatabase(to)
      raw.exec(
        'create trigger forgetful before insert on odds_snapshots begin select raise(ignore); end',
      )
      raw.close()
      await expect(archive()).rejects.toMatchObject({ code: 'archive-damaged' })
      expect(await prices(true)).toEqual(all)
    })

    it('is found again where it is said to be, and named where it is missing', async () => {
      const id = await put('race', '2026-02-01', 'what it said')
      await addPrices(price('2026-02-01', 250), price('2026-02-02', 260))
      await archive()
      const elsewhere = join(scratchFolder(), 'moved.db')
      renameSync(to, elsewhere)
      const again = await openDatabase(database.target)
      const lost = await again.unitOfWork
        .read(({ archive: documents }) => documents.bytes(id))
        .catch((error: unknown) => error)
      expect(lost).toMatchObject({
        code: 'archive-missing',
        message: expect.stringContaining(to),
        hint: expect.stringContaining('harness db archive --to FILE'),
      })
      const check = { ...quietDeps(again, now), care: again.care }
      expect(await checkDatabase(check)).toMatchObject([
        { check: 'archive-missing', count: 1, examples: [`${to}: 1 documents are in it`] },
      ])
      await expect(
        archiveHistory(
          { ...quietDeps(again, now), archives: again.archives },
          { before: '2026-03-01', to: null },
        ),
      ).rejects.toMatchObject({ code: 'archive-missing' })
      await moveArchive({ ...quietDeps(again, now), archives: again.archives }, elsewhere)
      const found = await again.unitOfWork.read(({ archive: documents }) => documents.bytes(id))
      expect(Buffer.from(found!).toString()).toBe('what it said')
      expect(await checkDatabase(check)).toEqual([])
      await again.close()
    })

    it('in which a body is told by itself is damaged, and not read without end', async () => {
      const id = await put('race', '2026-02-01', 'what it said')
      await archive()
      const raw = new SqliteDatabase(to)
      raw.exec('update documents set base_hash = hash')
      raw.close()
      await expect(
        database.unitOfWork.read(({ archive: documents }) => documents.bytes(id)),
      ).rejects.toMatchObject({ code: 'archive-damaged' })
    })

    it('is not taken for that of another database, nor any file for an archive', async () => {
      await put('race', '2026-02-01', 'what it said')
      await archive()
      const other = await database.archives.open(join(scratchFolder(), 'other.db'))
      await other.close()
      await expect(moveArchive(deps(), other.file)).rejects.toThrow('of another database')
      const plain = join(scratchFolder(), 'plain.db')
      const raw = new SqliteDatabase(plain)
      raw.exec('create table t (a)')
      raw.close()
      await expect(archive('2026-03-01', plain)).rejects.toThrow('not an archive')
      await expect(archive('2026-03-01', '/nowhere/a.db')).rejects.toThrow('does not exist')
      await expect(moveArchive(deps(), '/nowhere/a.db')).rejects.toThrow('there is no file')
    })

    it('does not take over bytes that are not those of their hash', async () => {
      const id = await put('race', '2026-02-01', 'what it said')
      await sql`update documents set hash = 'of something else'`.execute(database.db)
      expect(await archive()).toMatchObject({
        documents: 0,
        warnings: [{ code: 'document-unsound', subject: 'race' }],
      })
      expect((await read(id)).text).toBe('what it said')
    })

    it('is looked into by db check', async () => {
      const id = await put('race', '2026-02-01', 'what it said')
      await archive()
      const raw = new SqliteDatabase(to)
      raw.prepare('update documents set body = ?').run(Buffer.from('rubbish'))
      raw.close()
      const care = { ...deps(), care: database.care }
      expect(await checkDatabase(care)).toMatchObject([
        { check: 'archive-differs', count: 1, examples: [`document ${id} race`] },
      ])
      await expect(read(id)).rejects.toMatchObject({ code: 'archive-damaged' })
      rmSync(to)
    })
  })
}

const aDocument = (about: {
  readonly url: string
  readonly date: string | null
  readonly kind: string
  readonly bytes: Uint8Array
}) => ({
  source: 'hrnz_scraper' as const,
  kind: about.kind,
  url: about.url,
  hash: createHash('sha256').update(about.bytes).digest('hex'),
  contentType: 'text/html',
  etag: null,
  lastModified: null,
  httpStatus: 200,
  date: about.date,
  label: null,
  fetchedAt: '2026-02-01T09:00:00.000Z',
})

/** Deflate alone does not make it small: it is told by another body of its address. */
const card = Array.from({ length: 800 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex'),
).join(' ')

const price = (date: string, fixedWin: number): OddsSnapshot => ({
  entrantId: 'a',
  fixedWin,
  fixedPlace: null,
  poolWin: null,
  poolPlace: 110,
  firstSeen: `${date}T01:00:00.000Z`,
  lastSeen: `${date}T02:00:00.000Z`,
})
