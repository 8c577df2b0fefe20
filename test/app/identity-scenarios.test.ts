import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  exportHorseDecisions,
  importHorseDecisions,
} from '../../src/app/horses/horse-decision-lines.ts'
import { undoDecision } from '../../src/app/horses/horse-decisions.ts'
import { answerQuestions, openHorseQuestions } from '../../src/app/horses/horse-questions.ts'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../src/app/horses/match-horses.ts'
import { reconcileMeetings } from '../../src/app/reconcile/reconcile-meetings.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import { nameKey } from '../../src/domain/names.ts'
import type { MeetingObservation, StarterObservation } from '../../src/domain/observation.ts'
import { UsageError } from '../../src/errors.ts'
import { openTestDatabase } from '../support/database.ts'
import { mastersByKeys } from '../support/masters-by-keys.ts'
import { aMeetingSaid, aRaceSaid } from '../support/observations.ts'
import { quietDeps } from '../support/quiet-deps.ts'

const now = Date.parse('2027-06-01T00:00:00Z')

type Said = Partial<StarterObservation> & { readonly guid?: string; readonly tabHorse?: string }
/** A race as names with what is said of them beside. */
type Field = readonly (readonly [string, Said?])[]

/** Ten horses of no interest, so that cards can be compared. */
const others: Field = [...'abcdefghij'].map((letter) => [`Filler ${letter}`])

function hrnz(date: string, venue: string, ...races: Field[]): MeetingObservation {
  const id = `${date}/32`
  return said('hrnz_scraper', id, date, venue, races, {
    race: `hrnz:race:${id}/R`,
    starter: (race, name) => `hrnz:starter:${id}/R${race}/${nameKey(name)}`,
  })
}
function tab(id: string, date: string, venue: string, ...races: Field[]): MeetingObservation {
  return said('tab_api', id, date, venue, races, {
    race: `tab:event:${id}-`,
    starter: (race, _, index) => `tab:entrant:${id}-${race}-${index}`,
  })
}
function imported(id: string, date: string, venue: string, ...races: Field[]): MeetingObservation {
  return said('manual', id, date, venue, races, {
    race: `manual:race:${id}/R`,
    starter: (race, name) => `manual:starter:${id}/R${race}/${nameKey(name)}`,
  })
}

function said(
  source: MeetingObservation['source'],
  id: string,
  date: string,
  venue: string,
  races: readonly Field[],
  keys: { race: string; starter: (race: number, name: string, index: number) => string },
): MeetingObservation {
  return aMeetingSaid(source, id, {
    date,
    venue,
    ...(source === 'hrnz_scraper' ? { clubNumber: '32' } : {}),
    races: races.map((field, r) =>
      aRaceSaid({
        key: `${keys.race}${r + 1}`,
        number: r + 1,
        gait: 'pace',
        status: 'final',
        starters: field.map(([horseName, { guid, tabHorse, ...more } = {}], index) => {
          const key = keys.starter(r + 1, horseName, index)
          return {
            key,
            horseName,
            number: index + 1,
            identifiers: [
              ...(guid === undefined ? [] : [{ scheme: 'hrnz_guid' as const, value: guid }]),
              ...(tabHorse === undefined
                ? []
                : [{ scheme: 'tab_horse:nz' as const, value: tabHorse }]),
            ],
            ...(source === 'tab_api' ? { tabEntrantId: key.slice('tab:entrant:'.length) } : {}),
            ...more,
          }
        }),
      }),
    ),
  })
}

const ingest = (database: OpenDatabase, observation: MeetingObservation) =>
  ingestMeeting(quietDeps(database, now), {
    observation,
    issues: [],
    documentId: null,
    url: null,
    parserVersion: 'test',
    confirmedAt: new Date(now).toISOString(),
  })

async function nothingMoves(database: OpenDatabase): Promise<void> {
  const deps = quietDeps(database, now)
  expect((await reconcileMeetings(deps, { dryRun: true })).changes).toEqual([])
  const { counts } = await matchHorses(deps, { all: true, dryRun: true })
  expect(counts.starters.updated + counts.horses.created).toBe(0)
}

