import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import {
  exportHorseDecisions,
  importHorseDecisions,
} from '../../../src/app/horses/horse-decision-lines.ts'
import { mergeHorses, splitHorse, undoDecision } from '../../../src/app/horses/horse-decisions.ts'
import { decisionsOf } from '../../../src/domain/decisions.ts'
import { ingestMeeting, type IngestUnit } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import type { AppDeps } from '../../../src/app/ports.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { openTestDatabase } from '../../support/database.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'
import { SteppingClock } from '../../support/stepping-clock.ts'
import { testRandom } from '../../support/test-random.ts'

const now = '2026-06-01T00:00:00.000Z'
const world = makeWorld({ seed: 11, from: '2026-03-01', to: '2026-03-16', hrnzLinks: false })
const units: readonly IngestUnit[] = [
  ...hrnzUnits(world, Date.parse(now)),
  ...tabUnits(world, Date.parse(now)),
]
const open: OpenDatabase[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()))
})

async function aDatabase(from: readonly IngestUnit[]) {
  const database = await openTestDatabase('sqlite')
  open.push(database)
  const clock = new SteppingClock(now)
  const deps: AppDeps = { ...quietDeps(database, 0), clock }
  for (const unit of from) await ingestMeeting(deps, unit)
  return { database, deps, clock }
}

/** Everything that linking writes, as digests: the rows are too many to be shown. */
async function tables({ db }: OpenDatabase) {
  const [horses, links, starters, identifiers, names, redirects] = [
    await db.selectFrom('horses').selectAll().orderBy('id').execute(),
    await db.selectFrom('links').selectAll().orderBy('starter_id').execute(),
    await db.selectFrom('starters').select(['id', 'horse_id']).orderBy('id').execute(),
    await db
      .selectFrom('horse_identifiers')
      .selectAll()
      .orderBy('scheme')
      .orderBy('value')
      .execute(),
    await db
      .selectFrom('horse_names')
      .selectAll()
      .orderBy('horse_id')
      .orderBy('name_key')
      .execute(),
    await db
      .selectFrom('redirects')
      .selectAll()
      .where('kind', '=', 'horse')
      .orderBy('old_id')
      .execute(),
  ].map((rows) => createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 8))
  return { horses, links, starters, identifiers, names, redirects }
}

/** Which starts are one horse, by their keys: free of ids. */
async function partition({ db }: OpenDatabase): Promise<string[]> {
  const rows = await db.selectFrom('links').select(['horse_id', 'source_key']).execute()
  const groups = new Map<number, string[]>()
  for (const row of rows)
    groups.set(row.horse_id, [...(groups.get(row.horse_id) ?? []), row.source_key])
  return [...groups.values()].map((keys) => keys.sort().join(' ')).sort()
}

async function expectSettled({ database, deps }: Awaited<ReturnType<typeof aDatabase>>) {
  const { outcome } = await matchHorses(deps, { all: true, dryRun: true })
  expect(outcome).toMatch(/all as they were/)
  const twice = await database.db
    .selectFrom('starters')
    .innerJoin('races', 'races.id', 'starters.race_id')
    .select(['horse_id', 'race_id'])
    .where('scratched', '=', 0)
    .where('races.status', '!=', 'abandoned')
    .groupBy(['horse_id', 'race_id'])
    .having(({ fn }) => fn.countAll(), '>', 1)
    .execute()
  expect(twice).toEqual([])
}

const by = { actor: 'tester', reason: null, dryRun: false }

/** Horses with their starts, most starts first. */
async function horsesOf({ db }: OpenDatabase) {
  return db
    .selectFrom('horses')
    .select(['id', 'name', 'race_count'])
    .orderBy('race_count', 'desc')
    .orderBy('id')
    .execute()
}
async function startsOf({ db }: OpenDatabase, horse: number): Promise<number[]> {
  const rows = await db
    .selectFrom('links')
    .select('starter_id')
    .where('horse_id', '=', horse)
    .orderBy('racing_date')
    .orderBy('starter_id')
    .execute()
  return rows.map((row) => row.starter_id)
}

