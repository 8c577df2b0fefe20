import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ingestMeeting, type IngestUnit } from '../../src/app/reconcile/ingest-meeting.ts'
import { noCounts } from '../../src/app/counts.ts'
import { matchHorses } from '../../src/app/horses/match-horses.ts'
import { reconcileMeetings } from '../../src/app/reconcile/reconcile-meetings.ts'
import { mergeMeeting } from '../../src/domain/capture/merge-meeting.ts'
import type { RaceObservation } from '../../src/domain/observation.ts'
import { HarnessError } from '../../src/errors.ts'
import { hrnzPages } from '../../src/sources/hrnz/hrnz-pages.ts'
import { decodeEvent } from '../../src/sources/tab/decode-event.ts'
import { decodeMeetings } from '../../src/sources/tab/decode-meetings.ts'
import {
  bytes,
  eventBody,
  listBody,
  listedMeeting,
  listedRace,
  result,
  runner,
} from '../sources/tab/invented-payloads.ts'
import { openTestDatabase, testDialects } from '../support/database.ts'
import { mastersByKeys } from '../support/masters-by-keys.ts'
import { quietDeps } from '../support/quiet-deps.ts'

const now = Date.parse('2026-03-10T00:00:00Z')
const range = { from: '2026-03-06', to: '2026-03-06' }

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    'constructor',
    '__proto__',
    'toString',
    '\ud800 Half',
    'Half \udc00\ud83d',
    `${'x'.repeat(119)}\u{1f40e}`,
    '\u202eesrevni\u202c',
    'N\u0000ul\u001b[31m',
    '2026-02-31',
    '9999-12-31',
    '0001-01-01T00:00:00Z',
    '9223372036854775807',
    'İstanbul',
    'ß'.repeat(200),
    '\u0301',
    '(NZ)',
    "'",
    9007199254740992,
    1e15,
    1e308,
    -1,
    0,
    0.1,
    99,
    1e9,
    true,
    null,
    [],
    {},
  ),
  fc.string({ unit: 'binary' }),
)
const runnerKeys = [
  'name',
  'runner_number',
  'horse_id',
  'harness_nz_horse_id',
  'sire',
  'dam',
  'dam_sire',
  'sex',
  'colour',
  'country',
  'foaling_date',
  'barrier',
  'barrier_position',
  'handicap',
  'jockey',
  'trainer_name',
  'entrant_id',
  'is_scratched',
  'scratch_time',
  'scr_time',
  'age',
  'owners',
] as const
const raceKeys = [
  'status',
  'description',
  'advertised_start',
  'actual_start',
  'race_date_nz',
  'race_number',
  'distance',
  'weather',
  'track_condition',
  'prize_monies',
  'start_type',
  'country',
  'protest_reason',
] as const
const resultKeys = [
  'position',
  'margin_length',
  'runner_number',
  'barrier',
  'entrant_id',
  'time_ran',
  'prize_money',
  'total_prize',
] as const
const listKeys = ['name', 'date', 'track_condition', 'tote_status', 'jetbet_club_name'] as const
const edits = fc.array(
  fc.oneof(
    fc.record({
      at: fc.constant('runner' as const),
      n: fc.nat(4),
      key: fc.constantFrom(...runnerKeys),
      value: odd,
    }),
    fc.record({
      at: fc.constant('race' as const),
      n: fc.nat(0),
      key: fc.constantFrom(...raceKeys),
      value: odd,
    }),
    fc.record({
      at: fc.constant('result' as const),
      n: fc.nat(2),
      key: fc.constantFrom(...resultKeys),
      value: odd,
    }),
    fc.record({
      at: fc.constant('list' as const),
      n: fc.nat(0),
      key: fc.constantFrom(...listKeys),
      value: odd,
    }),
  ),
  { minLength: 1, maxLength: 4 },
)

function unitOf(
  changes: typeof edits extends fc.Arbitrary<infer T> ? T : never,
): IngestUnit | null {
  const over = (at: string, n: number) =>
    Object.fromEntries(
      changes.filter((one) => one.at === at && one.n === n).map(({ key, value }) => [key, value]),
    )
  try {
    const [listed] = decodeMeetings(
      bytes(listBody([listedMeeting({ ...over('list', 0), races: [listedRace()] })])),
      { range },
    ).meetings
    const event = decodeEvent(
      bytes(
        eventBody({
          race: { status: 'Final', ...over('race', 0) },
          runners: [1, 2, 3, 4, 5].map((n, i) => runner(n, over('runner', i))),
          results: [1, 2, 3].map((n, i) => result(n, n, over('result', i))),
        }),
      ),
    )
    if (listed === undefined || event.kind !== 'race') return null
    const events = new Map<string, RaceObservation>([[listed.races[0]!.key, event.race]])
    return {
      observation: mergeMeeting(undefined, listed, events),
      issues: [...event.issues],
      documentId: null,
      url: null,
      parserVersion: 'test',
      confirmedAt: new Date(now).toISOString(),
    }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    return null
  }
}

