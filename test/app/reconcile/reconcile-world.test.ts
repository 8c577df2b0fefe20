import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { ingestMeeting, type IngestUnit } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import { correctField } from '../../../src/app/reconcile/reconcile-corrections.ts'
import {
  splitMeeting,
  undoMeetingDecision,
} from '../../../src/app/reconcile/reconcile-decisions.ts'
import { reconcileMeetings } from '../../../src/app/reconcile/reconcile-meetings.ts'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { withClubNumber } from '../../../src/domain/scraping/club-numbers.ts'
import { openTestDatabase } from '../../support/database.ts'
import { mastersByKeys } from '../../support/masters-by-keys.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'

const worlds = ['d', 'e', 'f'].map((seed) => {
  const world = makeWorld({
    seed,
    from: '2026-02-02',
    to: '2026-02-09',
    meetingsPerWeek: 5,
    racesPerMeeting: [3, 4],
    startersPerRace: [4, 6],
    horses: 90,
  })
  const now = nzInstant(addDays(world.to, 10), '09:00')
  return { now, units: [...hrnzUnits(world, now), ...tabUnits(world, now)] }
})

/** The units in this order, some of them twice; then what applying it all again would do. */
async function ingestAll(units: readonly IngestUnit[], now: number) {
  const database = await openTestDatabase('sqlite')
  try {
    const deps = quietDeps(database, now)
    for (const unit of units) await ingestMeeting(deps, unit)
    const masters = await mastersByKeys(database)
    const again = await reconcileMeetings(deps, { dryRun: true })
    const matched = await matchHorses(deps, { all: true, dryRun: true })
    return { masters, again, matched }
  } finally {
    await database.close()
  }
}

/** Rows that one of the two has and the other has not: a whole world is too much to read. */
function differences(a: Masters, b: Masters): string[] {
  return (Object.keys(a) as (keyof Masters)[]).flatMap((kind) => {
    const [left, right] = [new Set(a[kind]), new Set(b[kind])]
    return [
      ...a[kind].filter((row) => !right.has(row)).map((row) => `${kind} + ${row}`),
      ...b[kind].filter((row) => !left.has(row)).map((row) => `${kind} - ${row}`),
    ]
  })
}
type Masters = Awaited<ReturnType<typeof mastersByKeys>>

/** The same meeting a day later, as a source said it before the meeting was moved. */
function aDayBefore(unit: IngestUnit): IngestUnit {
  const { observation } = unit
  return {
    ...unit,
    confirmedAt: new Date(Date.parse(unit.confirmedAt) - 86_400_000).toISOString(),
    observation: { ...observation, date: addDays(observation.date, -1) },
  }
}

describe('a small world, read in any order', () => {
  it('gives the same masters, and leaves nothing to do', { timeout: 60_000 }, async () => {
    const expected = await Promise.all(
      worlds.map(({ units, now }) => ingestAll(units, now).then(({ masters }) => masters)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.nat(worlds.length - 1),
        fc.infiniteStream(fc.nat()),
        fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
        async (index, order, fate) => {
          const { units, now } = worlds[index]!
          const told = units.flatMap((unit) => {
            const at = order.next().value as number
            switch (fate.next().value) {
              case 0:
                return [
                  { at, unit },
                  { at: order.next().value as number, unit },
                ]
              case 1:
                // TAB's own keys have no date: the meeting was listed for the day before, once.
                return unit.observation.source === 'tab_api'
                  ? [
                      { at, unit: aDayBefore(unit) },
                      { at: at + 1, unit },
                    ]
                  : [{ at, unit }]
              default:
                return [{ at, unit }]
            }
          })
          told.sort((a, b) => a.at - b.at)
          const { masters, again, matched } = await ingestAll(
            told.map(({ unit }) => unit),
            now,
          )
          expect(differences(masters, expected[index]!)).toEqual([])
          const { meetings, races, starters } = again.counts
          expect([meetings, races, starters].map((rows) => rows.created + rows.updated)).toEqual([
            0, 0, 0,
          ])
          expect(matched.counts.starters.updated + matched.counts.horses.created).toBe(0)
        },
      ),
      { numRuns: 12 },
    )
  })

  it(
    'is as it was when splits and corrections are undone, in any order',
    { timeout: 60_000 },
    async () => {
      for (const { units, now } of worlds) {
        const database = await openTestDatabase('sqlite')
        try {
          const deps = quietDeps(database, now)
          for (const unit of units) await ingestMeeting(deps, unit)
          const before = await mastersByKeys(database)
          const by = { actor: 'me', reason: 'a test', dryRun: false }
          const merged = await database.db
            .selectFrom('meetings')
            .select(['id', 'meeting_date'])
            .where('data_source', '=', 'merged')
            .execute()
          const numbers: number[] = []
          for (const { id } of merged) {
            const correction = { ...by, meeting: `${id}`, race: null, starter: null, value: 'Fine' }
            numbers.push((await correctField(deps, { ...correction, field: 'weather' })).number)
            const split = await splitMeeting(deps, { ...by, meeting: `${id}`, source: null })
            numbers.push(split.number)
          }
          const apart = await mastersByKeys(database)
          expect(apart.meetings).toHaveLength(before.meetings.length + merged.length)
          expect(apart.starters.some((row) => row.includes('"data_source":"merged"'))).toBe(false)
          const idle = await reconcileMeetings(deps, { dryRun: true })
          expect(idle.counts.meetings.created + idle.counts.meetings.updated).toBe(0)
          expect(
            (await matchHorses(deps, { all: true, dryRun: true })).counts.starters.updated,
          ).toBe(0)
          // Each by itself, in another order than they were made.
          for (const number of numbers.toSorted((a, b) => (a % 3) - (b % 3) || b - a))
            await undoMeetingDecision(deps, { number, dryRun: false })
          expect(differences(await mastersByKeys(database), before)).toEqual([])
          const after = await database.db.selectFrom('meetings').select('id').execute()
          expect(after.map(({ id }) => id)).toEqual(
            expect.arrayContaining(merged.map(({ id }) => id)),
          )
        } finally {
          await database.close()
        }
      }
    },
  )

  it('knows a page under its club’s name as the one under its number, whichever comes first', async () => {
    const { units, now } = worlds[0]!
    const hrnz = units.filter(({ observation }) => observation.source === 'hrnz_scraper')
    const { clubNumber, ...numbered } = hrnz[0]!.observation
    const slug = withClubNumber(numbered, 'a-club-without-number')
    const { clubNumber: _, ...unnumbered } = slug
    expect(clubNumber).toBeDefined()
    const renamed: IngestUnit = { ...hrnz[0]!, url: 'file:saved.html', observation: unnumbered }
    const expected = (await ingestAll(units, now)).masters
    for (const order of [
      [renamed, ...units],
      [...units, renamed],
    ]) {
      const { masters } = await ingestAll(order, now)
      expect(masters.meetings).toHaveLength(expected.meetings.length)
      expect(
        differences(
          { ...masters, meetings: [], races: [] },
          { ...expected, meetings: [], races: [] },
        ),
      ).toEqual([])
    }
  })
})
