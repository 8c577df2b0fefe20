import type { HealthSigns } from '../../domain/alerts/watch-health.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import { groupBy } from '../../domain/group-by.ts'
import { summariseRequests } from '../../domain/quality/request-timing.ts'
import { holds } from '../../domain/scraping/host-hold.ts'
import type { HostPaceRepository, RunRepository } from '../../repositories/operations.ts'
import type { ReportRepository } from '../../repositories/reports.ts'
import type { AlertRepository } from '../../repositories/watching.ts'
import type { Clock } from '../ports.ts'

export interface HealthSignsDeps {
  readonly clock: Clock
  readonly reports: ReportRepository
  readonly hostPace: HostPaceRepository
  readonly runs: RunRepository
  readonly alerts: AlertRepository
  /** Room where the database lies, in bytes; null where it is no file. */
  readonly freeBytes: () => Promise<number | null>
  /** The size that the owner allows. */
  readonly maxBytes: number | null
}

const dayMs = 86_400_000

/** What the database and its disk tell of the last 24 hours, and of now. */
export async function healthSigns(deps: HealthSignsDeps): Promise<HealthSigns> {
  const now = deps.clock.now()
  const since = isoInstant(now - dayMs)
  const health = await deps.reports.health({
    // Requests are counted by day alone: those of yesterday are of the last 24 hours too.
    day: addDays(racingDate(now), -1),
    at: since,
    now: isoInstant(now),
  })
  const facts = await deps.alerts.facts({ since, overdue: isoInstant(now - 2 * dayMs) })
  const freeBytes = await deps.freeBytes()
  const backups = (await deps.runs.history()).find(({ command }) => command === 'db backup')
  return {
    now,
    sources: health.sources,
    hosts: [...groupBy(health.requests, ({ host }) => host)].map(([host, buckets]) => {
      const { answered, p95 } = summariseRequests(buckets)
      return { host, requests: answered, p95Ms: p95 }
    }),
    refused: (await deps.hostPace.all())
      .filter(
        ({ refusedUntil, strikes }) =>
          holds(refusedUntil, now) || (refusedUntil > 0 && strikes > 0),
      )
      .map(({ host, refusedUntil, refusedReason }) => ({
        host,
        isHeld: holds(refusedUntil, now),
        until: isoInstant(refusedUntil),
        reason: refusedReason,
      })),
    sizeBytes: health.sizeBytes,
    maxBytes: deps.maxBytes,
    freeBytes,
    // A server's database is not ours to copy: backups of the file that it was do not grow old.
    lastBackup: freeBytes === null ? null : (backups?.lastSuccess ?? null),
    ...facts,
  }
}
