import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dryRun } from '../../src/app/dry-run.ts'
import type { ReviewItem } from '../../src/domain/masters.ts'
import type { MeetingObservation } from '../../src/domain/observation.ts'
import type { StoredObservation } from '../../src/repositories/observations.ts'
import type { Repositories } from '../../src/repositories/repositories.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aMeeting, cardChanges } from './rows.ts'

export function evidenceContract(dialect: TestDialect): void {
  describe('evidence', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    const run = <T>(work: (repositories: Repositories) => Promise<T>) =>
      database.unitOfWork.run(work)
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    it('gives an observation back as it was said', async () => {
      const said = anObservation()
      const { headers, trees } = await run(async ({ observations }) => {
        await observations.save([said])
        const headers = await observations.findByKeys([said.key, 'tab:meeting:none'])
        return { headers, trees: await observations.loadTrees(headers.map(({ id }) => id)) }
      })
      const { tree, ...header } = said
      expect(headers).toEqual([{ ...header, id: headers[0]?.id, meetingId: null }])
      expect([...trees.values()]).toEqual([tree])
    })

    it('replaces what the same key and kind said before, in the same row', async () => {
      const { before, after } = await run(async ({ observations, cards }) => {
        await observations.save([anObservation(), anObservation({ kind: 'fields' })])
        const before = await observations.findByKeys([key])
        await cards.apply(cardChanges({ meetings: [aMeeting()] }))
        await observations.assign(before.map(({ id }) => ({ id, meetingId: 1 })))
        await observations.save([anObservation({ digest: 'other', venue: null })])
        return { before, after: await observations.findByKeys([key]) }
      })
      expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
      expect(after[0]).toMatchObject({
        kind: 'results',
        digest: 'other',
        venue: null,
        meetingId: 1,
      })
      expect(after[1]).toMatchObject({ kind: 'fields', digest: 'digest', meetingId: 1 })
    })

    it('finds observations by date and by meeting, and lists their dates', async () => {
      const found = await run(async ({ observations, cards }) => {
        await observations.save([
          anObservation(),
          anObservation({ key: 'b', date: '2026-03-07' }),
          anObservation({ key: 'c', date: '2026-03-07' }),
          anObservation({ key: 'd', date: '2026-02-01' }),
        ])
        const ofDay = await observations.listByDates(['2026-03-07'])
        await cards.apply(cardChanges({ meetings: [aMeeting({ id: 1 }), aMeeting({ id: 2 })] }))
        await observations.assign([
          { id: ofDay[0]!.id, meetingId: 1 },
          { id: ofDay[1]!.id, meetingId: 2 },
        ])
        return {
          ofDay: ofDay.map(({ key }) => key),
          ofMeeting: (await observations.listByMeetings([2])).map(({ key }) => key),
          dates: await observations.dates(),
          inRange: await observations.dates({ from: '2026-03-01', to: '2026-03-06' }),
        }
      })
      expect(found).toEqual({
        ofDay: ['b', 'c'],
        ofMeeting: ['c'],
        dates: ['2026-02-01', '2026-03-06', '2026-03-07'],
        inRange: ['2026-03-06'],
      })
    })

    it('gives an observation, and the judgements that name it, the key that it came to have', async () => {
      const { headers, trees, judged, places } = await run(async ({ observations, judgements }) => {
        await observations.save([anObservation({ key: 'hrnz:meeting:d/slug', clubNumber: null })])
        const [{ id } = { id: 0 }] = await observations.findByKeys(['hrnz:meeting:d/slug'])
        const tree = { ...anObservation().tree, key: 'hrnz:meeting:d/12' }
        await observations.rekey({
          id,
          key: 'hrnz:meeting:d/12',
          clubNumber: '12',
          digest: 'new',
          tree,
        })
        for (const [a, b] of [
          ['hrnz:meeting:d/slug', 'tab:meeting:1'],
          ['tab:meeting:2', 'hrnz:meeting:d/slug/R1'],
          ['hrnz:meeting:d/slug-and-more', 'hrnz:meeting:d/slugs'],
        ] as const) {
          await judgements.add({
            kind: 'correction',
            a,
            b,
            verdict: 'set',
            reason: null,
            actor: 'me',
            createdAt: '2026-03-06T00:00:00.000Z',
            evidence: '{}',
          })
        }
        await judgements.rekey('hrnz:meeting:d/slug', 'hrnz:meeting:d/12')
        const headers = await observations.findByKeys(['hrnz:meeting:d/slug', 'hrnz:meeting:d/12'])
        return {
          headers,
          trees: await observations.loadTrees([id]),
          judged: await judgements.active('correction'),
          places: await observations.places(),
        }
      })
      expect(headers).toMatchObject([{ key: 'hrnz:meeting:d/12', clubNumber: '12', digest: 'new' }])
      expect([...trees.values()]).toMatchObject([{ key: 'hrnz:meeting:d/12' }])
      expect(judged.map(({ a, b }) => [a, b])).toEqual([
        ['hrnz:meeting:d/12', 'tab:meeting:1'],
        ['tab:meeting:2', 'hrnz:meeting:d/12/R1'],
        ['hrnz:meeting:d/slug-and-more', 'hrnz:meeting:d/slugs'],
      ])
      const { source, date, venue, club } = anObservation()
      expect(places).toEqual([{ source, date, venue, club }])
    })

    it('confirms without saying anything new', async () => {
      const [header] = await run(async ({ observations }) => {
        await observations.save([anObservation()])
        const ids = (await observations.findByKeys([key])).map(({ id }) => id)
        await observations.confirm(ids, '2026-03-09T00:00:00.000Z')
        return observations.findByKeys([key])
      })
      expect(header?.confirmedAt).toBe('2026-03-09T00:00:00.000Z')
      expect(header?.observedAt).toBe('2026-03-06T09:00:00.000Z')
    })

    it('may assign before the meeting is written, within one unit', async () => {
      await run(async ({ observations, cards }) => {
        await observations.save([anObservation()])
        const [header] = await observations.findByKeys([key])
        await observations.assign([{ id: header!.id, meetingId: 1 }])
        await cards.apply(cardChanges({ meetings: [aMeeting()] }))
      })
      const found = await run(({ observations }) => observations.listByMeetings([1]))
      expect(found).toHaveLength(1)
    })

    it('shows what each source said of a meeting, and in which document', async () => {
      await run(async ({ observations, archive, cards }) => {
        const { id } = await archive.put(aDocument, new Uint8Array([1, 2, 3]))
        await cards.apply(cardChanges({ meetings: [aMeeting()] }))
        await observations.save([anObservation({ documentId: id })])
        const [header] = await observations.findByKeys([key])
        await observations.assign([{ id: header!.id, meetingId: 1 }])
      })
      const rows = await database.db.selectFrom('meeting_sources').selectAll().execute()
      expect(rows).toMatchObject([
        {
          meeting_id: 1,
          meeting_date: '2026-03-06',
          source: 'hrnz_scraper',
          kind: 'results',
          source_key: key,
          url: aDocument.url,
          document_hash: aDocument.hash,
          venue: 'Karaka Flats Raceway',
          confirmed_at: '2026-03-06T09:00:00.000Z',
        },
      ])
    })

    it('gives a judgement the number that a dry run told', async () => {
      const told = await dryRun(database.unitOfWork, ({ judgements }) =>
        judgements.add(aJudgement('dry')),
      )
      expect(await run(({ judgements }) => judgements.add(aJudgement('real')))).toBe(told)
    })

    it('keeps judgements for ever, and counts those that stand', async () => {
      const first = aJudgement('a')
      const { ids, active, all, other } = await run(async ({ judgements }) => {
        const ids = [await judgements.add(first), await judgements.add(aJudgement('b'))]
        await judgements.retract([ids[0]!], '2026-03-10T00:00:00.000Z')
        await judgements.retract([ids[0]!], '2026-03-11T00:00:00.000Z')
        return {
          ids,
          active: await judgements.active('horse'),
          all: await judgements.all(),
          other: await judgements.active('meeting'),
        }
      })
      expect(active).toEqual([{ ...aJudgement('b'), id: ids[1], retractedAt: null }])
      expect(all[0]).toEqual({ ...first, id: ids[0], retractedAt: '2026-03-10T00:00:00.000Z' })
      expect(other).toEqual([])
    })

    it('replaces the questions about a master, most important first, each asked once', async () => {
      const { listed, ofSubject, count, few } = await run(async ({ reviews }) => {
        await reviews.replace('horse', [], [aQuestion({ subject: 'old' })])
        await reviews.replace('horse', [2], [aQuestion({ subject: 'two', subjectId: 2 })])
        await reviews.replace(
          'horse',
          [1],
          [
            aQuestion({ priority: 1 }),
            aQuestion({ priority: 9, other: 'x', otherId: 4 }),
            aQuestion({ priority: 5 }),
          ],
        )
        await reviews.replace('meeting', [1], [aQuestion({ kind: 'meeting', priority: 7 })])
        return {
          listed: await reviews.list(),
          few: await reviews.list({ kind: 'horse', limit: 1 }),
          ofSubject: await reviews.ofSubjects('horse', [2]),
          count: await reviews.count('horse'),
        }
      })
      expect(listed.map(({ kind, priority }) => [kind, priority])).toEqual([
        ['horse', 9],
        ['meeting', 7],
        ['horse', 5],
        ['horse', 3],
      ])
      expect(few).toEqual([aQuestion({ priority: 9, other: 'x', otherId: 4 })])
      expect(ofSubject).toEqual([aQuestion({ subject: 'two', subjectId: 2 })])
      expect(count).toBe(3)
    })

    it('asks a question anew when its master has another id now', async () => {
      const listed = await run(async ({ reviews }) => {
        await reviews.replace('horse', [1], [aQuestion()])
        await reviews.replace('horse', [2], [aQuestion({ subjectId: 2 })])
        return reviews.list()
      })
      expect(listed).toEqual([aQuestion({ subjectId: 2 })])
    })
  })
}