describe('decisions about horses', () => {
  it('merge, then undo, restores every table; so does split', async () => {
    const made = await aDatabase(units)
    const { database, deps } = made
    const before = await tables(database)
    const [a, b, ...others] = await horsesOf(database)
    const merged = await mergeAny(deps, a!.id, [b!.id, ...others.map(({ id }) => id)])
    expect(await tables(database)).not.toEqual(before)
    await expectSettled(made)
    await undoDecision(deps, { number: merged, dryRun: false })
    expect(await tables(database)).toEqual(before)

    const [first, ...rest] = await startsOf(database, a!.id)
    expect(rest.length).toBeGreaterThan(0)
    await splitHorse(deps, {
      ...by,
      horse: String(a!.id),
      starts: { starts: [String(first)], from: null },
    })
    await expectSettled(made)
    expect(await tables(database)).not.toEqual(before)
    await undoDecision(deps, { number: null, dryRun: false })
    // The id that the split gave was seen by people: it still finds the horse.
    const { redirects } = await tables(database)
    expect(await tables(database)).toEqual({ ...before, redirects })
  })

  it('a dry run changes nothing', async () => {
    const { database, deps } = await aDatabase(units.slice(0, 10))
    const before = await tables(database)
    const [a, ...others] = await horsesOf(database)
    await mergeAny(
      deps,
      a!.id,
      others.map(({ id }) => id),
      true,
    )
    expect(await tables(database)).toEqual(before)
  })

  it('any sequence of decisions and meetings leaves what matching everything anew would give', async () => {
    for (const seed of [1, 2, 3]) {
      const random = testRandom(seed)
      const shuffled = random.shuffled(units)
      const made = await aDatabase(shuffled.slice(0, 12))
      const { database, deps, clock } = made
      const apart: [number, number][] = []
      let next = 12
      for (let step = 0; step < 14; step++) {
        clock.set(new Date(Date.parse(now) + step * 1000).toISOString())
        const horses = await horsesOf(database)
        const kind = random.int(0, 3)
        if (kind === 0 && next < shuffled.length) await ingestMeeting(deps, shuffled[next++]!)
        else if (kind === 1) {
          const [a, ...others] = random.shuffled(horses)
          await mergeAny(
            deps,
            a!.id,
            others.map(({ id }) => id),
          )
        } else if (kind === 2) {
          const several = horses.filter(({ race_count }) => race_count > 1)
          if (several.length === 0) continue
          const horse = random.pick(several)
          const starts = await startsOf(database, horse.id)
          const part = starts.slice(0, random.int(1, starts.length - 1))
          const split = await attempt(() =>
            splitHorse(deps, {
              ...by,
              horse: String(horse.id),
              starts: { starts: part.map(String), from: null },
            }),
          )
          if (split !== null) apart.push([part[0]!, starts.at(-1)!])
        } else {
          const decisions = decisionsOf(
            await database.unitOfWork.read(({ judgements }) => judgements.active('horse')),
          )
          if (decisions.length > 0) {
            await undoDecision(deps, { number: random.pick(decisions).number, dryRun: false })
            apart.length = 0
          }
        }
        await expectSettled(made)
        for (const [x, y] of apart) {
          const links = await database.unitOfWork.read(({ horses }) =>
            horses.linksOfStarters([x, y]),
          )
          expect(new Set(links.map((link) => link.horseId)).size, `apart ${x} ${y}`).toBe(
            links.length,
          )
        }
      }
      while (next < shuffled.length) await ingestMeeting(deps, shuffled[next++]!)
      await expectSettled(made)
    }
  })

  it('a merge outlives ingesting everything again, and the order of ingestion does not matter', async () => {
    const { database, deps } = await aDatabase(units)
    const [a, b] = await apartHorses(database)
    await mergeAny(deps, a!.id, [b!.id])
    const merged = await partition(database)
    for (const unit of units) await ingestMeeting(deps, unit)
    expect(await partition(database)).toEqual(merged)
  })

  it('a database built anew with the exported decisions has the same horses', async () => {
    const { database, deps } = await aDatabase(units)
    const horses = await horsesOf(database)
    await mergeAny(
      deps,
      horses[0]!.id,
      horses.slice(1).map(({ id }) => id),
    )
    const [first] = await startsOf(database, horses[5]!.id)
    await splitHorse(deps, {
      ...by,
      horse: String(horses[5]!.id),
      starts: { starts: [String(first)], from: null },
    })
    const lines = await exportHorseDecisions(deps)
    expect(lines).toHaveLength(2)
    const again = await aDatabase(testRandom(5).shuffled(units))
    await importHorseDecisions(again.deps, { text: lines.join('\n'), dryRun: false })
    expect(await partition(again.database)).toEqual(await partition(database))
    await expectSettled(again)
    const twice = await importHorseDecisions(again.deps, { text: lines.join('\n'), dryRun: false })
    expect(twice).toMatchObject({ created: 0, unchanged: 2, moves: [] })
  })

  it('takes a file that says a thing both ways, as it stood there; not what is contrary to here', async () => {
    const { database, deps } = await aDatabase(units)
    const keys = await Promise.all(
      (await apartHorses(database)).map(({ id }) =>
        database.db
          .selectFrom('links')
          .select('source_key')
          .where('horse_id', '=', id)
          .orderBy('source_key')
          .executeTakeFirstOrThrow(),
      ),
    )
    const [a, b] = keys.map(({ source_key }) => source_key)
    const [same, different] = (['same', 'different'] as const).map((verdict) =>
      aLine(a!, b!, verdict),
    )
    const take = (...lines: string[]) =>
      importHorseDecisions(deps, { text: lines.join('\n'), dryRun: false })
    expect(await take(same!, different!)).toMatchObject({ created: 2 })
    expect(await take(same!, different!)).toMatchObject({ unchanged: 2 })
    await undoDecision(deps, { number: null, dryRun: false })
    await expect(take(different!)).rejects.toThrow(/said to be the same and to be different/)
    expect(await take(same!, different!)).toMatchObject({ created: 1, unchanged: 1 })
  })

  it('refuses what makes no sense, with the reason, and changes nothing', async () => {
    const { database, deps } = await aDatabase(units)
    const [a, b] = await apartHorses(database)
    const pair = { ...by, a: String(a!.id), b: String(b!.id) }
    const merge = () => mergeHorses(deps, pair)
    await expect(mergeHorses(deps, { ...pair, b: pair.a })).rejects.toThrow(/one horse already/)
    await expect(mergeHorses(deps, { ...pair, b: '999999' })).rejects.toThrow(/no horse 999999/)
    const { moves } = await merge()
    const retired = String(moves[0]!.from)
    const before = await tables(database)
    await expect(
      mergeHorses(deps, { ...pair, a: String(moves[0]!.to), b: retired }),
    ).rejects.toThrow(/merged into/)
    const starts = await startsOf(database, moves[0]!.to)
    await expect(
      splitHorse(deps, {
        ...by,
        horse: retired,
        starts: { starts: starts.map(String), from: null },
      }),
    ).rejects.toThrow(/nothing would be left/)
    await expect(
      splitHorse(deps, { ...by, horse: retired, starts: { starts: ['1999-01-01'], from: null } }),
    ).rejects.toThrow(/no start/)
    for (const [text, reason] of [
      ['{', /line 1 is no JSON/],
      ['[]', /line 1 is no decision about horses/],
      [aLine('a', 'b').replace('{', '{"what":1,'), /"what"/],
      [aLine('hrnz:starter:1999-01-01/01/R1/nobody', 'hrnz:starter:x'), /not known here/],
    ] as const) {
      await expect(importHorseDecisions(deps, { text, dryRun: false })).rejects.toThrow(reason)
    }
    expect(await tables(database)).toEqual(before)
    await undoDecision(deps, { number: null, dryRun: false })
    await expect(undoDecision(deps, { number: 4711, dryRun: false })).rejects.toThrow(
      /no decision 4711/,
    )
  })

  it('refuses to merge across a “different”', async () => {
    const { database, deps } = await aDatabase(units)
    const [horse] = await horsesOf(database)
    const starts = await startsOf(database, horse!.id)
    const { horseOf } = await splitHorse(deps, {
      ...by,
      horse: String(horse!.id),
      starts: { starts: [String(starts[0])], from: null },
    })
    const parts = [...new Set(starts.map((start) => String(horseOf.get(start))))]
    expect(parts).toHaveLength(2)
    await expect(mergeHorses(deps, { ...by, a: parts[0]!, b: parts[1]! })).rejects.toThrow(
      /said to be different: decision \d+/,
    )
  })
})

