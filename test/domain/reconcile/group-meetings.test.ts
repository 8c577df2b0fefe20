import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Source } from '../../../src/domain/observation.ts'
import { groupMeetings, type SourceMeeting } from '../../../src/domain/reconcile/group-meetings.ts'
import { nzVenues } from '../../../src/domain/reconcile/nz-venues.ts'
import { VenueDirectory } from '../../../src/domain/reconcile/venues.ts'

const nz = new VenueDirectory(nzVenues)
const horses = (from: number, count = 20) =>
  new Set(Array.from({ length: count }, (_, index) => `horse ${from + index}`))

function said(
  source: Source,
  id: string,
  over: Partial<Omit<SourceMeeting, 'key' | 'source'>> = {},
): SourceMeeting {
  return {
    key: `${source}:${id}`,
    source,
    date: '2026-03-06',
    venue: null,
    club: null,
    tabMeetingId: null,
    clubNumber: null,
    horses: new Set(),
    ...over,
  }
}
const decide = (
  meetings: readonly SourceMeeting[],
  judgements: Parameters<typeof groupMeetings>[2] = [],
) => groupMeetings(meetings, nz, judgements)
const partition = (...given: Parameters<typeof decide>) =>
  decide(...given)
    .groups.map((group) => group.keys.join(' + '))
    .sort()
const ruleOf = (meetings: readonly SourceMeeting[]) =>
  decide(meetings).groups.find(({ keys }) => keys.length > 1)?.rule

