import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { copyDatabase } from '../../src/db/copy-database.ts'
import { copyTables, readSequences } from '../../src/db/copy-tables.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import { addDays, nzInstant } from '../../src/domain/dates.ts'
import { openTestDatabase } from '../support/database.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { hrnzUnits, tabUnits } from '../support/world-units.ts'

const world = makeWorld({ seed: 9, from: '2026-03-06', to: '2026-03-07', racesPerMeeting: [2, 3] })
const now = nzInstant(addDays(world.to, 10), '09:00')
const signal = new AbortController().signal

const copy = (from: OpenDatabase, to: OpenDatabase) =>
  copyDatabase(from, { ...to, name: 'the target' }, { signal, onTable: () => undefined })

it('a file goes to Postgres and back: the same digests, the same ids to come', async () => {
  const file = await openTestDatabase('sqlite')
  const postgres = await openTestDatabase('postgres')
  const back = await openTestDatabase('sqlite')
  try {
    for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)])
      await ingestMeeting(quietDeps(file, now), unit)
    await sql`insert into documents (source, kind, url, hash, size, fetched_at, last_seen_at, body)
      values ('tab_api', 'list', 'x', 'y', 3, '2026-03-06T00:00:00.000Z',
        '2026-03-06T00:00:00.000Z', ${Buffer.from([0, 255, 7])})`.execute(file.db)
    // An id that was given and taken away again must not come back elsewhere.
    await sql`insert into venue_aliases (id, source, kind, text, venue)
      values (500, 'any', 'venue', 'a', 'b')`.execute(file.db)
    await sql`delete from venue_aliases where id = 500`.execute(file.db)
    const there = await copy(file, postgres)
    const again = await copy(postgres, back)
    expect(again).toEqual(there)
    expect(there.find(({ table }) => table === 'starters')?.rows).toBeGreaterThan(20)
    expect((await readSequences(postgres.db, 'postgres')).get('venue_aliases')).toBe(500)
    expect(await readSequences(back.db, 'sqlite')).toEqual(await readSequences(file.db, 'sqlite'))
    await expect(copy(file, postgres)).rejects.toMatchObject({ code: 'not-empty' })
  } finally {
    await Promise.all([file.close(), postgres.close(), back.close()])
  }
}, 30_000)

it('both databases give the same tables with the same columns', async () => {
  const file = await openTestDatabase('sqlite')
  const postgres = await openTestDatabase('postgres')
  try {
    const tables = await copyTables(file.db, 'sqlite')
    expect(await copyTables(postgres.db, 'postgres')).toEqual(tables)
    const { rows } = await sql<{ name: string }>`select name from sqlite_master
      where type = 'table' and name not like 'sqlite%'
        and name not like 'schema%'`.execute(file.db)
    expect(tables.map(({ name }) => name).sort()).toEqual(rows.map(({ name }) => name).sort())
  } finally {
    await Promise.all([file.close(), postgres.close()])
  }
})
