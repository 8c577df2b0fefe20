import { describe, expect, test } from 'vitest'
import type { RaceObservation, StarterObservation } from '../../../src/domain/observation.ts'
import { decodeEvent } from '../../../src/sources/tab/decode-event.ts'
import { bytes, eventBody, ids, result, runner, type Json } from './invented-payloads.ts'

function decoded(body: unknown): { race: RaceObservation; codes: string[] } {
  const event = decodeEvent(bytes(body))
  if (event.kind === 'gone') throw new Error('the event is gone')
  return { race: event.race, codes: event.issues.map((issue) => issue.code) }
}

function starter(over: Json, race: Json = {}): StarterObservation {
  const found = decoded(eventBody({ race, runners: [runner(1, over)] })).race.starters[0]
  if (found === undefined) throw new Error('no starter')
  return found
}

function thrown(body: unknown): unknown {
  try {
    decodeEvent(typeof body === 'string' ? bytes(body) : bytes(JSON.stringify(body)))
  } catch (error) {
    return error
  }
  return undefined
}

describe('a card', () => {
  test('becomes a race with its starters', () => {
    const event = decodeEvent(bytes(eventBody()))
    expect(event).toMatchObject({
      kind: 'race',
      meetingKey: `tab:meeting:${ids.meeting}`,
      issues: [],
      race: {
        key: `tab:event:${ids.event}`,
        number: 1,
        name: 'Tussock Feeds Mobile Pace',
        distanceM: 2200,
        gait: 'pace',
        startType: 'mobile',
        startTime: '2026-03-06T05:30:00.000Z',
        status: 'open',
        stakeCents: 800_000,
        more: { raceDateNz: '2026-03-06' },
      },
    })
    expect(decoded(eventBody()).race.starters[2]).toEqual({
      key: `tab:entrant:${ids.entrant(3)}`,
      tabEntrantId: ids.entrant(3),
      number: 3,
      horseName: 'Paper Lantern D',
      identifiers: [{ scheme: 'tab_horse:nz', value: '400003' }],
      sire: 'Copper Kettle',
      dam: 'Quiet Ferry',
      damSire: 'Old Harbour',
      sex: 'M',
      colour: 'B',
      country: 'NZ',
      foaledOn: '2020-10-14',
      barrier: 'Fr3',
      driver: 'R Fernhill',
      trainer: 'T Wharfside',
      scratched: false,
      more: { age: '5' },
    })
  })

  test('null lists, absent keys and unknown keys are no trouble', () => {
    const { race } = decoded(eventBody({ runners: null, race: { brand_new: { deep: [1] } } }))
    expect(race.starters).toEqual([])
    const bare = { entrant_id: ids.entrant(1), runner_number: 1, name: 'Paper Lantern' }
    expect(decoded(eventBody({ runners: [bare] })).race.starters).toEqual([
      {
        key: `tab:entrant:${ids.entrant(1)}`,
        tabEntrantId: ids.entrant(1),
        number: 1,
        horseName: 'Paper Lantern',
        scratched: false,
      },
    ])
  })

  test('0, the year 1 and empty text are no values', () => {
    const empty = starter({
      horse_id: 0,
      barrier: 0,
      barrier_position: '',
      foaling_date: '0001-01-01T00:00:00Z',
      sire: '  ',
      jockey: '',
      age: 0,
      scr_time: '0001-01-01T00:00:00Z',
    })
    for (const key of ['identifiers', 'barrier', 'foaledOn', 'sire', 'driver', 'scratchedAt']) {
      expect(empty).not.toHaveProperty(key)
    }
    const { race } = decoded(eventBody({ race: { advertised_start: 0, distance: 0, weather: '' } }))
    for (const key of ['startTime', 'distanceM', 'weather']) expect(race).not.toHaveProperty(key)
  })

  test('without race_date_nz the start on the New Zealand clock gives the date', () => {
    // 12:30 on the 6th in London is already the 7th in New Zealand.
    const { race } = decoded(
      eventBody({ race: { race_date_nz: null, advertised_start: 1_772_800_200 } }),
    )
    expect(race.more).toMatchObject({ raceDateNz: '2026-03-07' })
  })

  test('an unknown status is kept as text and reported', () => {
    const { race, codes } = decoded(eventBody({ race: { status: 'Suspended' } }))
    expect(race).not.toHaveProperty('status')
    expect(race.more).toMatchObject({ status: 'Suspended' })
    expect(codes).toEqual(['unknown-status'])
  })

  test('a second runner with the same number or entrant is passed over', () => {
    const { race, codes } = decoded(
      eventBody({ runners: [runner(1), runner(2, { runner_number: 1 }), runner(1)] }),
    )
    expect(race.starters).toHaveLength(1)
    expect(codes).toEqual(['duplicate-runner', 'duplicate-runner'])
  })

  test('a scratched runner keeps its place on the card and the time of its scratching', () => {
    const gone = starter({
      is_scratched: true,
      scr_time: '2026-03-06T01:02:03Z',
      barrier: 4,
      barrier_position: 'Fr-',
    })
    expect(gone).toMatchObject({ scratched: true, scratchedAt: '2026-03-06T01:02:03.000Z' })
    expect(gone).not.toHaveProperty('barrier')
    expect(starter({ is_scratched: true, scratch_time: 1_772_758_923 }).scratchedAt).toBe(
      '2026-03-06T01:02:03.000Z',
    )
  })
})