/** What came of it: meetings by their sources, horses of interest with their starts, questions. */
async function outcome(database: OpenDatabase) {
  await matchHorses(quietDeps(database, now), { all: true, dryRun: false })
  const meetings = await database.db
    .selectFrom('meetings')
    .select(['venue', 'data_source'])
    .execute()
  const horses = await database.db.selectFrom('horses').select(['name', 'race_count']).execute()
  const asked = await database.db.selectFrom('review_items').select('code').execute()
  return {
    meetings: meetings.map((one) => `${one.venue} ${one.data_source}`).sort(),
    horses: horses
      .filter(({ name }) => !name.startsWith('Filler'))
      .map(({ name, race_count }) => `${name} ${race_count}`)
      .sort(),
    asked: asked.map(({ code }) => code).sort(),
  }
}

/** Every item first once, forwards and backwards: all orders of up to three, enough of more. */
function orders<Item>(items: readonly Item[]): Item[][] {
  return [items, items.toReversed()].flatMap((line) =>
    items.map((_, from) => [...line.slice(from), ...line.slice(0, from)]),
  )
}

const [first, second, third, later] = ['2026-03-06', '2026-03-13', '2026-03-20', '2027-03-05']
const bred = { sire: 'Art Minor', dam: 'Tawa Lass' }

/** What a careful person would make of it, in whatever order it is read. */
const scenarios: Readonly<
  Record<
    string,
    { read: MeetingObservation[]; meetings?: string[]; horses?: string[]; asked?: string[] }
  >
> = {
  'ids of two stablemates swapped in one race': {
    read: [first, second, third].map((date) => {
      const [lad, rose] = date === second ? ['R', 'L'] : ['L', 'R']
      return hrnz(date, 'Gore', [
        ['Lad', { guid: lad }],
        ['Rose', { guid: rose }],
      ])
    }),
    horses: ['Lad 1', 'Lad 2', 'Rose 1', 'Rose 2'],
    asked: ['id-conflict', 'id-conflict'],
  },
  'an id mistyped on one page': {
    read: [first, second, third].map((date) =>
      hrnz(date, 'Gore', [['Lad', { guid: date === second ? 'LX' : 'L' }]]),
    ),
    horses: ['Lad 1', 'Lad 2'],
    asked: ['possible-duplicate'],
  },
  'parents that one source misspells, or writes in each other’s columns': {
    read: [
      tab('t', first, 'Gore', [...others, ['Lad', { tabHorse: '1', ...bred }]]),
      hrnz(first, 'Gore', [...others, ['Lad', { guid: 'L', sire: bred.dam, dam: 'Art Minnor' }]]),
    ],
    meetings: ['Gore merged'],
    horses: ['Lad 1'],
  },
  'a renamed horse, its old name another’s years later': {
    read: [
      hrnz(first, 'Gore', [['Lad', { guid: 'L' }]]),
      hrnz(second, 'Gore', [['Totara Prince', { guid: 'L' }]]),
      hrnz('2033-03-04', 'Gore', [['Lad', { guid: 'Y' }]]),
    ],
    horses: ['Lad 1', 'Totara Prince 2'],
    asked: ['name-changed'],
  },
  'a country behind the name in one source only': {
    read: [
      tab('t', first, 'Gore', [...others, ['Joyride', { tabHorse: '1' }]]),
      hrnz(first, 'Gore', [...others, ['JOYRIDE (AUS)', { guid: 'J' }]]),
      hrnz(second, 'Gore', [['Joyride(AUS)', { guid: 'J' }]]),
    ],
    meetings: ['Gore hrnz_scraper', 'Gore merged'],
    horses: ['Joyride(AUS) 2'],
  },
  'accepted for two races, scratched from one': {
    read: [
      tab(
        't',
        first,
        'Gore',
        [['Lad', { tabHorse: '1', scratched: true }]],
        [['Lad', { tabHorse: '1' }]],
      ),
      hrnz(first, 'Gore', [['Lad', { guid: 'L', scratched: true }]], [['Lad', { guid: 'L' }]]),
    ],
    meetings: ['Gore merged'],
    horses: ['Lad 1'],
  },
  'a name spaced in two ways, a name cut by one source': {
    read: [
      tab('t', first, 'Gore', [...others, ['Mac Gregor'], ['Rangitoto Sunset Serenade']]),
      hrnz(first, 'Gore', [...others, ['MacGregor'], ['Rangitoto Sunset']]),
      hrnz(second, 'Gore', [['MacGregor']]),
    ],
    meetings: ['Gore hrnz_scraper', 'Gore merged'],
    horses: ['Mac Gregor 1', 'MacGregor 1', 'Rangitoto Sunset Serenade 1'],
    asked: ['masters-may-be-one'],
  },
  'an import with both sources’ rows under two names of the place': {
    read: [
      tab('t', first, 'Gore', others),
      hrnz(first, 'Gore Raceway', others),
      imported('x', first, 'GORE', others),
      imported('y', first, 'Southland Oval', others),
    ],
    meetings: ['Gore merged', 'Southland Oval manual'],
    asked: ['possible-same-meeting'],
  },
  'a sponsor’s name for the place, the horses the same': {
    read: [tab('t', first, 'Kauri Bank Stadium', others), hrnz(first, 'Gore', others)],
    meetings: ['Kauri Bank Stadium merged'],
  },
  'the page of another year under the same address': {
    read: [
      hrnz(first, 'Gore', others),
      hrnz(later, 'Gore', others),
      tab('t', later, 'Gore', others),
    ],
    meetings: ['Gore hrnz_scraper', 'Gore merged'],
  },
}

