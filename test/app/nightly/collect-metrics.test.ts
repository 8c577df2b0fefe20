import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectMetrics } from '../../../src/app/nightly/collect-metrics.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const now = Date.parse('2026-03-09T00:00:00.000Z')

describe.each(testDialects)('metrics on %s', (dialect) => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>
  beforeEach(async () => {
    database = await openTestDatabase(dialect)
  })
  afterEach(() => database.close())

  async function samples(name: string) {
    const metrics = await collectMetrics({ ...database, clock: quietDeps(database, now).clock })
    return metrics.find((metric) => metric.name === name)?.samples
  }

  it('count open alerts by rule and state', async () => {
    const alert = {
      openedAt: '2026-03-08T00:00:00.000Z',
      recoveredAt: null,
      value: '',
      clearLooks: 0,
      told: null,
      toldAt: null,
    }
    await database.alerts.save([
      { ...alert, rule: 'slow', subject: 'a', state: 'warn' },
      { ...alert, rule: 'slow', subject: 'b', state: 'warn' },
      { ...alert, rule: 'slow', subject: 'c', state: 'error' },
      { ...alert, rule: 'disk', subject: '', state: 'ok' },
    ])
    const open = (await samples('harness_alerts_open'))?.filter(({ value }) => value > 0)
    expect(open).toEqual([
      { labels: { rule: 'slow', state: 'warn' }, value: 2 },
      { labels: { rule: 'slow', state: 'error' }, value: 1 },
    ])
  })

  it('tell the quality of the last day on which it was measured, and no figures of health', async () => {
    const measure = { numerator: 3, denominator: 40, status: 'warn' } as const
    await database.measures.saveDay('2026-03-07', [{ ...measure, measure: 'winner-missing' }])
    await database.measures.saveDay('2026-03-08', [
      { ...measure, measure: 'placing-gap' },
      { ...measure, measure: 'missed-windows' },
    ])
    const labels = { rule: 'placing-gap' }
    expect(await samples('harness_quality_found')).toEqual([{ labels, value: 3 }])
    expect(await samples('harness_quality_checked')).toEqual([{ labels, value: 40 }])
  })

  it('tell of each command how and when it ended last, and when it last went well', async () => {
    const run = { argv: '', version: '1', host: 'h', pid: 1, command: 'scrape' }
    for (const [hour, exitCode] of [
      [1, 0],
      [2, 5],
    ] as const) {
      const startedAt = `2026-03-08T0${hour}:00:00.000Z`
      const id = await database.runs.start({ ...run, startedAt })
      const endedAt = `2026-03-08T0${hour}:00:30.000Z`
      await database.runs.finish(id, { endedAt, exitCode, outcome: '', counters: '{}' })
    }
    await database.runs.start({ ...run, startedAt: '2026-03-08T03:00:00.000Z' })
    const labels = { command: 'scrape' }
    const at = (time: string) => Date.parse(`2026-03-08T${time}Z`) / 1000
    expect(await samples('harness_last_run_exit_code')).toEqual([{ labels, value: 5 }])
    expect(await samples('harness_last_run_duration_seconds')).toEqual([{ labels, value: 30 }])
    expect(await samples('harness_last_run_timestamp_seconds')).toEqual([
      { labels, value: at('02:00:30') },
    ])
    expect(await samples('harness_last_success_timestamp_seconds')).toEqual([
      { labels, value: at('01:00:30') },
    ])
  })
})
