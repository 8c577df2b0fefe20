/** Made-up answers in TAB's documented shapes; `over` replaces what a test is about. */
export type Json = Record<string, unknown>

export const ids = {
  meeting: '5c0ffee0-1111-5222-8333-000000000001',
  event: '5c0ffee0-1111-5222-8333-000000000101',
  entrant: (number: number): string =>
    `5c0ffee0-1111-5222-8333-0000000010${String(number).padStart(2, '0')}`,
}

export function bytes(json: unknown): Uint8Array {
  return new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json))
}

export function listedRace(over: Json = {}): Json {
  return {
    id: ids.event,
    race_number: 1,
    name: 'TUSSOCK FEEDS HANDICAP TROT',
    start_time: '2026-03-06T05:30:00Z',
    tote_start_time: '18:30:00',
    track_condition: 'Easy',
    distance: 2200,
    weather: 'FINE',
    country: 'NZ',
    state: 'NZ',
    status: 'Open',
    ...over,
  }
}

export function listedMeeting(over: Json = {}): Json {
  return {
    meeting: ids.meeting,
    name: 'Kereru Downs',
    date: '2026-03-06T00:00:00Z',
    track_condition: 'Easy',
    category: 'H',
    category_name: 'Harness Horse Racing',
    country: 'NZ',
    state: 'NZ',
    races: [listedRace()],
    tote_status: 'Open',
    ...over,
  }
}

export function listBody(meetings: unknown, over: Json = {}): Json {
  return {
    header: { title: 'Race Meetings', generated_time: '2026-03-06T05:00:00.186346838Z' },
    params: {
      enc: 'json',
      ids: null,
      date_from: '2026-03-06T00:00:00Z',
      date_to: '2026-03-06T00:00:00Z',
      type: 'H',
      country: 'NZ',
      limit: 200,
      offset: 0,
      ...over,
    },
    data: { meetings },
  }
}

export function runner(number: number, over: Json = {}): Json {
  return {
    entrant_id: ids.entrant(number),
    horse_id: 400_000 + number,
    name: `Paper Lantern ${'abcdefghijklmnop'.charAt(number).toUpperCase()}`,
    runner_number: number,
    barrier: number,
    barrier_position: `Fr${number}`,
    is_scratched: false,
    scratch_time: 0,
    scr_time: null,
    age: 5,
    sex: 'M',
    colour: 'B',
    country: 'NZ',
    sire: 'Copper Kettle',
    dam: 'Quiet Ferry',
    dam_sire: 'Old Harbour',
    foaling_date: '2020-10-14',
    jockey: 'R Fernhill',
    apprentice_indicator: '',
    trainer_name: 'T Wharfside',
    odds: { fixed_win: 0, fixed_place: 0 },
    ...over,
  }
}

export function eventBody(
  over: { race?: Json; runners?: unknown; results?: unknown; dividends?: unknown } = {},
): Json {
  return {
    header: {
      title: `Event Details: ${ids.event}`,
      generated_time: '2026-03-06T05:00:00.186346838Z',
    },
    params: { enc: 'json', id: ids.event },
    data: {
      race: {
        event_id: ids.event,
        meeting_id: ids.meeting,
        meeting_name: 'Kereru Downs',
        status: 'Open',
        description: 'Tussock Feeds Mobile Pace',
        advertised_start: 1_772_775_000,
        actual_start: 1_772_775_000,
        race_date_nz: '2026-03-06',
        race_number: 1,
        type: 'H',
        start_type: 'Mobile',
        country: 'NZ',
        distance: 2200,
        weather: 'Fine',
        track_condition: 'Easy',
        prize_monies: { '1st': 5000, '2nd': 1600, '3rd': 900, '4th': 500, total_value: 8000 },
        ...over.race,
      },
      runners: over.runners === undefined ? [1, 2, 3, 4, 5].map((n) => runner(n)) : over.runners,
      ...(over.results === undefined ? {} : { results: over.results }),
      ...(over.dividends === undefined ? {} : { dividends: over.dividends }),
      error: '',
    },
  }
}

export function result(position: number, number: number, over: Json = {}): Json {
  return {
    position,
    runner_number: number,
    barrier: number,
    entrant_id: ids.entrant(number),
    margin_length: position === 1 ? 0 : position * 1.5,
    ...over,
  }
}