const cell = fc.oneof(
  odd.filter((value) => typeof value === 'string') as fc.Arbitrary<string>,
  fc.constantFrom(
    '1',
    '99',
    '9'.repeat(30),
    '$999,999,999,999',
    '9-99.99',
    '40=',
    '10000m',
    'Fr99',
    '-',
    '2026-02-31',
  ),
)
const htmlOf = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const columns = [
  'Placing',
  'Book',
  'Horse',
  'HCP',
  'Stakes',
  'Fav',
  'Time',
  'Margin',
  'Driver',
  'Trainer',
  'constructor',
  '__proto__',
]
const page = fc.array(
  fc.record({
    number: fc.constantFrom('1', '2', '2', '0', '-1', '1000000000', '99'),
    rows: fc.array(
      fc.record({
        cells: fc.array(cell, { minLength: 12, maxLength: 12 }),
        horse: fc.constantFrom('Totara', 'Constructor', 'Rimu', null),
      }),
      { maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 3 },
)
const pages = hrnzPages({ baseUrl: 'https://hrnz.invalid' })
function hrnzUnit(races: typeof page extends fc.Arbitrary<infer T> ? T : never): IngestUnit | null {
  const html = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>Results - Club</title></head><body><main class="hrnz-block hrnz-results"><h1>Club</h1>
<dl class="hrnz-datalist"><div><dt>Club:</dt><dd>Club</dd></div><div><dt>Date:</dt><dd>Friday, 6 March 2026</dd></div></dl>
${races
  .map(
    ({
      number,
      rows,
    }) => `<section id="results-07-race-${number}" class="hrnz-results__race"><dl class="hrnz-datalist"><div><dt>Race Number:</dt><dd>Race ${number}</dd></div></dl><h3>Name</h3><h4>$9,000, C1 MOBILE PACE 2200m</h4>
<table class="hrnz-table hrnz-results__participants"><thead><tr>${columns.map((c) => `<th>${c}</th>`).join('')}</tr></thead><tbody>
${rows.map(({ cells, horse }) => `<tr>${cells.map((text, i) => `<td data-label="${columns[i]}">${htmlOf(i === 2 && horse !== null ? horse : text)}</td>`).join('')}</tr>`).join('\n')}
</tbody></table></section>`,
  )
  .join('\n')}</main></body></html>`
  try {
    const { observation, issues } = pages.parseResults(Buffer.from(html), {
      url: 'https://hrnz.invalid/datahrs/results/030607rs.htm',
    })
    return {
      observation,
      issues,
      documentId: null,
      url: null,
      parserVersion: 'test',
      confirmedAt: new Date(now).toISOString(),
    }
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    return null
  }
}

it.each(testDialects)(
  'pages and cards of nonsense are refused by name, or taken once and for all: %s',
  { timeout: 60_000 },
  async (dialect) => {
    const database = await openTestDatabase(dialect)
    const deps = quietDeps(database, now)
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(edits.map(unitOf), page.map(hrnzUnit)), { minLength: 1, maxLength: 3 }),
        async (units) => {
          for (const table of [
            'review_items',
            'horse_names',
            'links',
            'horse_identifiers',
            'starters',
            'horses',
            'races',
            'meetings',
            'observations',
            'redirects',
          ] as const)
            await database.db.deleteFrom(table as 'starters').execute()
          for (const unit of units) {
            if (unit === null) continue
            taken++
            await ingestMeeting(deps, unit)
            const again = await ingestMeeting(deps, { ...unit, parserVersion: 'next' })
            for (const counts of [again.counts.meetings, again.counts.races, again.counts.starters])
              expect({ ...counts, unchanged: 0 }).toEqual(noCounts().meetings)
          }
          const before = await mastersByKeys(database)
          const reconciled = await reconcileMeetings(deps, { dryRun: false })
          expect(reconciled.changes).toEqual([])
          const matched = await matchHorses(deps, { all: true, dryRun: false })
          expect(matched.counts.starters.updated).toBe(0)
          const after = await mastersByKeys(database)
          expect({ ...after, questions: 0 }).toEqual({ ...before, questions: 0 })
        },
      ),
      { numRuns: 25 },
    )
    expect(taken).toBeGreaterThan(10)
    await database.close()
  },
)
