import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDatabase } from '../../../src/app/care/check-database.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { sha256 } from '../../../src/app/archive-fetched.ts'
import { reconcileMeetings } from '../../../src/app/reconcile/reconcile-meetings.ts'
import { showMeeting } from '../../../src/app/reconcile/reconcile-list.ts'
import { explainMeeting } from '../../../src/app/reconcile/reconcile-why.ts'
import { claimsText } from '../../../src/cli/text/claims-text.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { matchCard } from '../../../src/domain/reconcile/matched-card.ts'
import type { MeetingObservation, StarterObservation } from '../../../src/domain/observation.ts'
import { openTestDatabase } from '../../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const evening = Date.parse('2026-03-06T10:00:00Z')
const hour = 3_600_000
const id = '2026-03-06/61'
const names = ['Fernbank', 'Hollow Tree', 'Gift', 'Star']
const pageUrl = 'https://hrnz.invalid/datahrs/results/030661rs.htm'
const reportUrl = 'https://hrnz.invalid/stipes_rpt_20260306_061.htm'

/** Placings in the order of the names; text is a token, null is scratched. */
function starters(source: 'tab_api' | 'hrnz_scraper', finish: readonly (number | string | null)[]) {
  return startersSaid(source, source === 'tab_api' ? 'r1' : `${id}/R1`, names).map(
    (starter, index): StarterObservation => {
      const placing = finish[index]
      return {
        ...starter,
        scratched: placing === null,
        ...(typeof placing === 'number'
          ? { finishPosition: placing, finishRaw: `${placing}` }
          : {}),
        ...(typeof placing === 'string' ? { finishRaw: placing } : {}),
      }
    },
  )
}

const results = (...finish: (number | string | null)[]) =>
  aMeetingSaid('hrnz_scraper', id, {
    club: 'Kereru H.R.C.',
    clubNumber: '61',
    races: [
      aRaceSaid({
        key: `hrnz:race:${id}/R1`,
        number: 1,
        status: 'final',
        starters: starters('hrnz_scraper', finish),
      }),
    ],
  })
const fields = (): MeetingObservation => ({
  ...results(),
  kind: 'fields',
  races: [
    aRaceSaid({
      key: `hrnz:race:${id}/R1`,
      number: 1,
      starters: startersSaid('hrnz_scraper', `${id}/R1`, names),
    }),
  ],
})
const report = (stewardsText: string) =>
  aMeetingSaid('hrnz_scraper', id, {
    kind: 'stewards',
    club: 'Kereru H.R.C.',
    clubNumber: '61',
    races: [aRaceSaid({ key: `hrnz:race:${id}/R1`, number: 1, stewardsText })],
  })
const tab = (...finish: (number | string | null)[]) =>
  aMeetingSaid('tab_api', 'm1', {
    venue: 'Kereru',
    races: [
      aRaceSaid({
        key: 'tab:event:r1',
        number: 1,
        status: 'final',
        starters: starters('tab_api', finish),
      }),
    ],
  })

let database: OpenDatabase
beforeEach(async () => {
  database = await openTestDatabase('sqlite')
})
afterEach(() => database.close())

async function take(observation: MeetingObservation, at = evening, on = database) {
  const deps = quietDeps(on, at)
  const bytes = Buffer.from(JSON.stringify(observation))
  const url =
    { results: pageUrl, stewards: reportUrl }[observation.kind as string] ?? 'https://x.invalid'
  const confirmedAt = new Date(at).toISOString()
  const { id: documentId } = await deps.unitOfWork.run(({ archive }) =>
    archive.put(
      {
        ...{ source: observation.source, kind: observation.kind, url, hash: sha256(bytes) },
        ...{ contentType: null, etag: null, lastModified: null, httpStatus: 200 },
        ...{ date: observation.date, label: null, fetchedAt: confirmedAt },
      },
      bytes,
    ),
  )
  return ingestMeeting(deps, {
    ...{ observation, issues: [], documentId, url, parserVersion: 'test', confirmedAt },
  })
}

const rulings = async (on = database) =>
  (
    await on.db
      .selectFrom('rulings')
      .innerJoin('starters', 'starters.id', 'rulings.starter_id')
      .innerJoin('documents', 'documents.id', 'rulings.document_id')
      .selectAll('rulings')
      .select(['starters.horse_name', 'documents.url'])
      .orderBy('horse_name')
      .execute()
  ).map(({ starter_id: _1, race_id: _2, document_id: _3, ...ruling }) => ruling)
