import { describe, expect, it } from 'vitest'
import { hrnzPage, hrnzPaths } from '../../../fixtures/world/hrnz-pages.ts'
import { shownOnResultsPage } from '../../../fixtures/world/hrnz-shown.ts'
import type { Dialect } from '../../../fixtures/world/model.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import type { MeetingObservation } from '../../../src/domain/observation.ts'
import { withClubNumber } from '../../../src/domain/scraping/club-numbers.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const baseUrl = 'http://127.0.0.1:4000'
const pages = hrnzPages({ baseUrl })

/** What the parser adds to the cells: it concludes these from the races, and knows the address. */
function asShown(observation: MeetingObservation) {
  const { status, weather, trackCondition, hrnzUrl, ...meeting } = observation
  void [status, weather, trackCondition, hrnzUrl]
  return meeting
}

/** An empty text is not on the page, and white space runs together there. */
const asSeen = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner !== 'string' ? inner : inner === '' ? undefined : inner.replace(/\s+/g, ' '),
    ),
  )

describe.each<Dialect>(['table', 'responsive'])(
  'pages of a whole year in the dialect %s',
  (dialect) => {
    const world = makeWorld({
      seed: `hrnz-${dialect}`,
      from: '2025-03-01',
      to: '2026-02-28',
      dialect,
      meetingsPerWeek: 3,
    })
    const now = Date.parse('2026-12-01T00:00:00Z')
    const published = world.meetings.filter(
      (meeting) =>
        shownOnResultsPage(world, meeting, now) !== null &&
        world.meetingsByFile(meeting.hrnzFile).length === 1,
    )

    it('holds every field that a page shows, and no other', () => {
      expect(published.length).toBeGreaterThan(100)
      for (const meeting of published) {
        const path = `${hrnzPaths.folder}${meeting.hrnzFile}`
        const page = hrnzPage(world, path, now)
        const parsed = pages.parseResults(page?.body ?? Buffer.alloc(0), {
          url: `${baseUrl}${path}`,
          expectedDate: meeting.date,
          contentType: page?.contentType ?? null,
        })
        expect(asShown(parsed.observation)).toEqual(asSeen(shownOnResultsPage(world, meeting, now)))
        expect(parsed.observation.hrnzUrl).toBe(`${baseUrl}${path}`)
      }
    })

    it('takes the keys of the named page once the club number is learned', () => {
      for (const meeting of published.slice(0, 10)) {
        const page = hrnzPage(world, `${hrnzPaths.folder}${meeting.hrnzFile}`, now)
        const read = (url: string | null) =>
          pages.parseResults(page?.body ?? Buffer.alloc(0), { url }).observation
        const renamed = read(null)
        expect(renamed).not.toHaveProperty('clubNumber')
        expect(withClubNumber(renamed, meeting.club.number)).toEqual(
          read(`file:///saved/${meeting.hrnzFile}`),
        )
      }
    })

    it('lists every published meeting on the index and the month pages, once', () => {
      const at = Date.parse('2026-03-01T00:00:00Z')
      const index = pages.parseIndex(
        hrnzPage(world, hrnzPaths.index, at)?.body ?? Buffer.alloc(0),
        pages.indexUrl,
      )
      expect(index.months).toHaveLength(12)
      const listed = index.months.flatMap(({ url }) => {
        const page = hrnzPage(world, new URL(url).pathname, at)
        return page === null || !page.body.includes('rs.htm"')
          ? []
          : pages.parseMonth(page.body, url).meetings
      })
      const expected = published.filter(({ publishedAt }) => publishedAt <= at)
      for (const meeting of expected) {
        expect(listed).toContainEqual({
          url: `${baseUrl}${hrnzPaths.folder}${meeting.hrnzFile}`,
          date: meeting.date,
          club: meeting.club.shortName,
          clubNumber: meeting.club.number,
          venue: null,
        })
      }
      expect(new Set(listed.map(({ url }) => url)).size).toBe(listed.length)
    })
  },
)