describe('a careful person’s verdict, whatever came first', () => {
  for (const [title, { read, ...verdict }] of Object.entries(scenarios)) {
    it(title, async () => {
      const found: unknown[] = []
      for (const order of orders(read)) {
        const database = await openTestDatabase('sqlite')
        try {
          for (const observation of order) await ingest(database, observation)
          await nothingMoves(database)
          const is = await outcome(database)
          expect(is).toMatchObject(verdict)
          if (verdict.asked === undefined) expect(is.asked).toEqual([])
          found.push(await mastersByKeys(database))
        } finally {
          await database.close()
        }
      }
      for (const masters of found) expect(masters).toEqual(found[0])
    })
  }
})

it('another horse’s number in one event leaves no trace once TAB has corrected it', async () => {
  const card = (id: string): MeetingObservation[] => [
    tab('t', first, 'Gore', [
      ['Lad', { tabHorse: '1' }],
      ['Rose', { tabHorse: '2' }],
    ]),
    tab('u', second, 'Gore', [['Lad', { tabHorse: id }]]),
  ]
  const found: unknown[] = []
  for (const told of [card('1'), [...card('2'), ...card('1')], [...card('9'), ...card('1')]]) {
    const database = await openTestDatabase('sqlite')
    try {
      for (const observation of told) await ingest(database, observation)
      await nothingMoves(database)
      found.push(await mastersByKeys(database))
    } finally {
      await database.close()
    }
  }
  for (const masters of found) expect(masters).toEqual(found[0])
})