const issues = (on = database) =>
  on.db.selectFrom('parse_issues').select(['code', 'subject', 'excerpt']).orderBy('id').execute()
const starter = (name: string, on = database) =>
  on.db.selectFrom('starters').selectAll().where('horse_name', '=', name).executeTakeFirstOrThrow()

const words =
  'HOLLOW TREE was relegated from 2nd to 3rd for crossing GIFT. STAR was a late scratching at 5.40pm, lame. STAR was a late scratching on veterinary advice at 5.40pm. It was later disqualified.'

describe('rulings of a report', () => {
  it('are facts with their words, and what is not understood is an issue of the report', async () => {
    await take(results(1, 3, 2, null))
    const { issues: odd } = await take(report(words), evening + hour)
    expect(await rulings()).toEqual([
      {
        ...{ horse_name: 'Hollow Tree', kind: 'relegated', from_position: 2, to_position: 3 },
        ...{ behind: null, ruled_at: null, reason: 'for crossing GIFT', agrees: 1, url: reportUrl },
        text: 'HOLLOW TREE was relegated from 2nd to 3rd for crossing GIFT.',
      },
      {
        ...{ horse_name: 'Star', kind: 'scratched', from_position: null, to_position: null },
        ...{ behind: null, ruled_at: '2026-03-06T04:40:00.000Z', reason: 'on veterinary advice' },
        ...{ agrees: 1, url: reportUrl },
        text: 'STAR was a late scratching on veterinary advice at 5.40pm.',
      },
    ])
    const unclear = [
      'STAR was a late scratching at 5.40pm, lame.',
      'It was later disqualified.',
    ].map((excerpt) => ({ code: 'unclear-ruling', subject: 'R1', excerpt }))
    expect(await issues()).toEqual(unclear)
    expect(odd).toMatchObject(unclear)
  })

  it('are the same in any order of the documents, and reading them again changes nothing', async () => {
    const units = [results(1, 3, 2, null), report(words), tab(1, 2, 3, null), fields()]
    const seen: unknown[] = []
    for (const order of permutations(units)) {
      const own = await openTestDatabase('sqlite')
      for (const unit of order) await take(unit, evening, own)
      const state = async () => ({
        rulings: await rulings(own),
        issues: (await issues(own)).map((one) => JSON.stringify(one)).sort(),
        starters: (await own.db.selectFrom('starters').selectAll().orderBy('number').execute()).map(
          ({ id: _1, race_id: _2, horse_id: _3, ...row }) => row,
        ),
      })
      const first = await state()
      const ids = await own.db.selectFrom('parse_issues').select('id').execute()
      for (const unit of order) {
        const { counts } = await take(unit, evening + hour, own)
        expect(counts.meetings).toMatchObject({ created: 0, updated: 0 })
      }
      const again = await reconcileMeetings(quietDeps(own, evening + hour), { dryRun: false })
      expect(again.changes).toEqual([])
      expect(await state()).toEqual(first)
      expect(await own.db.selectFrom('parse_issues').select('id').execute()).toEqual(ids)
      seen.push(first)
      await own.close()
    }
    expect(seen).toHaveLength(24)
    for (const one of seen) expect(one).toEqual(seen[0])
  })

  it('that came to stand under another race are found, and decided again', async () => {
    await take(results(1, 3, 2, null))
    await take(report(words))
    const before = await rulings()
    const check = () => checkDatabase({ ...quietDeps(database, evening), care: database.care })
    expect(await check()).toEqual([])
    await database.db.updateTable('rulings').set({ race_id: 99 }).execute()
    expect(await check()).toMatchObject([{ check: 'rulings-misplaced', count: 2 }])
    await reconcileMeetings(quietDeps(database, evening), { dryRun: false })
    expect(await check()).toEqual([])
    expect(await rulings()).toEqual(before)
  })

  it('wait for a card to be read against, and go when the report takes them back', async () => {
    await take(report('GIFT was disqualified for galloping.'))
    expect(await rulings()).toEqual([])
    expect(await issues()).toMatchObject([{ code: 'unclear-ruling' }])
    await take(results(1, 2, 'DQ', 3))
    expect(await rulings()).toMatchObject([{ horse_name: 'Gift', agrees: 1 }])
    expect(await issues()).toEqual([])
    const { counts } = await take(report('The field was inspected.'), evening + hour)
    expect(await rulings()).toEqual([])
    expect(counts.meetings).toMatchObject({ updated: 1 })
  })
})