describe('groupMeetings', () => {
  it('joins the two sources at one known place', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Addington' }),
      said('hrnz_scraper', '1', { venue: 'Addington Raceway', club: 'Far Away TC' }),
    ]
    expect(partition(pair)).toEqual(['hrnz_scraper:1 + tab_api:1'])
    expect(ruleOf(pair)).toBe('exact')
  })

  it('takes a club for a place only where the table says so', () => {
    const tab = said('tab_api', '1', { venue: 'Gore' })
    expect(ruleOf([tab, said('hrnz_scraper', '1', { club: 'Gore HRC' })])).toBe('exact')
    expect(ruleOf([tab, said('hrnz_scraper', '1', { club: 'Mataura Sulky Society' })])).toBe(
      undefined,
    )
  })

  it('joins by a source’s own id that another source carries', () => {
    const tab = said('tab_api', '1', { venue: 'X', tabMeetingId: 'abc' })
    expect(ruleOf([tab, said('manual', '1', { venue: 'Y', tabMeetingId: 'abc' })])).toBe(
      'source-id',
    )
    const hrnz = said('hrnz_scraper', '1', { venue: 'X', clubNumber: '12' })
    expect(ruleOf([hrnz, said('manual', '1', { venue: 'Y', clubNumber: '12' })])).toBe('source-id')
  })

  it('never joins Alexandra Park with Alexandra, and does not even ask', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Alexandra Park' }),
      said('hrnz_scraper', '1', { venue: 'Alexandra', horses: horses(0) }),
    ]
    expect(partition(pair)).toHaveLength(2)
    expect(decide(pair).questions).toEqual([])
  })

  it('does not take a club’s home for the place where it races this time', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Alexandra Park' }),
      said('hrnz_scraper', '1', { venue: 'Cambridge Raceway', club: 'Auckland Trotting Club' }),
    ]
    expect(partition(pair)).toHaveLength(2)
  })

  it('joins unlike names when the cards are alike, from ten horses on', () => {
    const tab = said('tab_api', '1', { venue: 'Showgrounds', horses: horses(0) })
    const hrnz = said('hrnz_scraper', '1', { venue: 'Otherwhere', horses: horses(5) })
    expect(ruleOf([tab, hrnz])).toBe('fuzzy')
    const few = [tab, hrnz].map((one) => ({ ...one, horses: horses(0, 9) }))
    expect(partition(few)).toHaveLength(2)
  })

  it('refuses one place with other horses, and asks', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Gore', horses: horses(0) }),
      said('hrnz_scraper', '1', { venue: 'Gore', horses: horses(17) }),
    ]
    expect(partition(pair)).toHaveLength(2)
    expect(decide(pair).questions.map(({ reason }) => reason)).toEqual(['same-venue-other-card'])
  })

  it('gives two meetings at one place each its own by their cards', () => {
    const day = [
      said('tab_api', 'day', { venue: 'Gore', horses: horses(0) }),
      said('tab_api', 'night', { venue: 'Gore', horses: horses(100) }),
      said('hrnz_scraper', 'a', { venue: 'Gore', horses: horses(101) }),
      said('hrnz_scraper', 'b', { venue: 'Gore', horses: horses(1) }),
    ]
    expect(partition(day)).toEqual([
      'hrnz_scraper:a + tab_api:night',
      'hrnz_scraper:b + tab_api:day',
    ])
  })

  it('lets no meeting without a card stand in the way of the one with the same horses', () => {
    const day = [
      said('tab_api', '1-abandoned', { venue: 'Gore' }),
      said('tab_api', '2-held', { venue: 'Gore', horses: horses(0) }),
      said('hrnz_scraper', '1', { venue: 'Gore Raceway', horses: horses(1) }),
    ]
    expect(partition(day)).toEqual(['hrnz_scraper:1 + tab_api:2-held', 'tab_api:1-abandoned'])
    expect(decide(day).questions).toEqual([])
  })

  it('asks, and does not pick, when two meetings fit and no card is known', () => {
    const day = [
      said('tab_api', '1', { venue: 'Gore' }),
      said('tab_api', '2', { venue: 'Gore' }),
      said('hrnz_scraper', '1', { venue: 'Gore' }),
    ]
    expect(partition(day)).toHaveLength(3)
    expect(decide(day).questions.map(({ reason }) => reason)).toEqual(['two-candidates'])
  })

  it('does not ask again what a person has left open', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Woodlea Flats' }),
      said('hrnz_scraper', '1', { venue: 'Woodley Plats' }),
    ]
    const open = decide([pair[0]!, { ...pair[1]!, venue: 'Woodland Flat Hills' }]).questions
    expect(open).toHaveLength(1)
    const unsure = { a: pair[0]!.key, b: pair[1]!.key, verdict: 'unsure' } as const
    expect(
      decide([pair[0]!, { ...pair[1]!, venue: 'Woodland Flat Hills' }], [unsure]).questions,
    ).toEqual([])
  })

  it('takes a person’s word over every rule, for and against; the later one counts', () => {
    const pair = [
      said('tab_api', '1', { venue: 'Gore', horses: horses(0) }),
      said('hrnz_scraper', '1', { venue: 'Gore', horses: horses(0) }),
    ]
    const [a, b] = [pair[0]!.key, pair[1]!.key]
    const same = { a, b, verdict: 'same' } as const
    const different = { a: b, b: a, verdict: 'different' } as const
    expect(partition(pair, [same, different])).toHaveLength(2)
    expect(decide(pair, [different]).questions).toEqual([])
    expect(partition(pair, [different, same])).toHaveLength(1)
    const twins = [said('tab_api', '1'), said('tab_api', '2')]
    expect(partition(twins, [{ a: twins[0]!.key, b: twins[1]!.key, verdict: 'same' }])).toEqual([
      'tab_api:1 + tab_api:2',
    ])
  })

  it('joins three sources of one meeting', () => {
    const day = (['tab_api', 'hrnz_scraper', 'manual'] as const).map((source) =>
      said(source, '1', { venue: 'Gore Raceway', horses: horses(0) }),
    )
    expect(partition(day)).toEqual(['hrnz_scraper:1 + manual:1 + tab_api:1'])
  })

  it('asks about meetings of the same horses that it may not join, once a pair of meetings', () => {
    const day = [
      said('tab_api', '1', { venue: 'Gore', horses: horses(0) }),
      said('hrnz_scraper', '1', { venue: 'Gore Raceway', horses: horses(0) }),
      said('manual', '1', { venue: 'GORE', horses: horses(0) }),
      said('manual', '2', { club: 'Gore Trotters', horses: horses(2) }),
    ]
    expect(partition(day)).toEqual(['hrnz_scraper:1 + manual:1 + tab_api:1', 'manual:2'])
    const [question, ...more] = decide(day).questions
    expect(question).toMatchObject({ reason: 'same-horses', overlap: 0.9 })
    expect(more).toEqual([])
    const [a, b] = question!.keys
    expect([a, b]).toEqual(['manual:1', 'manual:2'])
    expect(decide(day, [{ a, b, verdict: 'different' }]).questions).toEqual([])
    expect(decide(day, [{ a, b, verdict: 'same' }]).groups).toHaveLength(1)
  })

  describe('for any day', () => {
    const meeting = fc.record({
      source: fc.constantFrom<Source>('tab_api', 'hrnz_scraper', 'manual'),
      venue: fc.constantFrom(null, 'Gore', 'Gore Raceway', 'Alexandra', 'Alexandra Park', 'Gorse'),
      club: fc.constantFrom(null, 'Gore HRC', 'Auckland TC', 'Kurow TC'),
      first: fc.constantFrom(0, 3, 10, 40),
      count: fc.constantFrom(0, 5, 20),
      number: fc.constantFrom(null, null, '12', '14'),
      tabId: fc.constantFrom(null, null, 'abc'),
    })
    const day = fc.array(meeting, { maxLength: 8 }).map((drawn) =>
      drawn.map((one, index) =>
        said(one.source, String(index), {
          venue: one.venue,
          club: one.club,
          clubNumber: one.number,
          tabMeetingId: one.tabId,
          horses: horses(one.first, one.count),
        }),
      ),
    )
    const verdicts = fc.array(
      fc.record({
        a: fc.nat(7),
        b: fc.nat(7),
        verdict: fc.constantFrom('same' as const, 'different' as const, 'unsure' as const),
      }),
      { maxLength: 3 },
    )
    const judged = (meetings: readonly SourceMeeting[], drawn: Drawn<typeof verdicts>) =>
      drawn.flatMap(({ a, b, verdict }) => {
        const [x, y] = [meetings[a], meetings[b]]
        return x === undefined || y === undefined || x === y
          ? []
          : [{ a: x.key, b: y.key, verdict }]
      })

    it('the order of the meetings does not matter', () => {
      fc.assert(
        fc.property(day, verdicts, fc.infiniteStream(fc.nat()), (meetings, drawn, order) => {
          const judgements = judged(meetings, drawn)
          const shuffled = meetings
            .map((one) => ({ one, at: order.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one)
          const sorted = ({ groups, questions }: ReturnType<typeof decide>) => ({
            groups: [...groups].sort((a, b) => (a.keys[0]! < b.keys[0]! ? -1 : 1)),
            questions: questions.map(({ keys }) => [...keys].sort().join()).sort(),
          })
          expect(sorted(decide(shuffled, judgements))).toEqual(sorted(decide(meetings, judgements)))
        }),
        { numRuns: 400 },
      )
    })

    it('every meeting is in one group, and no rule joins two of one source', () => {
      fc.assert(
        fc.property(day, (meetings) => {
          const { groups } = decide(meetings)
          expect(groups.flatMap(({ keys }) => keys).sort()).toEqual(
            meetings.map(({ key }) => key).sort(),
          )
          for (const { keys } of groups) {
            const sources = keys.map((key) => key.split(':')[0])
            expect(new Set(sources).size).toBe(sources.length)
          }
        }),
        { numRuns: 400 },
      )
    })

    it('a pair that a person has told apart is never joined, directly or through a third', () => {
      fc.assert(
        fc.property(day, verdicts, (meetings, drawn) => {
          const apart = judged(meetings, drawn).map((one) => ({
            ...one,
            verdict: 'different' as const,
          }))
          for (const { keys } of decide(meetings, apart).groups) {
            for (const { a, b } of apart) expect(keys.includes(a) && keys.includes(b)).toBe(false)
          }
        }),
      )
    })
  })
})

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never
