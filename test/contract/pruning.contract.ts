import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PruneCut } from '../../src/repositories/pruning.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'

const cut: PruneCut = { instant: '2026-03-01T00:00:00.000Z', date: '2026-03-01' }
const old = '2026-02-01T00:00:00.000Z'
const recent = '2026-03-02T00:00:00.000Z'

export function pruningContract(dialect: TestDialect): void {
  describe('pruning', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    const put = (
      url: string,
      over: { kind?: string; source?: 'tab_api'; fetchedAt?: string } = {},
    ) =>
      database.unitOfWork.run(async ({ archive }) => {
        const document = {
          source: 'hrnz_scraper' as const,
          kind: 'results',
          url,
          hash: url,
          contentType: null,
          etag: null,
          lastModified: null,
          httpStatus: 200,
          date: '2026-01-01',
          label: null,
          fetchedAt: old,
          ...over,
        }
        return (await archive.put(document, Buffer.from(url))).id
      })

    it('leaves alone what is young, of another kind, from TAB, in an archive, or named by a row', async () => {
      const spare = await put('spare')
      const named = await put('named')
      const others = [
        await put('young', { fetchedAt: recent }),
        await put('horse', { kind: 'horse' }),
        await put('tab', { source: 'tab_api' }),
      ]
      const ofHorse = await put('told of a horse')
      await sql`insert into horse_facts (scheme, value, name, document_id)
        values ('hrnz', '1', 'Brinmoor Gumboot', ${ofHorse})`.execute(database.db)
      const archived = await put('archived')
      await database.unitOfWork.run(async ({ archiving }) => {
        const id = await archiving.register({ file: '/a.db', key: 'k', at: old })
        await archiving.releaseDocuments([archived], id)
      })
      await database.unitOfWork.run(async ({ pages }) => {
        const place = { date: null, club: null, clubNumber: null, venue: null }
        const about = { source: 'hrnz_scraper' as const, kind: 'results', dueAt: null, reason: '' }
        await pages.register([{ ...about, ...place, url: 'named' }])
        const [page] = await pages.findByUrls('hrnz_scraper', ['named'])
        await pages.update([{ ...page!, documentId: named }])
      })
      const found = await database.unitOfWork.run(async ({ pruning }) => ({
        spare: (await pruning.unreferenced(['results'], cut)).map(({ id }) => id),
        // One that was named since it was chosen, and one that was never there.
        removed: await pruning.removeDocuments([spare, named, ofHorse, archived, 999], cut),
      }))
      expect(found.spare).toEqual([spare])
      expect(found.removed.documents).toBe(1)
      expect(found.removed.bytes).toBeGreaterThan(0)
      const left = await database.unitOfWork.read(({ archive }) => archive.list({}))
      expect(left.map(({ id }) => id).sort()).toEqual([named, ofHorse, archived, ...others].sort())
    })

    it('forgets old runs but for the latest of each command and way to end', async () => {
      const { runs } = database
      const run = async (command: string, ended: string | null, exitCode = 0) => {
        const id = await runs.start({
          command,
          argv: '',
          version: '1',
          host: 'h',
          pid: 1,
          startedAt: old,
        })
        if (ended !== null)
          await runs.finish(id, { endedAt: ended, exitCode, outcome: '', counters: '{}' })
        return id
      }
      await run('scrape', old)
      const scrape = await run('scrape', old)
      const died = await run('scrape', null)
      const capture = await run('capture', recent)
      const latest = await run('capture', recent)
      const only = await run('nightly', old)
      // When a backup last went well is what the alert about it goes by.
      const success = await run('db backup', old)
      await run('db backup', old, 1)
      const failure = await run('db backup', old, 1)
      const forgotten = await database.unitOfWork.run(({ pruning }) => pruning.forgetRuns(cut))
      expect(forgotten).toBe(2)
      const left = await database.db.selectFrom('runs').select('id').orderBy('id').execute()
      expect(left.map(({ id }) => id)).toEqual([
        scrape,
        died,
        capture,
        latest,
        only,
        success,
        failure,
      ])
      const backups = (await runs.history()).find(({ command }) => command === 'db backup')
      expect(backups?.lastSuccess).toBe(old)
    })

    it('forgets response times of days before', async () => {
      const row = { host: 'h', status: 200, up_to_ms: 100, requests: 1 }
      await database.db
        .insertInto('request_times')
        .values([
          { ...row, day: '2026-02-28' },
          { ...row, day: '2026-03-01' },
        ])
        .execute()
      const forgotten = await database.unitOfWork.run(({ pruning }) =>
        pruning.forgetRequestTimes(cut),
      )
      expect(forgotten).toBe(1)
      const left = await database.db.selectFrom('request_times').select('day').execute()
      expect(left).toEqual([{ day: '2026-03-01' }])
    })
  })
}