const key = 'hrnz:meeting:2026-03-06/12'

const tree: MeetingObservation = {
  source: 'hrnz_scraper',
  kind: 'results',
  key,
  date: '2026-03-06',
  venue: 'Karaka Flats Raceway',
  races: [
    {
      key: 'hrnz:race:2026-03-06/12/R1',
      number: 1,
      stewardsText: 'Tūī ran\u2028wide \0 of the 2nd line',
      starters: [{ key: 's', horseName: 'Tūī', scratched: false, finishPosition: 1 }],
      more: { Z: '1', A: '2' },
    },
  ],
}

const anObservation = (
  over: Partial<StoredObservation> = {},
): Omit<StoredObservation, 'id' | 'meetingId'> => ({
  key,
  source: 'hrnz_scraper',
  kind: 'results',
  date: '2026-03-06',
  venue: 'Karaka Flats Raceway',
  club: 'Karaka Flats Trotting Club',
  clubNumber: '12',
  tabMeetingId: null,
  card: 'tui',
  digest: 'digest',
  documentId: null,
  parserVersion: '1',
  observedAt: '2026-03-06T09:00:00.000Z',
  confirmedAt: '2026-03-06T09:00:00.000Z',
  tree,
  ...over,
})

const aDocument = {
  source: 'hrnz_scraper' as const,
  kind: 'results',
  url: 'https://example.test/Data/1.htm',
  hash: 'ab'.repeat(32),
  contentType: 'text/html',
  etag: null,
  lastModified: null,
  httpStatus: 200,
  date: '2026-03-06',
  label: null,
  fetchedAt: '2026-03-06T09:00:00.000Z',
}

const aJudgement = (a: string) => ({
  kind: 'horse' as const,
  a,
  b: 'tab_horse:nz:354001',
  verdict: 'same' as const,
  reason: null,
  actor: 'keeper',
  createdAt: '2026-03-09T00:00:00.000Z',
  evidence: '{}',
})

const aQuestion = (over: Partial<ReviewItem> = {}): ReviewItem => ({
  kind: 'horse',
  code: 'name-only',
  subject: 'one',
  other: null,
  subjectId: 1,
  otherId: null,
  question: 'Is this the same horse?',
  evidence: '{}',
  priority: 3,
  ...over,
})
