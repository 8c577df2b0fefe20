import { alertRules, type AlertRule } from '../../domain/alerts/alert-rules.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import { groupBy } from '../../domain/group-by.ts'
import type { Metric, MetricSample } from '../../domain/metrics/exposition.ts'
import { qualityRules } from '../../domain/quality/quality-rules.ts'
import type { RunRepository } from '../../repositories/operations.ts'
import type { ReportRepository } from '../../repositories/reports.ts'
import type { AlertRepository, MeasureRepository } from '../../repositories/watching.ts'
import type { Clock } from '../ports.ts'

export interface MetricsDeps {
  readonly clock: Clock
  readonly reports: ReportRepository
  readonly runs: RunRepository
  readonly alerts: AlertRepository
  readonly measures: MeasureRepository
}

const dayMs = 86_400_000
/** Measures of quality that are older say nothing of now. */
const measuredDays = 14

/** Everything that is put into the metrics file, out of the database: whoever writes it writes all. */
export async function collectMetrics(deps: MetricsDeps): Promise<Metric[]> {
  const now = deps.clock.now()
  const since = isoInstant(now - dayMs)
  const health = await deps.reports.health({
    day: racingDate(now),
    at: since,
    now: isoInstant(now),
  })
  const { watcher } = await deps.alerts.facts({ since, overdue: isoInstant(now - 2 * dayMs) })
  const alerts = await deps.alerts.all()
  const { questions } = await deps.reports.summary()
  return [
    ...(await ofRuns(deps.runs)),
    ...(await ofQuality(deps.measures, addDays(racingDate(now), -measuredDays))),
    gauge(
      'harness_pages',
      'Registered pages by source, kind and state.',
      health.queues.map(({ source, kind, state, count }) => ({
        labels: { source, kind, state },
        value: count,
      })),
    ),
    gauge(
      'harness_pages_due',
      'Those of them that are due now.',
      [...groupBy(health.queues, ({ source, kind }) => `${source} ${kind}`).values()].map(
        (queues) => ({
          labels: { source: queues[0]!.source, kind: queues[0]!.kind },
          value: queues.reduce((sum, { due }) => sum + due, 0),
        }),
      ),
    ),
    gauge('harness_source_last_success_timestamp_seconds', 'When a page was last read.', [
      ...health.sources.flatMap(({ source, lastSuccess }) => instants({ source }, lastSuccess)),
    ]),
    gauge('harness_capture_heartbeat_timestamp_seconds', 'The last round of capture --watch.', [
      ...instants({}, watcher?.lastRoundAt ?? null),
    ]),
    gauge('harness_missed_windows', 'Looks at races that came too late in 24 hours.', [
      plain(health.missedWindows),
    ]),
    gauge('harness_open_questions', 'Questions that wait for an answer.', [plain(questions)]),
    gauge('harness_database_size_bytes', 'Size of the database.', [plain(health.sizeBytes)]),
    gauge(
      'harness_alerts_open',
      'Open alerts by rule and state.',
      (Object.keys(alertRules) as AlertRule[]).flatMap((rule) =>
        (['warn', 'error'] as const).map((state) => ({
          labels: { rule, state },
          value: alerts.filter((alert) => alert.rule === rule && alert.state === state).length,
        })),
      ),
    ),
  ]
}

async function ofRuns(runs: RunRepository): Promise<Metric[]> {
  const history = await runs.history()
  const ended = history.flatMap(({ command, lastEnded: { startedAt, endedAt, exitCode } }) =>
    endedAt === null || exitCode === null
      ? []
      : [{ labels: { command }, startedAt, endedAt, exitCode }],
  )
  return [
    gauge(
      'harness_last_run_timestamp_seconds',
      'When the last run of a command ended.',
      ended.flatMap(({ labels, endedAt }) => instants(labels, endedAt)),
    ),
    gauge(
      'harness_last_success_timestamp_seconds',
      'When the last run of a command that left with 0 ended.',
      history.flatMap(({ command, lastSuccess }) => instants({ command }, lastSuccess)),
    ),
    gauge(
      'harness_last_run_exit_code',
      'What the last run of a command left with.',
      ended.map(({ labels, exitCode }) => ({ labels, value: exitCode })),
    ),
    gauge(
      'harness_last_run_duration_seconds',
      'How long the last run of a command took.',
      ended.map(({ labels, startedAt, endedAt }) => ({
        labels,
        value: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
      })),
    ),
  ]
}

/** As the last night measured it: a look at every race would take seconds each time. */
async function ofQuality(measures: MeasureRepository, since: string): Promise<Metric[]> {
  const all = await measures.since(since)
  const day = all.at(-1)?.day
  const rules = new Set<string>(qualityRules.map(({ id }) => id))
  const latest = all.filter((one) => one.day === day && rules.has(one.measure))
  const labels = (rule: string) => ({ rule })
  return [
    gauge(
      'harness_quality_found',
      'What a rule of report quality found.',
      latest.map(({ measure, numerator }) => ({ labels: labels(measure), value: numerator })),
    ),
    gauge(
      'harness_quality_checked',
      'Among how many it looked.',
      latest.flatMap(({ measure, denominator }) =>
        denominator === null ? [] : [{ labels: labels(measure), value: denominator }],
      ),
    ),
  ]
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return { name, help, samples }
}

function plain(value: number): MetricSample {
  return { labels: {}, value }
}

function instants(labels: MetricSample['labels'], at: string | null): MetricSample[] {
  return at === null ? [] : [{ labels, value: Date.parse(at) / 1000 }]
}
