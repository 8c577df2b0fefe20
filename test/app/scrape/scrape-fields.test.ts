import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sexOn } from '../../../fixtures/world/draw.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverAndScrape } from '../../../src/app/scrape/discover-and-scrape.ts'
import { reparseResults } from '../../../src/app/scrape/reparse-results.ts'
import { addDays, isoInstant, nzInstant } from '../../../src/domain/dates.ts'
import { nameKey } from '../../../src/domain/names.ts'
import { ScrapeBench } from './scrape-support.ts'

const range = { from: '2026-02-02', to: '2026-02-22' }
const world = makeWorld({
  seed: 'tomorrow',
  ...range,
  meetingsPerWeek: 4,
  racesPerMeeting: [3, 4],
  startersPerRace: [6, 8],
})
const meeting = world.meetings.find(
  ({ inHrnz, fate, date }) => inHrnz && fate === 'held' && date > '2026-02-08',
)
const date = meeting?.date ?? ''
const eve = isoInstant(nzInstant(addDays(date, -1), '12:00:00'))

let bench: ScrapeBench
beforeEach(async () => {
  bench = await ScrapeBench.open(world, eve)
})
afterEach(() => bench.close())

const scrape = () => discoverAndScrape(bench.deps(), { range, paceMs: 2000 })
const cardOf = (day: string) =>
  bench.database.unitOfWork.read(async ({ cards }) => {
    const ids = (await cards.list({ from: day, to: day })).map(({ id }) => id)
    return (await cards.load(ids)).find(({ meeting: row }) =>
      row.club?.includes(meeting?.club.name ?? '?'),
    )
  })

describe("tomorrow's card", () => {
  it('is in the database on the eve: starters, draws, drivers, starting times', async () => {
    const { warnings } = await scrape()
    expect(warnings.filter(({ code }) => code !== 'amended')).toEqual([])
    const card = await cardOf(date)
    expect(card?.races).toHaveLength(meeting?.races.length ?? 0)
    for (const race of meeting?.races ?? []) {
      const read = card?.races.find(({ race: row }) => row.raceNumber === race.hrnzNumber)
      expect(read?.race).toMatchObject({
        distanceM: race.distanceM,
        gait: race.gait,
        stakeCents: race.stakeCents,
        startTime: isoInstant(Math.floor(race.startAt / 60_000) * 60_000),
      })
      const drivers = (names: readonly { name: string; driver: string | null }[]) =>
        names.map(({ name, driver }) => `${nameKey(name)} ${driver}`).sort()
      expect(
        drivers((read?.starters ?? []).map((one) => ({ name: one.horseName, driver: one.driver }))),
      ).toEqual(drivers(race.starters.map((one) => ({ name: one.hrnzName, driver: one.driver }))))
      expect(read?.starters.every(({ finishPosition }) => finishPosition === null)).toBe(true)
    }
    const horses = await bench.database.db
      .selectFrom('starts')
      .select(['horse_name', 'sex'])
      .where('meeting_date', '=', date)
      .execute()
    const sexes = new Map(horses.map((one) => [nameKey(one.horse_name), one.sex]))
    for (const { hrnzName, horse } of meeting?.races.flatMap(({ starters }) => starters) ?? [])
      expect(sexes.get(nameKey(hrnzName))).toBe(sexOn(horse, meeting?.day ?? 0))
  })

  it('becomes the results without making a start twice, and reads the same again', async () => {
    await scrape()
    bench.clock.set(isoInstant(nzInstant(addDays(date, 1), '12:00:00')))
    await scrape()
    const card = await cardOf(date)
    const starters = card?.races.flatMap((one) => one.starters) ?? []
    expect(starters).toHaveLength(
      meeting?.races.reduce((n, one) => n + one.starters.length, 0) ?? 0,
    )
    expect(starters.filter(({ finishPosition }) => finishPosition === 1).length).toBeGreaterThan(0)
    expect((await reparseResults(bench.deps())).outcome).toMatch(/no cell is read otherwise/)
    const states = (await bench.pages('fields')).filter((page) => page.date === date)
    expect(states.map(({ state }) => state)).toEqual(states.map(() => 'final'))
    expect(states.length).toBeGreaterThan(0)
  })
})
