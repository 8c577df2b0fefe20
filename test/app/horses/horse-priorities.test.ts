import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import { answerQuestions, openHorseQuestions } from '../../../src/app/horses/horse-questions.ts'
import { mergeHorses, undoDecision } from '../../../src/app/horses/horse-decisions.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import type { StarterObservation } from '../../../src/domain/observation.ts'
import { openTestDatabase } from '../../support/database.ts'
import { aMeetingSaid, aRaceSaid, aStarterSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const now = Date.parse('2026-06-01T00:00:00Z')
const bred = { sire: 'Art Minor', dam: 'Kowhai Girl' }
let database: OpenDatabase
beforeEach(async () => {
  database = await openTestDatabase('sqlite')
})
afterEach(() => database.close())

/** Ingests a meeting of one race with one starter, on the given date. */
async function start(date: string, name: string, said: Partial<StarterObservation> = {}) {
  const id = `${date}/07`
  const observation = aMeetingSaid('hrnz_scraper', id, {
    date,
    venue: 'Kowhai Park',
    races: [
      aRaceSaid({
        key: `hrnz:race:${id}/R1`,
        number: 1,
        gait: 'pace',
        status: 'final',
        starters: [aStarterSaid(`hrnz:starter:${id}/R1/${name.toLowerCase()}`, name, said)],
      }),
    ],
  })
  const unit = {
    observation,
    issues: [],
    documentId: null,
    url: null,
    parserVersion: 'test',
    confirmedAt: new Date(now).toISOString(),
  }
  await ingestMeeting(quietDeps(database, now), unit)
}

const horses = () =>
  database.db
    .selectFrom('horses')
    .select(['id', 'name', 'normalized_name', 'race_count', 'first_seen', 'last_seen'])
    .orderBy('id')
    .execute()
const rules = async () =>
  (await database.db.selectFrom('links').select('rule').orderBy('racing_date').execute()).map(
    ({ rule }) => rule,
  )

describe('the six priorities, from page to tables', () => {
  it('1: a TAB entrant that is there stays the start it was, with its horse', async () => {
    const said = { tabEntrantId: 'e3aa798c-2b5f-4c3d-9a1e-7f8c9d0e1f2a' }
    await start('2026-03-01', 'Hypnotise Me', said)
    await start('2026-03-01', 'Hypnotise Me', said)
    expect(await horses()).toMatchObject([{ race_count: 1 }])
  })

  it('2: one TAB horse id is one horse, whatever the name', async () => {
    const identifiers = [{ scheme: 'tab_horse:nz' as const, value: '12345' }]
    await start('2026-03-01', 'Old Name', { identifiers })
    await start('2026-03-08', 'New Name', { identifiers })
    expect(await horses()).toMatchObject([{ name: 'New Name', race_count: 2 }])
    expect(await rules()).toEqual(['new', 'tab-horse'])
    expect(await openHorseQuestions(quietDeps(database, now))).toMatchObject([
      { code: 'name-changed' },
    ])
  })

  it('3: HRNZ’s id is text of any length', async () => {
    const identifiers = [{ scheme: 'harness_nz_horse_id' as const, value: '9223372036854775807' }]
    await start('2026-03-01', 'Totara', { identifiers })
    await start('2026-03-08', 'Totara', { identifiers })
    expect(await rules()).toEqual(['new', 'hrnz-horse'])
    const [row] = await database.db.selectFrom('horse_identifiers').select('value').execute()
    expect(row?.value).toBe('9223372036854775807')
  })

  it('a horse may have the name of a property that every object has', async () => {
    const identifiers = [{ scheme: 'hrnz_number' as const, value: '12' }]
    for (const date of ['2026-03-01', '2026-03-08', '2026-03-15'])
      await start(date, 'Constructor', { identifiers })
    expect(await horses()).toMatchObject([{ normalized_name: 'constructor', race_count: 3 }])
  })

  it('an identifier of two is the other’s once the one no longer has it', async () => {
    const identifiers = [{ scheme: 'tab_horse:nz' as const, value: '22' }]
    await start('2026-03-01', 'Rimu', { identifiers, sex: 'M' })
    await start('2026-03-08', 'Totara', { identifiers, sex: 'G' })
    await start('2026-03-01', 'Rimu', { sex: 'M' })
    const owners = await database.db
      .selectFrom('horse_identifiers')
      .innerJoin('horses', 'horses.id', 'horse_id')
      .select(['name', 'value'])
      .execute()
    expect(owners).toEqual([{ name: 'Totara', value: '22' }])
  })

  it('4: name, sire and dam; not when one parent is missing', async () => {
    await start('2026-03-01', 'Totara', bred)
    await start('2026-03-08', 'Totara', bred)
    await start('2026-03-15', 'Totara', { sire: bred.sire })
    expect(await rules()).toEqual(['new', 'breeding', 'name-only'])
  })

  it('5: the name alone links, with one question a horse', async () => {
    await start('2026-03-01', "Artie's Storm", bred)
    await start('2026-03-08', 'ARTIES  STORM')
    await start('2026-03-15', 'Artie’s Storm')
    expect(await rules()).toEqual(['new', 'name-only', 'name-only'])
    expect(await openHorseQuestions(quietDeps(database, now))).toMatchObject([
      { code: 'name-only' },
    ])
  })

  it('6: otherwise a horse of its own, its name kept as it was written', async () => {
    await start('2026-03-01', 'The Present', bred)
    await start('2026-03-08', 'The Present', { sire: 'Other Sire', dam: 'Other Dam' })
    await start('2026-03-15', 'Hypnotize Me')
    await start('2026-03-22', "Hypnotise  M'e")
    expect(await horses()).toMatchObject([
      { name: 'The Present', normalized_name: 'the present' },
      { name: 'The Present' },
      { name: 'Hypnotize Me' },
      { normalized_name: 'hypnotise me' },
    ])
  })

  it('counts races, not scrapes', async () => {
    for (let scrape = 0; scrape < 4; scrape++) await start('2026-03-01', 'Totara', bred)
    await start('2026-03-08', 'Totara', bred)
    expect(await horses()).toMatchObject([
      { race_count: 2, first_seen: '2026-03-01', last_seen: '2026-03-08' },
    ])
  })
})

describe('horses under two names', () => {
  const foaled = { ...bred, foaledOn: '2019-10-05' }

  it('are asked about when horses are matched, once, until somebody answers', async () => {
    const deps = quietDeps(database, now)
    await start('2025-03-01', 'Totara', foaled)
    await start('2026-03-01', 'Kauri', foaled)
    const first = await matchHorses(deps, { all: false, dryRun: false })
    expect(first.counts.horses.review).toBe(1)
    expect(await openHorseQuestions(deps)).toMatchObject([{ code: 'masters-may-be-one' }])
    const again = await matchHorses(deps, { all: true, dryRun: false })
    expect(again.counts.horses.review).toBe(0)
    await start('2026-03-15', 'Kauri', foaled)
    expect(await openHorseQuestions(deps)).toHaveLength(1)
    const by = { actor: 'tester', reason: null, dryRun: false }
    await mergeHorses(deps, { ...by, a: 'Totara', b: 'Kauri' })
    expect(await openHorseQuestions(deps)).toEqual([])
    await matchHorses(deps, { all: true, dryRun: false })
    expect(await openHorseQuestions(deps)).toEqual([])
    expect(await horses()).toMatchObject([{ name: 'Kauri', race_count: 3 }])
    await undoDecision(deps, { number: null, dryRun: false })
    expect(await horses()).toHaveLength(2)
  })

  it('that differ in their spaces are asked about, for one reason, and not again', async () => {
    const deps = quietDeps(database, now)
    await start('2025-03-01', 'Mac Gregor', foaled)
    await start('2026-03-01', 'MacGregor', foaled)
    await start('2026-03-08', 'Mac Tavish', bred)
    await start('2026-03-15', 'MacTavish', { ...bred, dam: 'Tawa Lass' })
    await matchHorses(deps, { all: false, dryRun: false })
    const [item, ...more] = await openHorseQuestions(deps)
    expect(more).toEqual([])
    expect(item!.question).toMatch(/Mac Gregor .* differ in the spaces of their names/)
    await answerQuestions(deps, { items: [item!], answer: 'same', actor: 'me', reason: null })
    expect(await horses()).toHaveLength(3)
    await undoDecision(deps, { number: null, dryRun: false })
    await matchHorses(deps, { all: true, dryRun: false })
    const [again] = await openHorseQuestions(deps)
    await answerQuestions(deps, { items: [again!], answer: 'different', actor: 'me', reason: null })
    await matchHorses(deps, { all: true, dryRun: false })
    expect(await openHorseQuestions(deps)).toEqual([])
    expect(await horses()).toHaveLength(4)
  })
})
