import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolder } from '../support/run-cli.ts'
import { runCascade } from './cascade.ts'
import { ingest } from './ingest.ts'
import { matchAll } from './match-all.ts'
import { packWorld } from './packed-world.ts'
import { writeRaw } from './raw-rows.ts'
import { makeSeason } from './synthetic-season.ts'

const folder = scratchFolder()
const range = { from: '2026-05-02', to: '2026-05-03' }
const selection = { ...range, file: join(folder, 'world'), sources: ['tab', 'hrnz'] as const }

describe('the yardsticks of the benchmarks', () => {
  it('write the very rows that ingesting wrote, and match the very starters', async () => {
    packWorld({ ...range, file: selection.file, meetingsPerWeek: 6, lastDayMeetings: 2 })
    const [before, after] = [join(folder, 'before.db'), join(folder, 'after.db')]
    await ingest({ ...selection, sources: [], database: before })
    copyFileSync(before, after)
    const own = await ingest({ ...selection, database: after })
    expect(own['starters']).toBeGreaterThan(100)

    writeRaw({ database: before, after })
    for (const table of ['meetings', 'starters', 'horses', 'links', 'review_items'])
      expect(rowsOf(before, table)).toEqual(rowsOf(after, table))

    const cascade = await runCascade({ ...selection, database: join(folder, 'cascade.db') })
    expect(cascade['starters']).toBe(own['starters'])
  })

  it('match a season whose horses are all as they should be', async () => {
    const database = join(folder, 'season.db')
    await makeSeason({ database, starters: 2000 })
    expect(await matchAll({ database })).toMatchObject({ starters: 2000, moved: 0 })
  })
})

function rowsOf(file: string, table: string): unknown[] {
  const raw = new BetterSqlite3(file, { readonly: true })
  const rows = raw.prepare(`select * from ${table} order by 1, 2`).all()
  raw.close()
  return rows
}
