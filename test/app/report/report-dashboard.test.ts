import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DashboardDeps, writeDashboard } from '../../../src/app/report/report-dashboard.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { openTestDatabase } from '../../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { scratchFolder } from '../../support/run-cli.ts'

const now = Date.parse('2026-03-09T00:00:00.000Z')
let database: Awaited<ReturnType<typeof openTestDatabase>>
let deps: DashboardDeps

beforeAll(async () => {
  database = await openTestDatabase('sqlite')
  const { reports, measures } = database
  deps = { ...quietDeps(database, now), reports, measures }
  // A race that was run and has no result: a finding, with a page to look at.
  await ingestMeeting(quietDeps(database, now), {
    observation: aMeetingSaid('hrnz_scraper', '2026-03-05/1', {
      date: '2026-03-05',
      venue: 'Weka Downs',
      races: [
        aRaceSaid({
          key: 'hrnz:race:2026-03-05/1/R1',
          number: 1,
          starters: startersSaid('hrnz_scraper', '2026-03-05/1/R1', ['Brinmoor Gumboot']),
        }),
      ],
    }),
    issues: [],
    documentId: null,
    url: 'https://hrnz.invalid/a.htm',
    parserVersion: '1',
    confirmedAt: '2026-03-06T00:00:00.000Z',
  })
  // A later one in which no rule finds anything.
  await ingestMeeting(quietDeps(database, now), {
    observation: aMeetingSaid('hrnz_scraper', '2026-03-06/1', {
      date: '2026-03-06',
      venue: 'Tui Park',
      status: 'abandoned',
    }),
    issues: [],
    documentId: null,
    url: 'https://hrnz.invalid/b.htm',
    parserVersion: '1',
    confirmedAt: '2026-03-07T00:00:00.000Z',
  })
  await database.measures.saveDay('2026-03-08', [
    { measure: 'races-without-result', numerator: 1, denominator: 1, status: 'error' },
  ])
})
afterAll(() => database.close())

const write = (file: string, overwrite = false) =>
  writeDashboard(deps, { file, database: 'harness.db', overwrite })

describe('writeDashboard', () => {
  it('writes the page of the database, the same bytes each time, and nothing beside it', async () => {
    const folder = scratchFolder()
    const file = join(folder, 'dashboard.html')
    const written = await write(file)
    const page = readFileSync(file)
    expect(written).toEqual({ file, bytes: page.length })
    expect(page.toString()).toContain('2026-03-05: 1 meeting')
    expect(page.toString()).toMatch(/races without a result[\s\S]*Weka Downs/)
    expect(page.toString()).not.toContain('Tui Park')
    expect(await write(file)).toEqual(written)
    expect(readFileSync(file)).toEqual(page)
    expect(readdirSync(folder)).toEqual(['dashboard.html'])
  })

  it('refuses to write over what is no dashboard, unless it is told to', async () => {
    const file = join(scratchFolder(), 'notes.html')
    writeFileSync(file, 'my notes')
    await expect(write(file)).rejects.toMatchObject({
      exitCode: 2,
      message: /no dashboard/ as never,
    })
    expect(readFileSync(file, 'utf8')).toBe('my notes')
    await write(file, true)
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('never writes over a database, nor over a folder, nor where there is none', async () => {
    const folder = scratchFolder()
    const before = statSync(database.target).size
    await expect(write(database.target, true)).rejects.toMatchObject({ exitCode: 2 })
    expect(statSync(database.target).size).toBe(before)
    mkdirSync(join(folder, 'inside'))
    await expect(write(join(folder, 'inside'), true)).rejects.toMatchObject({ exitCode: 2 })
    await expect(write(join(folder, 'none', 'a.html'))).rejects.toMatchObject({ exitCode: 2 })
    expect(readdirSync(folder)).toEqual(['inside'])
  })

  it('writes through a link to where the page is', async () => {
    const folder = scratchFolder()
    writeFileSync(join(folder, 'page.html'), '')
    symlinkSync(join(folder, 'page.html'), join(folder, 'link.html'))
    await write(join(folder, 'link.html'))
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('leaves the former page and no half one when the database fails', async () => {
    const folder = scratchFolder()
    const file = join(folder, 'dashboard.html')
    await write(file)
    const page = readFileSync(file)
    const broken = { ...deps, measures: { since: () => Promise.reject(new Error('gone')) } }
    await expect(writeDashboard(broken, { file, database: 'x' })).rejects.toThrow('gone')
    expect(readFileSync(file)).toEqual(page)
    expect(readdirSync(folder)).toEqual(['dashboard.html'])
  })
})
