import { alertName } from '../../domain/alerts/alert-notice.ts'
import type { Alert } from '../../domain/alerts/decide-alerts.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import { groupBy } from '../../domain/group-by.ts'
import { summariseRequests } from '../../domain/quality/request-timing.ts'
import type { DatabaseCare, DatabaseSizes } from '../../repositories/care.ts'
import type { HealthFacts, ReportRepository } from '../../repositories/reports.ts'
import type { AlertRepository } from '../../repositories/watching.ts'
import type { Clock } from '../ports.ts'
import { sizeGroups } from './size-groups.ts'

/** One line: what it is about, how many, how many of them failed. Null where that says nothing. */
export interface HealthRow {
  readonly topic:
    'alert' | 'requests' | 'issues' | 'source' | 'queue' | 'growth' | 'missed' | 'database'
  readonly subject: string
  readonly day: string | null
  readonly count: number | null
  readonly failed: number | null
  readonly p50_ms: number | null
  readonly p95_ms: number | null
  readonly bytes: number | null
  readonly note: string
}

/** How the work went over the last `days`, today included, and what waits. */
export async function reportHealth(
  deps: {
    readonly reports: ReportRepository
    readonly alerts: AlertRepository
    readonly care: Pick<DatabaseCare, 'sizes'>
    readonly clock: Clock
  },
  days: number,
): Promise<HealthRow[]> {
  const now = deps.clock.now()
  const facts = await deps.reports.health({
    day: addDays(racingDate(now), 1 - days),
    at: isoInstant(now - days * 86_400_000),
    now: isoInstant(now),
  })
  const open = (await deps.alerts.all()).filter(({ state }) => state !== 'ok')
  return [
    ...open.map(alertRow),
    ...healthRows(facts),
    ...sizeRows(await deps.care.sizes(), facts.sizeBytes),
  ]
}

function alertRow(alert: Alert): HealthRow {
  const { state, openedAt, value } = alert
  const day = racingDate(Date.parse(openedAt))
  return row('alert', alertName(alert), { day, note: `${state}: ${value}` })
}

function healthRows(facts: HealthFacts): HealthRow[] {
  const hosts = [...groupBy(facts.requests, ({ host, day }) => `${host} ${day}`).values()]
  return [
    ...hosts.map(hostDay),
    ...facts.sources.map(({ source, attempts, failures, lastSuccess }) =>
      row('source', source, {
        count: attempts,
        failed: failures,
        note: `${rate(failures, attempts)} failed; last success ${lastSuccess ?? 'never'}`,
      }),
    ),
    ...facts.issues.map(({ code, source, count }) => row('issues', code, { count, note: source })),
    ...facts.queues.map(({ source, kind, state, count, due }) =>
      row('queue', `${source} ${kind} ${state}`, {
        count,
        note: due === 0 ? '' : `${due} due now`,
      }),
    ),
    row('missed', 'windows of TAB’s races', {
      count: facts.missedWindows,
      note: facts.missedWindows === 0 ? '' : 'see harness status',
    }),
    ...facts.growth.map(({ day, documents, bytes }) =>
      row('growth', 'documents', { day, count: documents, bytes, note: 'as sent' }),
    ),
    row('database', 'size', { bytes: facts.sizeBytes, note: 'all of it' }),
  ]
}

/** Where the bytes are, and in which file those are that were moved away. */
function sizeRows(sizes: DatabaseSizes, total: number): HealthRow[] {
  return [
    ...sizeGroups(sizes).map(({ name, bytes }) =>
      row('database', name, { bytes, note: rate(bytes, total) }),
    ),
    ...sizes.archives.map(({ file, bytes }) =>
      row('database', 'archive file', {
        bytes,
        note: bytes === null ? `${file} is not there` : file,
      }),
    ),
  ]
}

/** One host on one day: times of whole answers, and how often each status came. */
function hostDay(all: HealthFacts['requests']): HealthRow {
  const { host, day } = all[0]!
  const { requests, failed, p50, p95, statuses } = summariseRequests(all)
  const note = statuses.map((one) => `${one.name}: ${one.requests}`).join(', ')
  return row('requests', host, { day, count: requests, failed, p50_ms: p50, p95_ms: p95, note })
}

function row(
  topic: HealthRow['topic'],
  subject: string,
  more: Partial<HealthRow> & Pick<HealthRow, 'note'>,
): HealthRow {
  return {
    topic,
    subject,
    day: null,
    count: null,
    failed: null,
    p50_ms: null,
    p95_ms: null,
    bytes: null,
    ...more,
  }
}

function rate(failures: number, attempts: number): string {
  return attempts === 0 ? '0%' : `${Math.round((1000 * failures) / attempts) / 10}%`
}
