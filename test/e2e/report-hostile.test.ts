import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsPageHtml } from '../../fixtures/world/hrnz-results-html.ts'
import { makeWorld } from '../../fixtures/world/world.ts'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { addDays, isoInstant, nzInstant } from '../../src/domain/dates.ts'
import { hrnzPages } from '../../src/sources/hrnz/hrnz-pages.ts'
import { openRowFile } from '../../src/sources/files/row-file.ts'
import { createTestDatabase } from '../support/database.ts'
import { hostile, hostileMeeting } from '../support/hostile-meeting.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { runCli, scratchFolder } from '../support/run-cli.ts'

const now = nzInstant('2026-03-20', '09:00')
let target: string
let remove: () => Promise<void>

beforeAll(async () => {
  ;({ target, remove } = await createTestDatabase('sqlite'))
  const database = await openDatabase(target)
  const deps = quietDeps(database, now)
  const unit = {
    issues: [{ code: 'odd', subject: hostile[2], message: hostile[0], excerpt: hostile[8] }],
    documentId: null,
    parserVersion: '1',
    confirmedAt: isoInstant(now),
  }
  for (const source of ['tab_api', 'hrnz_scraper'] as const)
    await ingestMeeting(deps, { ...unit, url: hostile[2], observation: hostileMeeting(source) })
  // And through the parser: a results page whose names are such texts.
  const world = makeWorld({
    seed: 3,
    from: '2026-03-09',
    to: '2026-03-10',
    racesPerMeeting: [1, 2],
  })
  const pages = hrnzPages({ baseUrl: 'https://hrnz.invalid' })
  for (const meeting of world.meetings) {
    const html = resultsPageHtml(world, meeting, nzInstant(addDays(world.to, 5), '09:00'))
    if (html === null) continue
    const url = `https://hrnz.invalid/${meeting.hrnzFile}`
    const names = pages
      .parseResults(Buffer.from(html), { url })
      .observation.races.flatMap(({ starters }) => starters.map(({ horseName }) => horseName))
    const text = names.reduce(
      (page, name, index) =>
        page.replaceAll(name, escapeHtml(`${hostile[index % hostile.length]} ${name}`)),
      html,
    )
    const { observation } = pages.parseResults(Buffer.from(text), { url })
    await ingestMeeting(deps, { ...unit, issues: [], url, observation })
  }
  await database.close()
})
afterAll(() => remove())

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** What a terminal would obey. */
const obeyed =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

const listings = [
  'report meetings',
  'report merged',
  'report quality --by venue',
  'report quality --rule fields-differ',
  'report quality --rule foaling-date-missing',
  'report health',
  'report ingestion',
  'horses list',
  'horses list --questions',
  'reconcile list',
  'reconcile why 1 1',
]

describe('hostile text from a source', () => {
  it.each(listings.flatMap((one) => ['table', 'csv', 'json', 'ndjson'].map((as) => [one, as])))(
    'shows up harmless in %s as %s',
    async (listing, format) => {
      const asked = listing === 'horses list' ? ['--limit', '1000'] : []
      const argv = [...listing.split(' '), ...asked, '--format', format, '--db', target]
      const { stdout, stderr, exitCode } = await runCli(argv)
      expect({ exitCode, stderr: obeyed.test(stderr) }).toEqual({ exitCode: 0, stderr: false })
      expect(stdout).not.toMatch(obeyed)
      if (format === 'json') expect(() => JSON.parse(stdout) as unknown).not.toThrow()
      if (format === 'csv') expect(stdout).not.toMatch(/(^|,)"?[=+@]/m)
      if (format === 'csv' && listing === 'horses list') expect(stdout).toContain("'=HYPERLINK")
    },
  )

  it('shows up harmless in every file of an export, and nothing of it is lost', async () => {
    const out = scratchFolder()
    const { exitCode } = await runCli(['export', '--out', out, '--db', target])
    expect(exitCode).toBe(0)
    for (const name of ['starts', 'meetings', 'races', 'starters', 'horses', 'meeting_sources']) {
      const text = readFileSync(join(out, `${name}.csv`), 'utf8')
      expect(text, name).not.toMatch(obeyed)
      expect(readFileSync(join(out, `${name}.jsonl`), 'utf8'), name).not.toMatch(obeyed)
      for await (const { row } of (await openRowFile(join(out, `${name}.csv`), 'csv')).rows())
        expect(typeof row, name).toBe('object')
      // A spreadsheet looks at the first letter of a field, quoted or not.
      for (const field of fieldsOf(text)) expect(field).not.toMatch(/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/)
    }
    const said = []
    const { rows } = await openRowFile(join(out, 'starters.parquet'), 'parquet')
    for await (const { row } of rows()) said.push((row as Record<string, string>)['driver'])
    for (const text of ['<script>alert(1)</script>', '@SUM(A1)'])
      expect(said.filter((driver) => driver === text)).not.toEqual([])
  })
})

/** Fields of a CSV text, without their quotation. */
function fieldsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\n]*))/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  )
}
