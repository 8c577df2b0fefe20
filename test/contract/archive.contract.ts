import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Page } from '../../src/repositories/pages.ts'
import type { Repositories } from '../../src/repositories/repositories.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'

export function archiveContract(dialect: TestDialect): void {
  describe('archive and queue', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    const run = <T>(work: (repositories: Repositories) => Promise<T>) =>
      database.unitOfWork.run(work)
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    it('tells a body by an earlier one of its address, which stays for as long as it is needed', async () => {
      const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i * 31) % 251))
      const body = (n: number) => Buffer.concat([Buffer.from(`body ${n}`), noise])
      const put = (n: number) =>
        run(({ archive }) => archive.put(aDocument({ hash: String(n) }), body(n)))
      const [first, second, third] = [await put(1), await put(2), await put(3)]
      const { rows } = await sql<{ size: number }>`
        select length(body) as size from documents order by id`.execute(database.db)
      expect(Number(rows[2]!.size)).toBeLessThan(Number(rows[0]!.size) / 2)
      await run(({ archive }) => archive.remove([first.id, second.id]))
      const left = await run(async ({ archive }) => ({
        ids: (await archive.list({})).map(({ id }) => id),
        bytes: await archive.bytes(third.id),
      }))
      expect(left.ids).toEqual([first.id, third.id])
      expect(Buffer.compare(left.bytes!, body(3))).toBe(0)
      await run(({ archive }) => archive.remove([first.id, third.id]))
      expect(await run(({ archive }) => archive.list({}))).toEqual([])
    })

    it('keeps bytes exactly, and the same bytes of a page once', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256)
      const found = await run(async ({ archive }) => {
        const first = await archive.put(aDocument(), bytes)
        const again = await archive.put(aDocument({ fetchedAt: later }), bytes)
        const other = await archive.put(aDocument({ hash: 'other' }), new Uint8Array())
        return {
          first,
          again,
          other,
          documents: await archive.get([first.id]),
          bytes: await archive.bytes(first.id),
          empty: await archive.bytes(other.id),
          missing: await archive.bytes(999),
        }
      })
      expect(found.first.isNew).toBe(true)
      expect(found.again).toEqual({ id: found.first.id, isNew: false })
      expect(found.other.isNew).toBe(true)
      expect(found.documents).toEqual([
        { ...aDocument(), id: found.first.id, size: 70_000, lastSeenAt: later, archivedIn: null },
      ])
      expect(Buffer.compare(found.bytes!, bytes)).toBe(0)
      expect(found.empty?.byteLength).toBe(0)
      expect(found.missing).toBeUndefined()
    })

    it('lists documents as they were fetched, by source, kind, url and date', async () => {
      const lists = await run(async ({ archive }) => {
        await archive.put(aDocument({ hash: '1', fetchedAt: later }), new Uint8Array([1]))
        await archive.put(aDocument({ hash: '2' }), new Uint8Array([2]))
        await archive.put(
          aDocument({ source: 'tab_api', kind: 'event', url: 'u', date: null }),
          new Uint8Array([3]),
        )
        const hashes = async (filter: Parameters<typeof archive.list>[0]) =>
          (await archive.list(filter)).map(({ hash }) => hash)
        return [
          await hashes({ source: 'hrnz_scraper' }),
          await hashes({ kind: 'event' }),
          await hashes({ url: 'u' }),
          await hashes({ range: { from: '2026-03-06', to: '2026-03-06' } }),
          await hashes({ range: { from: '2026-03-07', to: '2026-03-09' } }),
        ]
      })
      expect(lists).toEqual([['2', '1'], ['hash'], ['hash'], ['2', '1'], []])
    })

    it('removes documents with what was noted about them', async () => {
      const { left, issues, page } = await run(async ({ archive, issues, pages }) => {
        const { id } = await archive.put(aDocument(), new Uint8Array([1]))
        await issues.replace({ documentId: id, source: 'tab_api', date: null, at: later }, [
          { code: 'c', subject: 'meeting', message: 'm' },
        ])
        await pages.register([aPage()])
        const [page] = await pages.findByUrls('hrnz_scraper', [aPage().url])
        await pages.update([{ ...page!, documentId: id }])
        await archive.remove([id])
        return {
          left: await archive.get([id]),
          issues: await issues.countByCode(),
          page: (await pages.list({}))[0],
        }
      })
      expect(left).toEqual([])
      expect(issues).toEqual([])
      expect(page?.documentId).toBeNull()
    })

    it('registers a page once and leaves a known one as it is', async () => {
      const { counts, page } = await run(async ({ pages }) => {
        const first = await pages.register([aPage(), aPage(), aPage({ url: 'b' })])
        const second = await pages.register([aPage({ venue: 'Elsewhere' }), aPage({ url: 'c' })])
        return {
          counts: [first, second],
          page: (await pages.findByUrls('hrnz_scraper', [aPage().url, 'none']))[0],
        }
      })
      expect(counts).toEqual([2, 1])
      expect(page).toMatchObject({ ...aPage(), state: 'due', attempts: 0, documentId: null })
    })

    it('gives due pages, oldest first, within range and limit', async () => {
      const due = await run(async ({ pages }) => {
        await pages.register([
          aPage({ url: 'late', dueAt: later }),
          aPage({ url: 'early', dueAt: '2026-03-06T01:00:00.000Z' }),
          aPage({ url: 'never', dueAt: null }),
          aPage({ url: 'failed', dueAt: '2026-03-06T02:00:00.000Z' }),
          aPage({ url: 'final', dueAt: '2026-03-06T01:00:00.000Z' }),
          aPage({ url: 'other day', dueAt: '2026-03-06T01:00:00.000Z', date: '2026-01-01' }),
          aPage({ url: 'other kind', kind: 'month', dueAt: '2026-03-06T01:00:00.000Z' }),
        ])
        const known = await pages.findByUrls('hrnz_scraper', ['failed', 'final'])
        await pages.update(
          known.map((page): Page => ({
            ...page,
            state: page.url === 'final' ? 'final' : 'failed',
            attempts: 1,
            errorCode: 'source-unavailable',
            lastFetchedAt: later,
            etag: '"e"',
          })),
        )
        const filter = {
          source: 'hrnz_scraper' as const,
          kind: 'results',
          now: '2026-03-06T03:00:00.000Z',
        }
        const march = { from: '2026-03-01', to: '2026-03-31' }
        return {
          all: await pages.due(filter, 10),
          inMarch: await pages.due({ ...filter, range: march }, 10),
          one: await pages.due({ ...filter, range: march }, 1),
        }
      })
      const urls = (pages: Page[]) => pages.map(({ url }) => url)
      expect(urls(due.all)).toEqual(['early', 'other day', 'failed'])
      expect(urls(due.inMarch)).toEqual(['early', 'failed'])
      expect(urls(due.one)).toEqual(['early'])
      expect(due.inMarch[1]).toMatchObject({ state: 'failed', etag: '"e"', lastFetchedAt: later })
    })

    it('lists and counts pages', async () => {
      const { listed, counts } = await run(async ({ pages }) => {
        await pages.register([
          aPage({ url: 'b', date: '2026-03-09', dueAt: '2026-04-01T00:00:00.000Z' }),
          aPage({ url: 'a', dueAt: '2026-03-01T00:00:00.000Z' }),
          aPage({ url: 'index', kind: 'index', date: null, dueAt: null }),
          aPage({ url: 't', source: 'tab_api', kind: 'event', dueAt: null }),
        ])
        return {
          listed: await pages.list({ source: 'hrnz_scraper' }),
          counts: await pages.counts('2026-03-10T00:00:00.000Z'),
        }
      })
      expect(listed.map(({ url }) => url)).toEqual(['index', 'a', 'b'])
      expect(counts).toEqual([
        { source: 'hrnz_scraper', kind: 'index', state: 'due', count: 1, due: 0 },
        { source: 'hrnz_scraper', kind: 'results', state: 'due', count: 2, due: 1 },
        { source: 'tab_api', kind: 'event', state: 'due', count: 1, due: 0 },
      ])
    })

    it('keeps one alias for a text and a first day', async () => {
      const alias = {
        source: 'tab_api' as const,
        kind: 'venue' as const,
        text: 'Karaka (H)',
        venue: 'karaka',
        validFrom: null,
        validTo: null,
      }
      const { all, removed, left } = await run(async ({ aliases }) => {
        await aliases.add(alias)
        await aliases.add({ ...alias, venue: 'karaka flats' })
        await aliases.add({ ...alias, validFrom: '2026-01-01', validTo: '2026-12-31' })
        await aliases.add({ ...alias, kind: 'club' })
        const all = await aliases.all()
        return { all, removed: await aliases.remove(alias), left: await aliases.all() }
      })
      expect(all.map(({ venue, validFrom }) => [venue, validFrom])).toEqual([
        ['karaka flats', null],
        ['karaka', '2026-01-01'],
        ['karaka', null],
      ])
      expect(removed).toBe(2)
      expect(left.map(({ kind }) => kind)).toEqual(['club'])
    })

    it('settles the issues of some codes: what is there stays, what is not said any more goes', async () => {
      const of = (code: string, excerpt?: string) => ({
        ...{ code, subject: 'R1', message: 'odd' },
        ...(excerpt === undefined ? {} : { excerpt }),
      })
      const seen = await run(async ({ archive, issues }) => {
        const { id } = await archive.put(aDocument({ kind: 'stewards' }), new Uint8Array([1]))
        const about = { documentId: id, source: 'hrnz_scraper' as const, date: '2026-03-06' }
        await issues.replace({ ...about, at: later }, [of('other')])
        const settle = (...now: ReturnType<typeof of>[]) =>
          issues.settle(
            ['derived'],
            [about],
            now.map((issue) => ({ documentId: id, issue })),
            later,
          )
        return [
          await settle(of('derived', 'a'), of('derived')),
          await settle(of('derived', 'a'), of('derived', 'b')),
          await settle(of('derived', 'a'), of('derived', 'b')),
          await issues.countByCode(),
          await settle(),
          await issues.countByCode(),
          await issues.settle(
            ['derived'],
            [{ ...about, documentId: 999 }],
            [{ documentId: 999, issue: of('derived') }],
            later,
          ),
        ]
      })
      expect(seen).toEqual([
        [of('derived', 'a'), of('derived')],
        [of('derived', 'b')],
        [],
        [
          { code: 'derived', count: 2 },
          { code: 'other', count: 1 },
        ],
        [],
        [{ code: 'other', count: 1 }],
        // That copy is gone.
        [],
      ])
    })

    it('replaces what is on record about a document, and counts it by code', async () => {
      const counts = await run(async ({ archive, issues }) => {
        const { id } = await archive.put(aDocument(), new Uint8Array([1]))
        const about = {
          documentId: id,
          source: 'hrnz_scraper' as const,
          date: '2026-03-06',
          at: later,
        }
        const issue = { code: 'unknown-placing', subject: 'R4/7', message: 'm' }
        await issues.replace(about, [{ ...issue, code: 'gone' }])
        await issues.replace(about, [
          issue,
          { ...issue, excerpt: 'x'.repeat(300) },
          { ...issue, code: 'b' },
        ])
        return issues.countByCode()
      })
      expect(counts).toEqual([
        { code: 'unknown-placing', count: 2 },
        { code: 'b', count: 1 },
      ])
    })
  })
}

const later = '2026-03-06T12:00:00.000Z'

const aDocument = (over: Partial<Parameters<Repositories['archive']['put']>[0]> = {}) => ({
  source: 'hrnz_scraper' as const,
  kind: 'results',
  url: 'https://example.test/Data/1.htm',
  hash: 'hash',
  contentType: 'text/html',
  etag: '"abc"',
  lastModified: 'Fri, 06 Mar 2026 09:00:00 GMT',
  httpStatus: 200,
  date: '2026-03-06',
  label: null,
  fetchedAt: '2026-03-06T09:00:00.000Z',
  ...over,
})

const aPage = (over: Partial<Parameters<Repositories['pages']['register']>[0][number]> = {}) => ({
  source: 'hrnz_scraper' as const,
  kind: 'results',
  url: 'https://example.test/Data/1.htm',
  date: '2026-03-06',
  club: 'Karaka Flats Trotting Club',
  clubNumber: '12',
  venue: null,
  dueAt: '2026-03-06T09:00:00.000Z',
  reason: 'never read',
  ...over,
})