describe('identifiers', () => {
  test('NZ and overseas horse numbers are two schemes', () => {
    expect(starter({ horse_id: 999_999 }).identifiers).toEqual([
      { scheme: 'tab_horse:nz', value: '999999' },
    ])
    expect(starter({ horse_id: 1_000_000 }).identifiers).toEqual([
      { scheme: 'tab_horse:intl', value: '1000000' },
    ])
  })

  test('a number of more than 15 digits keeps them all', () => {
    const text = JSON.stringify(eventBody({ runners: [runner(1)] }))
      .replace('"horse_id":400001', '"horse_id":9007199254740993')
      .replace('Paper Lantern B', 'No 12345678901234567890')
    const { race } = decoded(text)
    expect(race.starters[0]).toMatchObject({
      horseName: 'No 12345678901234567890',
      identifiers: [{ scheme: 'tab_horse:intl', value: '9007199254740993' }],
    })
  })

  test("HRNZ's own number is kept under its scheme where it is given", () => {
    expect(starter({ harness_nz_horse_id: 27168 }).identifiers).toContainEqual({
      scheme: 'harness_nz_horse_id',
      value: '27168',
    })
  })

  test('`Nz` after the name of a New Zealand horse goes on overseas cards only', () => {
    const abroad = starter({ name: 'Imperial Kettle Nz' }, { country: 'AUS' })
    expect(abroad).toMatchObject({
      horseName: 'Imperial Kettle',
      more: { name: 'Imperial Kettle Nz' },
    })
    expect(starter({ name: 'Made In Nz' }).horseName).toBe('Made In Nz')
    expect(starter({ name: 'Made In Nz', country: 'AUS' }, { country: 'AUS' }).horseName).toBe(
      'Made In Nz',
    )
  })
})

describe('results', () => {
  const final = { race: { status: 'Final' } }

  test('give placing, text, margin and time', () => {
    const { race } = decoded(
      eventBody({
        ...final,
        results: [
          result(1, 4, { winning_time: 163.42, time_ran: 163.42 }),
          result(2, 1, { margin_length: 0.4, positional_margin: 'LG NK' }),
        ],
      }),
    )
    expect(race.winningTimeMs).toBe(163_420)
    expect(race.starters[3]).toMatchObject({
      finishPosition: 1,
      finishRaw: '1',
      timeMs: 163_420,
    })
    expect(race.starters[3]).not.toHaveProperty('marginRaw')
    expect(race.starters[0]).toMatchObject({
      finishPosition: 2,
      marginRaw: '0.4',
      more: { positionalMargin: 'LG NK' },
    })
    expect(race.starters[1]).not.toHaveProperty('finishPosition')
  })

  test('margins of zero, as the first Final has them, are no margins', () => {
    const results = [1, 2, 3, 4].map((n) => result(n, n, { margin_length: 0 }))
    const { race } = decoded(eventBody({ ...final, results }))
    expect(race.starters.map((one) => one.finishPosition)).toEqual([1, 2, 3, 4, undefined])
    expect(race.starters.some((one) => 'marginRaw' in one)).toBe(false)
  })

  test('a dead heat shares the placing', () => {
    const { race } = decoded(
      eventBody({ ...final, results: [result(1, 1), result(1, 2), result(3, 3)] }),
    )
    expect(race.starters.map((one) => one.finishPosition)).toEqual([1, 1, 3, undefined, undefined])
  })

  test('advertised prizes stay with the race, for nobody says who earned what', () => {
    const { race } = decoded(eventBody({ ...final, results: [result(1, 1)] }))
    expect(race.more).toMatchObject({ prizes: '1:5000 2:1600 3:900 4:500' })
    expect(race.starters.some((one) => 'stakeCents' in one)).toBe(false)
  })

  test('a scratched runner has no placing, and a stranger none to give', () => {
    const { race, codes } = decoded(
      eventBody({
        ...final,
        runners: [runner(1, { is_scratched: true }), runner(2)],
        results: [result(1, 1), result(2, 9)],
      }),
    )
    expect(race.starters[0]).not.toHaveProperty('finishPosition')
    expect(codes).toEqual(['result-without-runner', 'scratched-with-placing'])
  })

  test('a disqualified runner loses its placing; the text stays', () => {
    const text = '#3 Paper Lanter has been disqualifed for breaking gait.'
    const { race } = decoded(
      eventBody({
        race: { status: 'Final', protest: true, protest_reason: text },
        results: [result(1, 1), result(2, 3)],
      }),
    )
    expect(race.protestText).toBe(text)
    expect(race.starters[2]).toMatchObject({ finishRaw: 'DSQ', more: { placingInResults: '2' } })
    expect(race.starters[2]).not.toHaveProperty('finishPosition')
  })

  test('dividends of Final stand before those of Interim', () => {
    const dividend = (status: string, pays: number): Json => ({
      product_name: 'Pool Win',
      status,
      dividend: pays,
      description: '4',
    })
    const { race } = decoded(
      eventBody({ ...final, dividends: [dividend('Interim', 3.1), dividend('Final', 3.4)] }),
    )
    expect(race.dividendsText).toBe('Pool Win 4 3.40')
  })
})

