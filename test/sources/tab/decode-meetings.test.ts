import { describe, expect, test } from 'vitest'
import { decodeMeetings } from '../../../src/sources/tab/decode-meetings.ts'
import { tabApi } from '../../../src/sources/tab/tab-api.ts'
import { bytes, ids, listBody, listedMeeting, listedRace, type Json } from './invented-payloads.ts'

const range = { from: '2026-03-06', to: '2026-03-06' }
const decode = (body: unknown): ReturnType<typeof decodeMeetings> =>
  decodeMeetings(bytes(body), { range })

function thrown(body: unknown): unknown {
  try {
    decode(body)
  } catch (error) {
    return error
  }
  return undefined
}

describe('the list of meetings', () => {
  test('becomes meetings with races that have no starters', () => {
    expect(decode(listBody([listedMeeting()]))).toEqual({
      issues: [],
      nextOffset: null,
      meetings: [
        {
          source: 'tab_api',
          kind: 'card',
          key: `tab:meeting:${ids.meeting}`,
          date: '2026-03-06',
          venue: 'Kereru Downs',
          tabMeetingId: ids.meeting,
          status: 'open',
          trackCondition: 'Easy',
          weather: 'FINE',
          more: { toteStatus: 'Open' },
          races: [
            {
              key: `tab:event:${ids.event}`,
              number: 1,
              name: 'TUSSOCK FEEDS HANDICAP TROT',
              distanceM: 2200,
              gait: 'trot',
              isHandicap: true,
              startTime: '2026-03-06T05:30:00.000Z',
              status: 'open',
              trackCondition: 'Easy',
              weather: 'FINE',
              starters: [],
            },
          ],
        },
      ],
    })
  })

  test('keeps New Zealand harness only, whatever comes', () => {
    const others = [
      { category: 'T' },
      { category: 'G', name: 'Kereru Downs (G)' },
      { country: 'AUS' },
    ].map((over) => listedMeeting(over))
    const { meetings, issues } = decode(listBody([...others, listedMeeting()]))
    expect(meetings).toHaveLength(1)
    expect(issues).toEqual([])
  })

  test('null and empty lists are days without meetings', () => {
    expect(decode(listBody(null)).meetings).toEqual([])
    expect(decode({ ...listBody([]), data: {} }).meetings).toEqual([])
    expect(decode(listBody([listedMeeting({ races: null })])).meetings[0]?.races).toEqual([])
  })

  test('under another name the list is another layout, not a day without meetings', () => {
    for (const over of [{ data: { items: [] } }, { data: undefined }, { data: { meetings: {} } }]) {
      expect(thrown({ ...listBody([]), ...over })).toMatchObject({ code: 'invalid-payload' })
    }
  })

  test('a meeting that cannot be read costs an issue, the others are taken', () => {
    const broken = listedMeeting({ races: [listedRace({ id: 7 })] })
    const { meetings, issues } = decode(listBody([broken, listedMeeting()]))
    expect(meetings).toHaveLength(1)
    expect(issues).toMatchObject([{ code: 'meeting-unreadable' }])
    expect(issues[0]?.message).toContain('data.meetings.0.races.0.id')
  })

  test('special markets with number 0 are no races', () => {
    const races = [listedRace({ race_number: 0, id: 'market' }), listedRace()]
    expect(decode(listBody([listedMeeting({ races })])).meetings[0]?.races).toHaveLength(1)
  })

  test('the date is the racing day of the list, else the first start in New Zealand', () => {
    const races = [
      listedRace({ id: 'late', race_number: 9, start_time: '2026-03-06T11:30:00Z' }),
      listedRace({ start_time: '2026-03-05T22:45:00Z' }),
    ]
    const date = '0001-01-01T00:00:00Z'
    const { meetings } = decode(listBody([listedMeeting({ date, races })]))
    expect(meetings[0]?.date).toBe('2026-03-06')
  })

  test('a meeting is abandoned when all its races are', () => {
    const abandoned = listedRace({ status: 'Abandoned' })
    const status = (races: Json[]): unknown =>
      decode(listBody([listedMeeting({ races })])).meetings[0]?.status
    expect(status([abandoned])).toBe('abandoned')
    expect(status([abandoned, listedRace({ id: 'two', status: 'Final' })])).toBe('final')
    expect(
      status([listedRace({ status: 'Open' }), listedRace({ id: 'two', status: 'Final' })]),
    ).toBe('open')
  })
})

describe('the echo of the parameters', () => {
  test.each([
    ['the code is missing', { type: ' ' }],
    ['another code', { type: 'T' }],
    ['no country', { country: ' ' }],
    ['another day', { date_from: '2026-03-05T00:00:00Z' }],
    ['another last day', { date_to: '2026-03-20T00:00:00Z' }],
    ['no date', { date_from: null }],
  ])('%s: the list is not what was asked for', (_, over) => {
    expect(thrown(listBody([], over))).toMatchObject({
      name: 'LayoutChangedError',
      code: 'filter-ignored',
    })
  })

  test('may call the code category, and write the day as an instant of New Zealand', () => {
    const over = { type: undefined, category: 'H', date_from: '2026-03-05T11:00:00Z' }
    expect(decode(listBody([], over)).meetings).toEqual([])
  })

  test('a full page has another one behind it', () => {
    const meetings = [listedMeeting(), listedMeeting({ meeting: 'second' })]
    expect(decode(listBody(meetings, { limit: 2, offset: 4 })).nextOffset).toBe(6)
    expect(decode(listBody(meetings, { limit: 3 })).nextOffset).toBeNull()
  })

  test('an answer that is an error names its code', () => {
    const header = { error: 'date_from is too far in the past', error_code: 'FR0010' }
    expect(thrown({ header })).toMatchObject({ code: 'tab-fr0010' })
  })
})

describe('addresses and headers', () => {
  const api = tabApi({
    baseUrl: 'https://tab.invalid/affiliates/v1/',
    contact: 'a@b.invalid',
    partner: 'Someone',
    partnerId: 'someone-1',
  })

  test('name code, country, dates, limit and offset', () => {
    expect(api.meetingsUrl({ from: '2026-03-06', to: '2026-03-07' }, 200)).toBe(
      'https://tab.invalid/affiliates/v1/racing/meetings?category=H&country=NZ&date_from=2026-03-06&date_to=2026-03-07&limit=200&offset=200',
    )
    expect(api.eventUrl('a b/c')).toBe('https://tab.invalid/affiliates/v1/racing/events/a%20b%2Fc')
  })

  test('say who asks, as far as it is configured', () => {
    expect(api.headers).toEqual({
      From: 'a@b.invalid',
      'X-Partner': 'Someone',
      'X-Partner-ID': 'someone-1',
    })
    expect(tabApi({ baseUrl: 'https://tab.invalid', partner: null }).headers).toEqual({})
  })
})
