import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { checkDatabase } from '../../../src/app/care/check-database.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { addDays, nzInstant } from '../../../src/domain/dates.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { hrnzUnits, tabUnits } from '../../support/world-units.ts'

const world = makeWorld({ seed: 5, from: '2026-03-06', to: '2026-03-08', racesPerMeeting: [2, 3] })
const now = nzInstant(addDays(world.to, 10), '09:00')

describe.each(testDialects)('the check of a database on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  const findings = () => checkDatabase({ ...quietDeps(database, now), care: database.care })

  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)])
      await ingestMeeting(quietDeps(database, now), unit)
  }, 60_000)
  afterAll(() => database.close())

  it('finds nothing wrong after two sources were read', async () => {
    expect(await findings()).toEqual([])
  })

  // Each damage comes on top of those before; the order keeps them apart.
  it.each([
    ['source-agreement', 'update source_agreement set differ = told where differ < told'],
    ['horse-figures', 'update horses set race_count = race_count + 1 where id = 1'],
    [
      'links-differ',
      "update links set racing_date = '2020-01-01' where starter_id = (select max(id) from starters)",
    ],
    [
      'starters-unlinked',
      'update starters set horse_id = null where id = (select min(id) from starters)',
    ],
    [
      'horses-without-starts',
      `insert into horses (id, name, normalized_name, race_count)
        values (900001, 'Nobody', 'nobody', 0)`,
    ],
    [
      'meetings-without-source',
      'update observations set meeting_id = null where meeting_id = (select min(id) from meetings)',
    ],
    ['observations-without-meeting', 'select 1'],
    [
      'redirects-dangling',
      `insert into redirects (kind, old_id, id, retired_at, anchor)
        values ('horse', 800001, 800002, '2026-03-20T00:00:00.000Z', 'x')`,
    ],
    [
      'redirects-live',
      `insert into redirects (kind, old_id, id, retired_at, anchor)
        values ('horse', 1, 2, '2026-03-20T00:00:00.000Z', 'x')`,
    ],
    [
      'documents-missing',
      'update observations set document_id = 700001 where id = (select min(id) from observations)',
    ],
    [
      'questions-about-nothing',
      `insert into review_items (kind, code, subject, subject_id, question, evidence, priority)
        values ('horse', 'x', 'x', 800001, 'x', '{}', 1)`,
    ],
    ['ids-given-twice', "update id_counters set next = 1 where kind = 'race'"],
  ])('finds %s', async (check, damage) => {
    await sql.raw(damage).execute(database.db)
    const found = (await findings()).find((finding) => finding.check === check)
    expect(found).toMatchObject({
      count: expect.any(Number),
      next: expect.stringMatching(/`harness /),
    })
    expect(found!.examples.length).toBeGreaterThan(0)
  })

  it.runIf(dialect === 'sqlite')('finds triggers that it did not make', async () => {
    await sql`create trigger sly after insert on starters begin delete from races; end`.execute(
      database.db,
    )
    const found = (await findings()).find(({ check }) => check === 'triggers')
    expect(found).toMatchObject({ count: 1, examples: ['sly on starters'] })
  })
})