const aLine = (a: string, b: string, verdict: 'same' | 'different' = 'same'): string =>
  JSON.stringify({
    kind: 'horse',
    words: 'invented',
    reason: null,
    actor: 'tester',
    createdAt: now,
    judgements: [{ a, b, verdict }],
  })

/** Two horses that never start in one race. */
async function apartHorses(database: OpenDatabase) {
  const horses = await horsesOf(database)
  const races = async (id: number) =>
    new Set(
      (
        await database.db.selectFrom('links').select('race_id').where('horse_id', '=', id).execute()
      ).map((row) => row.race_id),
    )
  const first = horses[0]!
  const own = await races(first.id)
  for (const other of horses.slice(1)) {
    const theirs = await races(other.id)
    if (![...own].some((race) => theirs.has(race))) return [first, other] as const
  }
  throw new Error('all horses meet')
}

/** Merges a horse with the first of the others that it may be merged with. */
async function mergeAny(deps: AppDeps, a: number, others: readonly number[], dryRun = false) {
  for (const b of others) {
    const outcome = await attempt(() =>
      mergeHorses(deps, { ...by, a: String(a), b: String(b), dryRun }),
    )
    if (outcome !== null) return outcome.number
  }
  throw new Error('no horse to merge with')
}

async function attempt<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work()
  } catch {
    return null
  }
}