describe('refusals', () => {
  test('an event that is gone says so', () => {
    const header = { error: 'race can not be found', error_code: 'FR0002' }
    expect(decodeEvent(bytes({ header }))).toEqual({
      kind: 'gone',
      code: 'FR0002',
      message: 'race can not be found',
    })
  })

  test('any other error of TAB is an unavailable source with its code', () => {
    const header = { error: 'try later', error_code: 'FR0500' }
    expect(thrown({ header })).toMatchObject({ name: 'SourceUnavailableError', code: 'tab-fr0500' })
  })

  test('what we cannot do without is named with its path', () => {
    const body = eventBody({ runners: [runner(1), runner(2, { entrant_id: 12 })] })
    expect(thrown(body)).toMatchObject({ name: 'LayoutChangedError', code: 'invalid-payload' })
    expect(String(thrown(body))).toContain('data.runners.1.entrant_id')
  })

  test('what we can do without costs an issue with its path, not the row', () => {
    const body = eventBody({ runners: [runner(1, { sire: { name: 'Copper Kettle' } })] })
    const event = decodeEvent(bytes(body))
    expect(event).toMatchObject({
      race: { starters: [{ horseName: 'Paper Lantern B' }] },
      issues: [{ code: 'unreadable-value', subject: 'R1' }],
    })
    expect(JSON.stringify(event)).toContain('data.runners.0.sire')
  })

  test('a card without the key of its runners is another layout', () => {
    const body = eventBody() as { data: Json }
    delete body.data['runners']
    expect(thrown(body)).toMatchObject({ code: 'invalid-payload' })
  })

  test('a list that is no list is refused, for its runners would be lost', () => {
    expect(thrown(eventBody({ runners: 'none' }))).toMatchObject({ code: 'invalid-payload' })
    expect(thrown(eventBody({ results: { first: 1 } }))).toMatchObject({ code: 'invalid-payload' })
  })

  test('text that is cut short is broken JSON', () => {
    const text = JSON.stringify(eventBody())
    expect(thrown(text.slice(0, text.length / 2))).toMatchObject({ code: 'broken-json' })
  })

  test('10,000 runners and a deep nest are refused, not digested', () => {
    const runners = Array.from({ length: 10_000 }, () => runner(1))
    expect(thrown(eventBody({ runners }))).toMatchObject({ code: 'invalid-payload' })
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(thrown(`{"data":{"race":${deep}}}`)).toMatchObject({ code: 'invalid-payload' })
    const kept = JSON.stringify(eventBody()).replace('"error":""', `"error":"","nest":${deep}`)
    expect(decoded(kept).race.starters).toHaveLength(5)
  })

  test('more bytes than any card has are refused unread', () => {
    const error = (() => {
      try {
        return decodeEvent(new Uint8Array(20_000_001))
      } catch (thrownError) {
        return thrownError
      }
    })()
    expect(error).toMatchObject({ code: 'too-large' })
  })
})
