import { addDays, type DateRange, isoInstant, nzInstant, racingDate } from '../../domain/dates.ts'
import { digestNotice } from '../../domain/digest/digest-lines.ts'
import {
  isEmpty,
  lastWholeWeek,
  measuresFrom,
  weekDigest,
  type WeekDigest,
} from '../../domain/digest/week-digest.ts'
import type { ReportRepository } from '../../repositories/reports.ts'
import type {
  AlertRepository,
  DigestRepository,
  MeasureRepository,
} from '../../repositories/watching.ts'
import type { Clock, Notice } from '../ports.ts'

export interface WeekDeps {
  readonly reports: ReportRepository
  readonly measures: MeasureRepository
  readonly alerts: AlertRepository
}

/** What a week brought, and how things stood at its end. */
export async function reportWeek(
  { reports, measures, alerts }: WeekDeps,
  week: DateRange,
): Promise<WeekDigest> {
  const from = isoInstant(nzInstant(week.from, '00:00'))
  const to = isoInstant(nzInstant(addDays(week.to, 1), '00:00'))
  return weekDigest(
    week,
    await reports.week({ from, to }),
    await measures.since(measuresFrom(week)),
    await alerts.all(),
    (instant) => instant >= from && instant < to,
  )
}

/**
 * Sends the digest of the last whole week, once. One that was not taken is sent by the next night;
 * callers hold a lock, as for alerts.
 */
export async function tellWeek(
  deps: WeekDeps & {
    readonly clock: Clock
    readonly digests: DigestRepository
    readonly sendNotice: (notice: Notice) => Promise<boolean>
  },
): Promise<void> {
  const now = deps.clock.now()
  const week = lastWholeWeek(racingDate(now))
  if (await deps.digests.isTold(week.from)) return
  const digest = await reportWeek(deps, week)
  if (isEmpty(digest)) return
  const sent = await deps.sendNotice({ level: 'digest', ...digestNotice(digest) })
  if (sent) await deps.digests.told(week.from, isoInstant(now))
}
