import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lookForAlerts, type LookDeps } from '../../../src/app/nightly/look-for-alerts.ts'
import type { Notice } from '../../../src/app/ports.ts'
import type { AlertLevel, AlertLook } from '../../../src/domain/alerts/decide-alerts.ts'
import { HarnessError } from '../../../src/errors.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

let database: Awaited<ReturnType<typeof openTestDatabase>>
type Delivery = 'arrives' | 'refused' | 'nobody'

/** An owner whose webhook behaves as told, and what reached them. */
function anOwner() {
  const notices: Notice[] = []
  const state = { delivery: 'arrives' as Delivery, now: Date.parse('2026-03-10T00:00:00.000Z') }
  const deps: LookDeps = {
    ...database,
    log: quietDeps(database, 0).log,
    clock: { now: () => state.now, sleepUntil: async () => {} },
    freeBytes: async () => 1e12,
    maxBytes: null,
    sendNotice: async (notice) => {
      if (state.delivery === 'refused')
        throw new HarnessError('the notice was not taken', { code: 'notify-failed' })
      if (state.delivery === 'nobody') return false
      notices.push(notice)
      return true
    },
  }
  const look = async (level: AlertLevel, delivery: Delivery = 'arrives') => {
    Object.assign(state, { delivery, now: state.now + 60_000 })
    const own: AlertLook = {
      rules: new Set(['nightly']),
      sightings: [
        { rule: 'nightly', subject: '', level, isClear: level === 'ok', value: `it is ${level}` },
      ],
    }
    await lookForAlerts(deps, own)
    return notices.splice(0).map((notice) => notice.level)
  }
  return { look, deps }
}

describe.each(testDialects)('a look for alerts on %s', (dialect) => {
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
  })
  afterEach(() => database.close())

  it('tells once what opened, again what nobody took, and once that it is over', async () => {
    const { look } = anOwner()
    expect(await look('ok')).toEqual([])
    expect(await look('error', 'refused')).toEqual([])
    expect(await look('error')).toEqual(['problem'])
    expect(await look('error')).toEqual([])
    expect(await look('ok', 'refused')).toEqual([])
    expect(await look('ok')).toEqual(['recovered'])
    expect(await look('ok')).toEqual([])
  })

  it('keeps what is open for an owner who has yet to give an address, and not what is over', async () => {
    const { look } = anOwner()
    await look('error', 'nobody')
    await look('ok', 'nobody')
    expect(await look('ok')).toEqual([])
    await look('warn', 'nobody')
    expect(await look('warn')).toEqual(['warning'])
  })

  it('finds what the database tells: a source that has fallen silent, a host that refuses', async () => {
    await database.unitOfWork.run(({ log }) =>
      log.add([
        {
          source: 'tab_api',
          dateProcessed: '2026-03-01',
          url: null,
          status: 'success',
          recordsCreated: 0,
          recordsUpdated: 0,
          errors: null,
          createdAt: '2026-03-01T00:00:00.000Z',
        },
      ]),
    )
    const { look, deps } = anOwner()
    await deps.hostPace.refuse('api', { until: deps.clock.now() + 3_600_000, reason: 'HTTP 403' })
    expect(await look('ok')).toEqual(['problem'])
    const open = (await database.alerts.all()).filter(({ state }) => state !== 'ok')
    expect(open.map(({ rule, state, told }) => [rule, state, told])).toEqual([
      ['refused', 'error', 'error'],
      ['silent', 'warn', 'warn'],
    ])
  })

  it('calls a host well again when it has answered, not when its time is over', async () => {
    const { look, deps } = anOwner()
    const { hostPace, clock } = deps
    const claim = { owner: 'me', now: clock.now(), leaseMs: 1 }
    await hostPace.claim('api', claim)
    await hostPace.release('api', { owner: 'me', nextAt: 0, strikes: 1 })
    await hostPace.refuse('api', { until: clock.now() + 90_000, reason: 'HTTP 403' })
    expect(await look('ok')).toEqual(['problem'])
    expect(await look('ok')).toEqual([])
    await hostPace.claim('api', { ...claim, now: clock.now() })
    await hostPace.release('api', { owner: 'me', nextAt: 0, strikes: 0 })
    expect(await look('ok')).toEqual(['recovered'])
  })

  it('lets no backup grow old that was of a file, where the database is on a server now', async () => {
    const at = '2026-02-01T00:00:00.000Z'
    const id = await database.runs.start({
      ...{ command: 'db backup', argv: 'a.db', version: '1', startedAt: at },
      ...{ host: 'here', pid: 1 },
    })
    await database.runs.finish(id, { endedAt: at, exitCode: 0, outcome: '', counters: '{}' })
    const { look, deps } = anOwner()
    await lookForAlerts(
      { ...deps, freeBytes: async () => null },
      { rules: new Set(), sightings: [] },
    )
    expect(await database.alerts.all()).toEqual([])
    expect(await look('ok')).toEqual(['problem'])
  })

  it('leaves the owner knowing how it stands, whatever did not arrive on the way', async () => {
    const step = fc.tuple(
      fc.constantFrom<AlertLevel>('ok', 'warn', 'error'),
      fc.constantFrom<Delivery>('arrives', 'refused'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { look } = anOwner()
        const heard: string[] = []
        for (const [level, delivery] of [...steps, ['ok', 'arrives'] as const])
          heard.push(...(await look(level, delivery)))
        // What came and went unheard is told when it is over; what was told ends with its recovery.
        const bad = heard.filter((level) => level !== 'recovered')
        expect(heard.at(-1) ?? 'recovered').toBe('recovered')
        expect(heard.filter((level) => level === 'recovered').length).toBeGreaterThanOrEqual(
          Number(bad.length > 0),
        )
        expect(await look('ok')).toEqual([])
      }),
      { numRuns: 10 },
    )
  })
})
