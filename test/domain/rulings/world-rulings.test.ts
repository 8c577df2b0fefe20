import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hrnzPage, hrnzPaths } from '../../../fixtures/world/hrnz-pages.ts'
import { hasReport, reportPath } from '../../../fixtures/world/hrnz-stewards.ts'
import type { Dialect, Meeting } from '../../../fixtures/world/model.ts'
import { stewardsText, toldRulings } from '../../../fixtures/world/stewards-words.ts'
import { makeWorld, type World } from '../../../fixtures/world/world.ts'
import { matchCard } from '../../../src/domain/reconcile/matched-card.ts'
import { LayoutChangedError } from '../../../src/errors.ts'
import { hrnzPages } from '../../../src/sources/hrnz/hrnz-pages.ts'

const baseUrl = 'http://127.0.0.1:4000'
const pages = hrnzPages({ baseUrl })
const now = Date.parse('2026-12-01T00:00:00Z')

function worldOf(dialect: Dialect) {
  const world = makeWorld({
    seed: `rulings-${dialect}`,
    from: '2025-11-01',
    to: '2026-02-28',
    dialect,
    meetingsPerWeek: 3,
  })
  const meetings = world.meetings.filter(
    (meeting) =>
      meeting.inHrnz &&
      meeting.publishedAt <= now &&
      hasReport(meeting, now) &&
      world.meetingsByFile(meeting.hrnzFile).length === 1,
  )
  return { world, meetings }
}

/** The card of a meeting's results page and of its report, and the rulings that come of them. */
function readCard(world: World, meeting: Meeting, report: Uint8Array) {
  const path = `${hrnzPaths.folder}${meeting.hrnzFile}`
  const results = pages.parseResults(hrnzPage(world, path, now)?.body ?? Buffer.alloc(0), {
    url: `${baseUrl}${path}`,
  }).observation
  const { observation } = pages.parsePage('stewards', report, {
    url: `${baseUrl}${reportPath(meeting)}`,
  })
  const card = matchCard([results, observation])
  return {
    issues: card.rulingIssues ?? [],
    rulings: card.races.flatMap(({ by, starters }) =>
      starters.flatMap(({ by: said, rulings = [] }) =>
        rulings.map(({ kind, from, to, toldBy, agrees }) => ({
          text: `R${by.hrnz_scraper?.number} ${said.hrnz_scraper?.key} ${kind} ${from} ${to}`,
          from: toldBy.kind,
          agrees,
        })),
      ),
    ),
  }
}

const truthOf = (meeting: Meeting, world: World): string[] =>
  meeting.races.flatMap((race) =>
    toldRulings(race, now).map(({ kind, starter, from, to }) => {
      const start = world.truth.starts.find(({ startId }) => startId === starter.id)
      return `R${race.hrnzNumber} ${start?.hrnzKey} ${kind} ${from} ${to}`
    }),
  )

describe.each<Dialect>(['table', 'responsive'])(
  "four months' reports in the dialect %s",
  (dialect) => {
    const { world, meetings } = worldOf(dialect)

    it('give every ruling that was made, no other, and the results page bears each out', () => {
      const kinds = new Set<string>()
      let denied = 0
      for (const meeting of meetings) {
        const page = hrnzPage(world, reportPath(meeting), now)
        const { rulings, issues } = readCard(world, meeting, page?.body ?? Buffer.alloc(0))
        expect(rulings.map(({ text }) => text).sort()).toEqual(truthOf(meeting, world).sort())
        expect(
          rulings.filter(({ from, agrees }) => from !== 'stewards' || agrees !== true),
        ).toEqual([])
        expect(issues).toEqual([])
        for (const race of meeting.races) {
          for (const { kind } of toldRulings(race, now)) kinds.add(kind)
          if (
            /not scratched|no grounds|considered|would have|last start/.test(
              stewardsText(race, now),
            )
          )
            denied++
        }
      }
      expect([...kinds].sort()).toEqual(['disqualified', 'relegated', 'scratched'])
      expect(denied).toBeGreaterThan(20)
      expect(meetings.length).toBeGreaterThan(20)
    })
  },
)

describe('a report that has come to harm', () => {
  const { world, meetings } = worldOf('responsive')
  const reports = meetings.map((meeting) => ({
    meeting,
    html: hrnzPage(world, reportPath(meeting), now)?.body.toString() ?? '',
    truth: new Set(truthOf(meeting, world)),
  }))
  /** Cut out a piece, double one, or put a few letters in. */
  const harm = fc.record({
    report: fc.constantFrom(...reports),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(60),
    put: fc.constantFrom(
      '',
      '',
      '<p>',
      '</h3>',
      '&nbsp;',
      'not ',
      'if ',
      'x',
      'Race 2 ',
      '\0',
      '\u2028',
    ),
    doubled: fc.boolean(),
  })

  it('is read or refused, and what it still tells is seldom another thing than the truth', () => {
    let told = 0
    let wrong = 0
    fc.assert(
      fc.property(harm, ({ report: { meeting, html, truth }, at, length, put, doubled }) => {
        const from = Math.floor(at * html.length)
        const piece = html.slice(from, from + length)
        const harmed =
          html.slice(0, from) + (doubled ? piece + piece : put) + html.slice(from + length)
        try {
          for (const { text } of readCard(world, meeting, Buffer.from(harmed)).rulings) {
            told++
            if (!truth.has(text)) wrong++
          }
        } catch (error) {
          if (!(error instanceof LayoutChangedError)) throw error
        }
      }),
      { numRuns: 200 },
    )
    expect(told).toBeGreaterThan(100)
    expect(wrong / told).toBeLessThan(0.01)
  })
})