describe('any cards with wrong ids, wrong parents and names nearly alike', () => {
  const wrongAtTimes = <T>(right: T, wrong: T) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(right) },
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant(wrong) },
    )
  const horse = (names: readonly [string, string], at: number) =>
    fc.record({
      name: fc.oneof(
        { weight: 4, arbitrary: fc.constant(names[0]) },
        { weight: 1, arbitrary: fc.constant(names[1]) },
      ),
      id: wrongAtTimes(at, (at + 1) % 4),
      sire: wrongAtTimes(`Sire ${at}`, `Dam ${at}`),
      dam: wrongAtTimes(`Dam ${at}`, 'Dam 9'),
      foaledOn: wrongAtTimes(`201${at}-09-01`, `201${at}-08-01`),
    })
  const field = fc.tuple(
    horse(['Lad', 'Ladd'], 0),
    horse(['Mac Gregor', 'MacGregor'], 1),
    horse(['Rose', 'Rose (AUS)'], 2),
    // Another Rose.
    horse(['Rose', 'Rosie'], 3),
  )
  const meeting = fc.record({ field, isTab: fc.boolean(), runs: fc.subarray([0, 1, 2, 3]) })
  const read = (drawn: readonly (typeof meeting extends fc.Arbitrary<infer T> ? T : never)[]) =>
    drawn.map(({ field, isTab, runs }, week) => {
      const date = new Date(Date.UTC(2026, 0, 2 + 7 * week)).toISOString().slice(0, 10)
      const race = runs.map((at): [string, Said] => {
        const { name, id, ...facts } = field[at]!
        const known = Object.entries(facts).filter(([, value]) => value !== undefined)
        const ids = id === undefined ? {} : isTab ? { tabHorse: `${id + 1}` } : { guid: `G${id}` }
        return [name, { ...ids, ...Object.fromEntries(known) }]
      })
      const own = new Map(race.map((one) => [nameKey(one[0]), one]))
      const starters = [...own.values()]
      return isTab ? tab(`t${week}`, date, 'Gore', starters) : hrnz(date, 'Gore', starters)
    })

  it(
    'answers of any kind hold, outlive the database, and go without a trace',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(meeting, { minLength: 3, maxLength: 8 }).map(read),
          fc.infiniteStream(fc.constantFrom('same' as const, 'different' as const)),
          fc.infiniteStream(fc.nat()),
          async (cards, answers, dice) => {
            const database = await openTestDatabase('sqlite')
            const again = await openTestDatabase('sqlite')
            const deps = quietDeps(database, now)
            try {
              for (const card of cards) await ingest(database, card)
              await matchHorses(deps, { all: false, dryRun: false })
              const before = await mastersByKeys(database)
              const decided: number[] = []
              for (let turn = 0; turn < 6; turn++) {
                const open = await openHorseQuestions(deps)
                if (open.length === 0) break
                const item = open[dice.next().value! % open.length]!
                const answer = answers.next().value!
                const request = { items: [item], answer, actor: 'test', reason: null }
                const decision = await answerQuestions(deps, request)
                if (decision !== null) decided.push(decision.number)
              }
              await nothingMoves(database)
              await noHorseTwiceInARace(database)
              await matchHorses(deps, { all: true, dryRun: false })
              const lines = await exportHorseDecisions(deps)
              for (const card of shuffled(cards, dice)) await ingest(again, card)
              await importHorseDecisions(quietDeps(again, now), {
                text: lines.join('\n'),
                dryRun: false,
              })
              await matchHorses(quietDeps(again, now), { all: true, dryRun: false })
              expect(await mastersByKeys(again)).toEqual(await mastersByKeys(database))
              for (const number of shuffled(decided, dice))
                await undoDecision(deps, { number, dryRun: false })
              await matchHorses(deps, { all: true, dryRun: false })
              expect(await mastersByKeys(database)).toEqual(before)
            } catch (error) {
              if (!(error instanceof UsageError)) throw error
              throw new Error(`refused: ${error.message}`, { cause: error })
            } finally {
              await database.close()
              await again.close()
            }
          },
        ),
        { numRuns: 8 },
      )
    },
  )
})

function shuffled<Item>(items: readonly Item[], dice: Iterator<number>): Item[] {
  return items
    .map((item) => ({ item, at: dice.next().value as number }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

async function noHorseTwiceInARace({ db }: OpenDatabase): Promise<void> {
  const starts = await db.selectFrom('starters').select(['race_id', 'horse_id']).execute()
  const seen = starts.map(({ race_id, horse_id }) => `${race_id} ${horse_id}`)
  expect(new Set(seen).size).toBe(seen.length)
}
