import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeHorses, splitHorse, undoDecision } from '../../src/app/horses/horse-decisions.ts'
import { applyHorsePage } from '../../src/app/scrape/fetch-horse-pages.ts'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../src/app/horses/match-horses.ts'
import { reconcileMeetings } from '../../src/app/reconcile/reconcile-meetings.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import type { MeetingObservation, StarterObservation } from '../../src/domain/observation.ts'
import { nameKey } from '../../src/domain/names.ts'
import { UsageError } from '../../src/errors.ts'
import { openTestDatabase } from '../support/database.ts'
import { mastersByKeys } from '../support/masters-by-keys.ts'
import { aMeetingSaid, aRaceSaid } from '../support/observations.ts'
import { quietDeps } from '../support/quiet-deps.ts'

const start = Date.parse('2026-06-01T00:00:00Z')
const dates = ['2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09'] as const
/** Few of each, so that they meet; `constructor` is a name like any other. */
const names = ['Totara', 'TOTARA', 'Kowhai Lad', 'Constructor', 'Unnamed', 'Rimu (AUS)'] as const

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

const starters = fc.record({
  name: fc.constantFrom(...names),
  guid: sometimes(fc.constantFrom('AA', 'BB', 'CC')),
  number: sometimes(fc.constantFrom('1', '2')),
  tabHorse: sometimes(fc.constantFrom('11', '22', '33')),
  sire: sometimes(fc.constantFrom('Art Minor', 'Other Sire')),
  dam: sometimes(fc.constantFrom('Kowhai Girl', 'Other Dam')),
  sex: sometimes(fc.constantFrom('M', 'G', 'F')),
  foaledOn: sometimes(fc.constantFrom('2020-10-01', '2021-10-01')),
  scratched: fc.boolean(),
})
type SaidStarter = typeof starters extends fc.Arbitrary<infer T> ? T : never

const races = fc.record({
  gait: sometimes(fc.constantFrom('pace' as const, 'trot' as const)),
  status: fc.constantFrom('final' as const, 'open' as const, 'abandoned' as const),
  starters: fc.uniqueArray(starters, { maxLength: 4, selector: ({ name }) => nameKey(name) }),
})

const observing = fc.record({
  kind: fc.constant('observe' as const),
  source: fc.constantFrom('tab_api' as const, 'hrnz_scraper' as const),
  slot: fc.nat(2),
  date: fc.constantFrom(...dates),
  venue: fc.constantFrom('Addington', 'Addington Raceway', 'Cambridge'),
  races: fc.array(races, { minLength: 1, maxLength: 2 }),
})
/** What HRNZ's stewards say of a meeting, whose card may come later, or never. */
const reporting = fc.record({
  kind: fc.constant('report' as const),
  slot: fc.nat(2),
  date: fc.constantFrom(...dates),
  words: fc.array(
    fc.constantFrom(
      ...['TOTARA was disqualified.', 'KOWHAI LAD relegated from 1st to 2nd.', 'It was scratched.'],
      ...[
        'RIMU was a late scratching.',
        'TOTARA relegated behind RIMU.',
        'RIMU was not scratched.',
      ],
    ),
    { maxLength: 3 },
  ),
})
/** What HRNZ's page of a horse says; the old number of AA is 1, that of BB is 2. */
const paging = fc.record({
  kind: fc.constant('page' as const),
  guid: fc.constantFrom('AA', 'BB'),
  withNumber: fc.boolean(),
  sire: fc.option(fc.constantFrom('Art Minor', 'Other Sire')),
  dam: fc.option(fc.constantFrom('Kowhai Girl', 'Other Dam')),
  sex: fc.option(fc.constantFrom('gelding', 'mare')),
  foaledOn: fc.option(fc.constantFrom('2020-10-01', '2021-10-01')),
})
type Paging = typeof paging extends fc.Arbitrary<infer T> ? T : never

