import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importStarts } from '../../../src/app/importing/import-starts.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import type { AppDeps, RowFile } from '../../../src/app/ports.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'
import { reparseImports } from '../../../src/app/scrape/reparse-imports.ts'
import { openRowFile } from '../../../src/sources/files/row-file.ts'
import { openTestDatabase } from '../../support/database.ts'
import { mastersByKeys } from '../../support/masters-by-keys.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const folder = mkdtempSync(join(tmpdir(), 'harness-test-'))
let database: Awaited<ReturnType<typeof openTestDatabase>>
let deps: AppDeps
beforeEach(async () => {
  database = await openTestDatabase('sqlite')
  deps = quietDeps(database, Date.parse('2026-03-20T00:00:00Z'))
})
afterEach(() => database.close())

function written(name: string, text: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
async function take(path: string, columns: Record<string, string> = {}, dryRun = false) {
  return importStarts(deps, await openRowFile(path, undefined), { columns, dryRun })
}
const names = Array.from({ length: 12 }, (_, index) => `Rata Number ${'abcdefghijkl'[index]}`)
const head = 'meeting_date,venue,race_number,number,horse_name,finish_position,hrnz_number'
const lines = names.map(
  (name, index) => `2026-03-06,Gore Raceway,1,${index + 1},"${name}",${index + 1},${9000 + index}`,
)
const csv = `${head}\n${lines.join('\n')}\n`
const horses = () =>
  database.db.selectFrom('horse_identifiers').select(['scheme', 'value']).execute()

describe('a file of starts', () => {
  it('becomes meetings, races, starters and horses of the source manual', async () => {
    const { counts, partial, rows } = await take(written('a.csv', csv))
    expect({ partial, rows }).toEqual({ partial: false, rows: 12 })
    expect(counts.meetings.created).toBe(1)
    expect(counts.starters.created).toBe(12)
    const meeting = await database.db.selectFrom('meetings').selectAll().executeTakeFirstOrThrow()
    expect(meeting).toMatchObject({ data_source: 'manual', status: 'final', venue: 'Gore Raceway' })
    expect(await horses()).toContainEqual({ scheme: 'hrnz_number', value: '9003' })
  })

  it('changes nothing the second time, nor when it is only to be shown', async () => {
    const path = written('b.csv', csv)
    const shown = await take(path, {}, true)
    expect(shown.counts.starters.created).toBe(12)
    expect((await mastersByKeys(database)).meetings).toEqual([])
    expect(await database.db.selectFrom('documents').selectAll().execute()).toEqual([])
    await take(path)
    const before = await mastersByKeys(database)
    const again = await take(path)
    expect(again.counts.starters).toMatchObject({ created: 0, updated: 0, unchanged: 12 })
    expect(await mastersByKeys(database)).toEqual(before)
  })

  it('joins the meetings of other sources by the same rules', async () => {
    await ingestMeeting(deps, {
      observation: aMeetingSaid('tab_api', 't1', {
        venue: 'Gore',
        races: [
          aRaceSaid({
            key: 'tab:event:t1/r1',
            number: 1,
            starters: startersSaid('tab_api', 't1/r1', names),
          }),
        ],
      }),
      issues: [],
      documentId: null,
      url: null,
      parserVersion: 'test',
      confirmedAt: '2026-03-06T12:00:00.000Z',
    })
    const { counts } = await take(written('c.csv', csv))
    expect(counts.meetings).toMatchObject({ created: 0, merged: 1 })
    expect(counts.starters.created).toBe(0)
    const rows = await database.db.selectFrom('starts').selectAll().execute()
    expect(rows).toHaveLength(12)
    expect(rows.every((row) => row.tab_entrant_id && row.manual_starter_key)).toBe(true)
  })

  it('is the same as CSV with semicolons, as NDJSON, and under other columns', async () => {
    await take(written('d.csv', csv))
    const expected = await mastersByKeys(database)
    const ndjson = lines
      .map((line) => {
        const [date, venue, race, number, name, place, id] = line.split(',')
        const horse = JSON.parse(name!) as string
        return JSON.stringify({
          Day: date,
          venue,
          race,
          number,
          horse,
          placing: Number(place),
          Id: id,
        })
      })
      .join('\n')
    const files: [string, Record<string, string>][] = [
      [written('d2.csv', `\uFEFF${csv.replaceAll(',', ';')}`), {}],
      [written('d.ndjson', ndjson), { meeting_date: 'Day', hrnz_number: 'Id' }],
    ]
    for (const [path, columns] of files) {
      const other = await openTestDatabase('sqlite')
      try {
        const file = await openRowFile(path, undefined)
        await importStarts(quietDeps(other, deps.clock.now()), file, { columns, dryRun: false })
        expect(await mastersByKeys(other)).toEqual(expected)
      } finally {
        await other.close()
      }
    }
  })

  it('tells bad rows with line and reason, and takes the others', async () => {
    const bad = [
      '2026-02-30,Gore,1,1,Rata,1,',
      '2026-03-06,Gore,first,1,Rata,1,',
      '2026-03-06,,1,1,Rata,1,',
      '2026-03-06,Gore,1,1',
      '2026-03-06,Gore,1,1,,1,',
    ]
    const text = `${csv}${bad.join('\n')}\n${lines[0]}\n`
    const result = await take(written('e.csv', text))
    expect(result).toMatchObject({ partial: true, rows: 18, badRows: 6 })
    expect(result.warnings.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
      'line 14: meeting_date "2026-02-30" is no meeting_date',
      'line 15: race_number "first" is no race_number',
      'line 16: neither venue nor club is given',
      'line 17: 4 fields where the head has 7',
      'line 18: horse_name is empty',
      'line 19: the same start as in line 2',
    ])
    expect(result.counts.starters).toMatchObject({ created: 12, failed: 6 })
  })

  it('takes no day and no instant of a year that not every database knows', async () => {
    const text = `meeting_date,venue,race_number,horse_name,start_time\n${[
      '0000-03-06,Gore,1,Rata,',
      '9999-12-31,Gore,1,Rata,',
      '2026-03-06,Gore,1,Rata,0000-03-06T08:00:00Z',
    ].join('\n')}\n`
    expect(await take(written('years.csv', text))).toMatchObject({ rows: 3, badRows: 3 })
  })

  it('keeps the races of an earlier file, and two horses of one name in a race', async () => {
    await take(written('f.csv', csv))
    const more = `${head}\n2026-03-06,Gore Raceway,2,1,Vacant,,\n2026-03-06,Gore Raceway,2,2,Vacant,,\n`
    const { counts } = await take(written('g.csv', more))
    expect(counts.races.created).toBe(1)
    expect(await database.db.selectFrom('starters').select('id').execute()).toHaveLength(14)
  })

  it.each([
    ['no column for horse_name', 'meeting_date,venue,race_number\n2026-03-06,Gore,1\n', {}],
    ['no column Runner', csv, { horse_name: 'Runner' }],
    ['no field jockey', csv, { jockey: 'driver' }],
    ['two columns "venue"', 'venue,venue\nGore,Gore\n', {}],
    ['no CSV', `${head}\n"2026-03-06`, {}],
  ])('is refused: %s', async (message, text, columns) => {
    await expect(take(written('h.csv', text), columns)).rejects.toThrow(message)
    expect((await mastersByKeys(database)).meetings).toEqual([])
  })

  it('reads what the view of starts gives', async () => {
    const world = makeWorld({
      seed: 'd',
      from: '2026-02-02',
      to: '2026-02-09',
      racesPerMeeting: [3, 4],
      startersPerRace: [4, 6],
    })
    const now = nzInstant(addDays(world.to, 10), '09:00')
    for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)])
      await ingestMeeting(quietDeps(database, now), unit)
    const rows = await database.db.selectFrom('starts').selectAll().execute()
    const path = written('starts.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'))
    const other = await openTestDatabase('sqlite')
    try {
      const file = await openRowFile(path, undefined)
      const request = { columns: {}, dryRun: false }
      const result = await importStarts(quietDeps(other, now), file, request)
      expect(result).toMatchObject({ badRows: 0, rows: rows.length })
      const shown = ({
        race_number,
        number,
        horse_name,
        finish_position,
        time_ms,
        dam,
        ...row
      }: (typeof rows)[number]) =>
        JSON.stringify([
          row.meeting_date,
          row.venue,
          race_number,
          number,
          horse_name,
          finish_position,
          time_ms,
          dam,
        ])
      const taken = await other.db.selectFrom('starts').selectAll().execute()
      expect(taken.map(shown).sort()).toEqual(rows.map(shown).sort())
    } finally {
      await other.close()
    }
  })

  it('is read again from the archive, the later of two files last', async () => {
    await take(written('first.csv', csv))
    const more = lines.map((line) => line.replace('Raceway,1,', 'Raceway,2,'))
    await take(written('second#.csv', `${head}\n${more.join('\n')}\n`))
    const before = await mastersByKeys(database)
    expect(before.races).toHaveLength(2)
    const same = await reparseImports(deps, {})
    expect(same).toMatchObject({ outcome: '1 of 1 imported meetings read again' })
    expect(same?.counts.starters.updated).toBe(0)
    await database.db.updateTable('observations').set({ digest: 'older' }).execute()
    await database.db.updateTable('starters').set({ finish_position: null }).execute()
    expect((await reparseImports(deps, {}))?.counts.starters.updated).toBe(24)
    expect(await mastersByKeys(database)).toEqual(before)
  })

  it('that is not there, has no lines, or is no Parquet, is refused', async () => {
    const endless = `{"a":"${'x'.repeat(1_100_000)}"`
    await expect(take(written('endless.ndjson', endless))).rejects.toThrow(/a line of more than/)
    await expect(take(join(folder, 'nowhere.csv'))).rejects.toThrow(
      /there is no file .*nowhere.csv/,
    )
    await expect(take(written('i.parquet', 'PAR1 and then nothing'))).rejects.toThrow(/Parquet/)
  })

  it('of any rows is taken or told, never lost', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
    )
    const row = fc.record({
      meeting_date: fc.constantFrom('2026-03-06', '2026-03-07', 'soon'),
      venue: fc.constantFrom('Gore', 'Oamaru', ''),
      race_number: fc.oneof(fc.integer({ min: 0, max: 3 }), cell),
      horse_name: fc.oneof(fc.constantFrom('Rata', 'Rimu', 'Kauri'), cell),
      number: fc.option(fc.integer({ min: 1, max: 4 })),
      sire: cell,
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (drawn) => {
        const fresh = await openTestDatabase('sqlite')
        try {
          const file: RowFile = {
            name: 'drawn',
            rows: async function* () {
              for (const [index, one] of drawn.entries()) yield { line: index + 1, row: one }
            },
          }
          const request = { columns: {}, dryRun: false }
          const result = await importStarts(quietDeps(fresh, deps.clock.now()), file, request)
          const stored = await fresh.db.selectFrom('starters').select('id').execute()
          expect(stored.length + result.badRows).toBe(drawn.length)
        } finally {
          await fresh.close()
        }
      }),
      { numRuns: 20 },
    )
  })
})
