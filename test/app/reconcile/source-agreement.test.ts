import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import type { AppDeps } from '../../../src/app/ports.ts'
import {
  splitMeeting,
  undoMeetingDecision,
} from '../../../src/app/reconcile/reconcile-decisions.ts'
import { reconcileMeetings } from '../../../src/app/reconcile/reconcile-meetings.ts'
import { checkAgreement } from '../../../src/app/reconcile/source-agreement.ts'
import type { Source } from '../../../src/domain/observation.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const now = Date.parse('2026-03-20T00:00:00Z')
const names = ['Kea', 'Ruru', 'Takahe', 'Kaka', 'Weka', 'Pukeko']

describe.each(testDialects)('what is kept of how far the sources agree, on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  let deps: AppDeps
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
    deps = quietDeps(database, now)
    await take('tab_api', 2200)
    await take('hrnz_scraper', 1980)
  })
  afterEach(() => database.close())

  async function take(source: Source, distanceM: number, day = 7): Promise<void> {
    const key = source === 'tab_api' ? 'tab:event:e1' : 'hrnz:race:x/R1'
    const starters = startersSaid(source, 'r1', names)
    const races = [aRaceSaid({ key, number: 1, distanceM, starters })]
    const id = source === 'tab_api' ? 'uuid' : '2026-03-06/1'
    await ingestMeeting(deps, {
      observation: aMeetingSaid(source, id, { venue: 'Weka Downs', races }),
      issues: [],
      documentId: null,
      url: null,
      parserVersion: '1',
      confirmedAt: `2026-03-0${day}T00:00:00.000Z`,
    })
  }

  const kept = () =>
    database.db
      .selectFrom('source_agreement')
      .select(['field', 'told', 'differ'])
      .where('field', 'in', ['races', 'races.distance_m', 'starters'])
      .orderBy('field')
      .execute()
  const check = () => database.unitOfWork.read(checkAgreement)
  const differing = [
    { field: 'races', told: 1, differ: 0 },
    { field: 'races.distance_m', told: 1, differ: 1 },
    { field: 'starters', told: 6, differ: 0 },
  ]

  it('follows what they say, though the value that was chosen stays', async () => {
    expect(await kept()).toEqual(differing)
    await take('hrnz_scraper', 2200, 8)
    expect((await kept())[1]).toEqual({ field: 'races.distance_m', told: 1, differ: 0 })
    expect(await check()).toBeNull()
  })

  it('goes with a split and comes back when that is undone', async () => {
    const by = { actor: 'me', reason: 'was there', dryRun: false }
    await splitMeeting(deps, { ...by, meeting: '1', source: null })
    expect(await kept()).toEqual([])
    expect(await check()).toBeNull()
    await undoMeetingDecision(deps, { number: null, dryRun: false })
    expect(await kept()).toEqual(differing)
    expect(await check()).toBeNull()
  })

  it('is found wrong by the check, and made anew by reconcile', async () => {
    await database.db.deleteFrom('source_agreement').execute()
    expect(await check()).toMatchObject({ check: 'source-agreement', count: 1, examples: ['1'] })
    await reconcileMeetings(deps, { dryRun: false })
    expect(await kept()).toEqual(differing)
    expect(await check()).toBeNull()
  })
})