const deciding = fc.record({
  kind: fc.constantFrom('merge' as const, 'split' as const, 'undo' as const),
  a: fc.nat(9),
  b: fc.nat(9),
})
const steps = fc.array(fc.oneof({ arbitrary: observing, weight: 4 }, reporting, deciding, paging), {
  minLength: 2,
  maxLength: 9,
})
type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never

function said(step: Extract<Step, { kind: 'observe' }>): MeetingObservation {
  const tab = step.source === 'tab_api'
  const id = tab ? `m${step.slot}` : `${step.date}/0${step.slot + 1}`
  return aMeetingSaid(step.source, id, {
    date: step.date,
    venue: step.venue,
    ...(tab ? {} : { club: `Club ${step.slot}`, clubNumber: `0${step.slot + 1}` }),
    races: step.races.map((race, index) =>
      aRaceSaid({
        key: tab ? `tab:event:${id}-r${index + 1}` : `hrnz:race:${id}/R${index + 1}`,
        number: index + 1,
        status: race.status,
        ...(race.gait === undefined ? {} : { gait: race.gait }),
        starters: race.starters.map((one, place) =>
          starterOf(one, tab, `${id}/R${index + 1}`, place),
        ),
      }),
    ),
  })
}

function reported({ slot, date, words }: Extract<Step, { kind: 'report' }>): MeetingObservation {
  const id = `${date}/0${slot + 1}`
  const key = `hrnz:race:${id}/R1`
  return aMeetingSaid('hrnz_scraper', id, {
    ...{ kind: 'stewards', date, club: `Club ${slot}`, clubNumber: `0${slot + 1}` },
    races: [aRaceSaid({ key, number: 1, stewardsText: words.join(' ') })],
  })
}

function starterOf(
  { name, guid, number, tabHorse, scratched, ...more }: SaidStarter,
  tab: boolean,
  race: string,
  place: number,
): StarterObservation {
  const entrant = `${race}-${nameKey(name)}`.replaceAll('/', '-')
  const identifiers = [
    ...(guid === undefined || tab ? [] : [{ scheme: 'hrnz_guid' as const, value: guid }]),
    ...(number === undefined || tab ? [] : [{ scheme: 'hrnz_number' as const, value: number }]),
    ...(tabHorse === undefined || !tab
      ? []
      : [{ scheme: 'tab_horse:nz' as const, value: tabHorse }]),
  ]
  const known = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))
  return {
    key: tab ? `tab:entrant:${entrant}` : `hrnz:starter:${race}/${nameKey(name)}`,
    number: place + 1,
    horseName: name,
    identifiers,
    scratched,
    ...known,
    ...(tab ? { tabEntrantId: entrant } : {}),
  }
}

const ingest = (database: OpenDatabase, observation: MeetingObservation, at: number) =>
  ingestMeeting(quietDeps(database, at), {
    observation,
    issues: [],
    documentId: null,
    url: null,
    parserVersion: 'test',
    confirmedAt: new Date(at).toISOString(),
  })

function readPage(database: OpenDatabase, step: Paging, at: number) {
  const { kind: _, guid, withNumber, ...said } = step
  const ids = { hrnz_guid: guid, ...(withNumber && { hrnz_number: guid === 'AA' ? '1' : '2' }) }
  const facts = { ...said, name: 'Totara', damSire: null, colour: 'Bay', country: null, ids }
  return applyHorsePage(quietDeps(database, at), facts, 1)
}