describe('a report and the results page', () => {
  const page = async () =>
    (await database.unitOfWork.read(({ pages }) => pages.findByUrls('hrnz_scraper', [pageUrl])))[0]!
  const register = () =>
    database.unitOfWork.run(async ({ pages }) => {
      await pages.register([
        {
          ...{ source: 'hrnz_scraper', kind: 'results', url: pageUrl, date: '2026-03-06' },
          ...{ club: 'Kereru H.R.C.', clubNumber: '61', venue: null, dueAt: null, reason: null },
        },
      ])
      const [known] = await pages.findByUrls('hrnz_scraper', [pageUrl])
      const lastFetchedAt = new Date(evening).toISOString()
      await pages.update([{ ...known!, state: 'final', dueAt: null, lastFetchedAt }])
    })

  it('that contradict each other: the page stands, an issue says so, and it is read once more', async () => {
    await register()
    await take(results(1, 2, 3, 4))
    const decided = report('FERNBANK was disqualified for galloping over the line.')
    const { issues: odd } = await take(decided, evening + hour)
    expect(odd).toMatchObject([
      {
        code: 'ruling-contradicted',
        subject: 'R1 Fernbank',
        message: 'disqualified, says the report; the results page has it in place 1',
      },
    ])
    expect(await starter('Fernbank')).toMatchObject({ finish_position: 1, finish_raw: '1' })
    expect(await rulings()).toMatchObject([{ agrees: 0 }])
    const due = await page()
    expect(due).toMatchObject({ state: 'due', dueAt: new Date(evening + hour).toISOString() })

    // It stands by what it says: it is not asked for again and again.
    await database.unitOfWork.run(({ pages }) =>
      pages.update([{ ...due, state: 'final', dueAt: null }]),
    )
    await take(results(1, 2, 3, 4), evening + 2 * hour)
    await take(decided, evening + 3 * hour)
    expect(await page()).toMatchObject({ state: 'final', dueAt: null })
    // A report that was written anew and still says so is a reason to look once more.
    await take({ ...decided, club: 'Kereru Harness Racing Club' }, evening + 3 * hour)
    expect(await page()).toMatchObject({ state: 'due' })
    expect(await issues()).toHaveLength(1)

    // The amendment comes with the page.
    await take(results('DQ', 1, 2, 3), evening + 4 * hour)
    expect(await starter('Fernbank')).toMatchObject({ finish_position: null, finish_raw: 'DQ' })
    expect(await issues()).toEqual([])
    expect(await rulings()).toMatchObject([{ agrees: 1 }])
  })

  it('after its address is another meeting’s, the page is not read once more', async () => {
    await register()
    await take(results(1, 2, 3, 4))
    await take(report('FERNBANK was disqualified.'), evening + 340 * 24 * hour)
    expect(await issues()).toMatchObject([{ code: 'ruling-contradicted' }])
    expect(await page()).toMatchObject({ state: 'final', dueAt: null })
  })

  it('a relegated horse may stand better than the report has it by those put out before it', async () => {
    await take(results('DQ', 2, 1, 3))
    await take(report('HOLLOW TREE relegated from 2nd to 3rd. FERNBANK was disqualified.'))
    expect(await rulings()).toMatchObject([{ agrees: 1 }, { agrees: 1 }])
    expect(await issues()).toEqual([])
  })

  it.each([
    ['HOLLOW TREE was relegated from 2nd to 4th.', 'Hollow Tree'],
    ['STAR was scratched on veterinary advice.', 'Star'],
  ])('the page has the say: %s', async (sentence, name) => {
    await take(results(1, 2, 3, 4))
    const before = await starter(name)
    await take(report(sentence))
    expect(await starter(name)).toEqual(before)
    expect(await rulings()).toMatchObject([{ horse_name: name, agrees: 0 }])
    expect(await issues()).toMatchObject([{ code: 'ruling-contradicted' }])
  })

  it('of two meetings that a person made one: a race has its own report, whatever its number', () => {
    const raceOf = (club: string, horses: readonly string[]) =>
      aRaceSaid({
        ...{ key: `hrnz:race:2026-03-06/${club}/R1`, number: 1 },
        starters: startersSaid('hrnz_scraper', `2026-03-06/${club}/R1`, horses),
      })
    const [here, there] = [raceOf('61', names), raceOf('62', ['Kea', 'Ruru', 'Weka', 'Tui'])]
    const { races, rulingIssues } = matchCard([
      aMeetingSaid('hrnz_scraper', id, { races: [here] }),
      aMeetingSaid('hrnz_scraper', '2026-03-06/62', { races: [there] }),
      aMeetingSaid('hrnz_scraper', id, {
        kind: 'stewards',
        races: [{ ...here, starters: [], stewardsText: 'GIFT was disqualified.' }],
      }),
    ])
    expect(races).toHaveLength(2)
    const ruled = races.flatMap((race) => race.starters.flatMap(({ rulings = [] }) => rulings))
    expect(ruled).toMatchObject([{ kind: 'disqualified' }])
    expect(rulingIssues).toEqual([])
  })

  it('only where the page is silent do stewards tell what became of a start', async () => {
    await take(fields())
    await take(
      report(
        'STAR was scratched on veterinary advice. GIFT was disqualified for galloping. FERNBANK was relegated to 2nd placing.',
      ),
    )
    expect(await starter('Star')).toMatchObject({ scratched: 1, finish_position: null })
    expect(await starter('Gift')).toMatchObject({ scratched: 0, finish_raw: 'disqualified' })
    expect(await starter('Fernbank')).toMatchObject({ finish_position: null, finish_raw: null })
    await take(results(2, 1, 'DSQ', null), evening + hour)
    expect(await starter('Gift')).toMatchObject({ finish_raw: 'DSQ' })
    expect(await starter('Fernbank')).toMatchObject({ finish_position: 2 })
  })
})

