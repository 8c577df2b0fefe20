import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { discoverMeetings } from '../../../src/app/discover/discover-meetings.ts'
import { ScrapeBench } from '../scrape/scrape-support.ts'

const world = makeWorld({
  seed: 'calendar',
  from: '2026-01-05',
  to: '2026-04-26',
  meetingsPerWeek: 4,
  racesPerMeeting: [2, 2],
  startersPerRace: [5, 6],
})
const range = { from: '2026-01-05', to: '2026-04-26' }
const now = '2026-03-15T00:00:00Z'

let bench: ScrapeBench
beforeEach(async () => {
  bench = await ScrapeBench.open(world, now)
})
afterEach(() => bench.close())

const discover = (dryRun = false) => discoverMeetings(bench.deps(), { range, dryRun, paceMs: 2000 })

describe('the calendar', () => {
  it('accounts for every meeting of the range', async () => {
    const { meetings, counts, warnings } = await discover()
    expect(warnings).toEqual([])
    const clubs = (list: readonly { date: string }[]) => list.map(({ date }) => date).sort()
    expect(clubs(meetings)).toEqual(clubs(world.meetings))
    expect(counts.found + counts.expected + counts.closed).toBe(world.meetings.length)
    const future = meetings.filter(({ date }) => date > '2026-03-15')
    expect(future.length).toBeGreaterThan(0)
    // One that was called off ahead of its day is closed already.
    expect(future.every(({ url }) => url === null)).toBe(true)
    expect(meetings.filter(({ url }) => url === null).every(({ reason }) => reason)).toBe(true)
  })

  it('closes what was abandoned or postponed with the evidence', async () => {
    const { meetings } = await discover()
    const gone = world.meetings.filter(
      ({ fate, date }) => (fate === 'abandoned' || fate === 'postponed') && date < '2026-03-05',
    )
    expect(gone.length).toBeGreaterThan(0)
    for (const { date, fate } of gone) {
      const word = fate === 'abandoned' ? 'abandoned' : 'postponed'
      expect(
        meetings.filter((one) => one.date === date && one.reason?.includes(word)),
      ).toMatchObject([{ state: 'closed', url: null }])
    }
  })

  it('closes what is missing after ten days, and opens it again when its page comes', async () => {
    const noPage = world.meetings.filter(
      ({ inHrnz, fate, date }) => !inHrnz && fate === 'held' && date < '2026-03-05',
    )
    expect(noPage.length).toBeGreaterThan(0)
    await discover()
    const closed = (await bench.pages('expected')).filter(
      ({ errorCode }) => errorCode === 'missing',
    )
    expect(closed.map(({ date }) => date)).toEqual(noPage.map(({ date }) => date))
    expect(closed[0]).toMatchObject({ state: 'closed', reason: expect.stringMatching(/10 days/) })
    const [page] = noPage
    await bench.database.unitOfWork.run(({ pages }) =>
      pages.register([
        {
          source: 'hrnz_scraper',
          kind: 'results',
          url: `${bench.servers.hrnzUrl}/datahrs/results/${page?.hrnzFile}`,
          date: page?.date ?? null,
          club: page?.club.shortName ?? null,
          clubNumber: page?.club.number ?? null,
          venue: null,
          dueAt: now,
          reason: 'came late',
        },
      ]),
    )
    await discover()
    const after = (await bench.pages('expected')).find(({ id }) => id === closed[0]?.id)
    expect(after).toMatchObject({ state: 'final', errorCode: null })
  })

  it('turns what was expected into found when the day has come', async () => {
    const before = await discover()
    bench.clock.set('2026-04-10T00:00:00Z')
    const after = await discover()
    expect(after.counts.found).toBeGreaterThan(before.counts.found)
    expect(after.counts.expected).toBeLessThan(before.counts.expected)
  })

  it('does without the racing dates and without the calendar, and says so', async () => {
    bench.servers.setFaults([{ host: 'hrnz', match: /calendar/, kind: 'not-a-page' }])
    const { counts, warnings } = await discover()
    expect(counts).toMatchObject({ expected: 0, closed: 0 })
    expect(counts.found).toBeGreaterThan(0)
    expect(warnings.map(({ code }) => code)).toEqual(['layout-changed', 'layout-changed'])
  })

  it('says before its first request what is reachable and what it costs', async () => {
    await discover()
    expect(bench.lines[0]?.message).toMatch(/reachable are 2026-01-05 to .*at most 12 requests/)
  })

  it('keeps nothing in a dry run', async () => {
    expect((await discover(true)).counts.closed).toBeGreaterThan(0)
    expect(await bench.pages('expected')).toEqual([])
  })
})