async function decide(
  database: OpenDatabase,
  step: Exclude<Step, { kind: 'observe' | 'report' | 'page' }>,
  at: number,
) {
  const deps = quietDeps(database, at)
  const by = { actor: 'test', reason: null, dryRun: false }
  const horses = await database.db.selectFrom('horses').select('id').orderBy('id').execute()
  const at1 = horses[step.a % Math.max(1, horses.length)]?.id
  const at2 = horses[step.b % Math.max(1, horses.length)]?.id
  try {
    if (step.kind === 'undo') await undoDecision(deps, { number: null, dryRun: false })
    else if (at1 === undefined || at2 === undefined) return
    else if (step.kind === 'merge') await mergeHorses(deps, { ...by, a: `${at1}`, b: `${at2}` })
    else {
      const own = await database.db
        .selectFrom('starters')
        .select('id')
        .where('horse_id', '=', at1)
        .orderBy('id')
        .execute()
      const chosen = own[step.b % Math.max(1, own.length)]
      if (chosen === undefined) return
      await splitHorse(deps, {
        ...by,
        horse: `${at1}`,
        starts: { starts: [`${chosen.id}`], from: null },
      })
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
  }
}

describe('any sequence of meetings that move and change, with decisions between', () => {
  it(
    'leaves nothing to do, and what another order would have given',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (sequence, order) => {
          const database = await openTestDatabase('sqlite')
          const again = await openTestDatabase('sqlite')
          try {
            const last = new Map<string, { observation: MeetingObservation; at: number }>()
            const pages: { step: Paging; at: number }[] = []
            let at = start
            for (const step of sequence) {
              at += 1000
              if (step.kind === 'observe' || step.kind === 'report') {
                const observation = step.kind === 'observe' ? said(step) : reported(step)
                last.set(`${observation.key} ${observation.kind}`, { observation, at })
                await ingest(database, observation, at)
              } else if (step.kind === 'page') {
                pages.push({ step, at })
                await readPage(database, step, at)
              } else await decide(database, step, at)
            }
            const before = await mastersByKeys(database)
            const reconciled = await reconcileMeetings(quietDeps(database, at), { dryRun: false })
            expect(reconciled.changes).toEqual([])
            const matched = await matchHorses(quietDeps(database, at), { all: true, dryRun: false })
            expect(matched.counts.starters.updated).toBe(0)
            const settled = await mastersByKeys(database)
            const asked = (masters: typeof before) => ({
              ...masters,
              questions: masters.questions.filter((one) => !one.includes('masters-may-be-one')),
            })
            expect(asked(settled)).toEqual(asked(before))
            for (const judgement of await database.db
              .selectFrom('judgements')
              .selectAll()
              .execute())
              await again.db.insertInto('judgements').values(judgement).execute()
            const shuffled = [...last.values()]
              .map((unit) => ({ unit, rank: order.next().value as number }))
              .sort((a, b) => a.rank - b.rank)
            // Of two pages of a horse the later one counts; they come anywhere between the meetings.
            const ranks = pages.map(() => order.next().value as number).sort((a, b) => a - b)
            for (const { unit, rank } of [...shuffled, { unit: null, rank: Infinity }]) {
              while (pages.length > 0 && ranks[0]! <= rank) {
                ranks.shift()
                const page = pages.shift()!
                await readPage(again, page.step, page.at)
              }
              if (unit !== null) await ingest(again, unit.observation, unit.at)
            }
            await matchHorses(quietDeps(again, at), { all: true, dryRun: false })
            expect(await mastersByKeys(again)).toEqual(settled)
          } finally {
            await database.close()
            await again.close()
          }
        }),
        { numRuns: 15 },
      )
    },
  )
})

it('of two documents of a meeting that name two places the better one has the say', async () => {
  const page = (kind: 'results' | 'fields', venue: string) =>
    aMeetingSaid('hrnz_scraper', '2026-03-01/01', {
      kind,
      date: '2026-03-01',
      club: 'Club 0',
      clubNumber: '01',
      venue,
    })
  const results = page('results', 'Cambridge')
  const fields = page('fields', 'Addington')
  const card = aMeetingSaid('tab_api', 'm1', { date: '2026-03-01', venue: 'Cambridge' })
  for (const order of [
    [fields, results, card],
    [results, fields, card],
  ]) {
    const database = await openTestDatabase('sqlite')
    for (const observation of order) await ingest(database, observation, start)
    const meetings = await database.db.selectFrom('meetings').select('data_source').execute()
    expect(meetings).toEqual([{ data_source: 'merged' }])
    await database.close()
  }
})