describe('who asks why a row says third', () => {
  it('is shown the statement with its words, its time and its address', async () => {
    await take(results(1, 3, 2, null))
    await take(tab(1, 3, 2, null))
    await take(report(words), evening + hour)
    const asked = { meeting: '2026-03-06 kereru', race: '1', starter: '2', field: null }
    const { fields: told } = await database.unitOfWork.read((repositories) =>
      explainMeeting(repositories, { ...asked, field: 'finish_position' }),
    )
    expect(told).toMatchObject([
      {
        value: 3,
        rulings: [{ kind: 'stewards', url: reportUrl, said_at: '2026-03-06T11:00:00.000Z' }],
      },
    ])
    const text = claimsText(told)
    expect(text).toContain('Stewards: relegated from 2 to 3, for crossing GIFT')
    expect(text).toContain('“HOLLOW TREE was relegated from 2nd to 3rd for crossing GIFT.”')
    expect(text).toContain('said 2026-03-06 11:00 UTC')
    expect(text).toContain(reportUrl)
    const all = await database.unitOfWork.read((repositories) =>
      explainMeeting(repositories, asked),
    )
    expect(claimsText(all.fields).split('Stewards:')).toHaveLength(2)
    const shown = await database.unitOfWork.read((repositories) =>
      showMeeting(repositories, '2026-03-06 kereru'),
    )
    expect(shown.rulings).toMatchObject([
      { race: 1, number: 2, horse: 'Hollow Tree', words: 'relegated from 2 to 3', url: reportUrl },
      { race: 1, number: 4, horse: 'Star', words: 'scratched', url: reportUrl },
    ])
  })

  it('is shown the report as the source where only the stewards say it', async () => {
    await take(fields())
    await take(report('GIFT was disqualified for galloping.'), evening + hour)
    const { fields: told } = await database.unitOfWork.read((repositories) =>
      explainMeeting(repositories, {
        meeting: '2026-03-06',
        race: '1',
        starter: '3',
        field: 'finish_raw',
      }),
    )
    expect(told).toMatchObject([
      {
        value: 'disqualified',
        claims: [{ source: 'hrnz_scraper', kind: 'stewards', url: reportUrl }],
      },
    ])
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  )
}
