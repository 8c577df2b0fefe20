import { isoInstant, racingDate } from '../domain/dates.ts'
import {
  type QualityMetric,
  qualityMetrics,
  type QualityScope,
  type QualityTally,
} from '../domain/quality/quality-metrics.ts'
import { settledAfterHours } from '../domain/quality/quality-rules.ts'
import { explainCard } from '../domain/reconcile/explain-card.ts'
import { matchCard } from '../domain/reconcile/matched-card.ts'
import type { QualityCounts, ReportRepository } from '../repositories/reports.ts'
import type { Repositories } from '../repositories/repositories.ts'
import type { AppDeps } from './ports.ts'

/** How many meetings of both sources are compared value by value: the newest ones. */
const comparedMeetings = 20

type Deps = Pick<AppDeps, 'unitOfWork' | 'clock'> & { readonly reports: ReportRepository }

/** All rules over all meetings and horses, summed for each scope asked for. */
export async function reportQuality(
  deps: Deps,
  scopes: readonly QualityScope[],
): Promise<QualityMetric[]> {
  const { tallies, reasons } = await tallyQuality(deps)
  return qualityMetrics(tallies, scopes, reasons)
}

/** What the rules count in each meeting, and among the horses. */
export async function tallyQuality(deps: Deps): Promise<QualityCounts> {
  const settledAt = deps.clock.now() - settledAfterHours * 3_600_000
  const { tallies, reasons } = await deps.reports.quality({
    settledAt: isoInstant(settledAt),
    settledDate: racingDate(settledAt),
  })
  const newest = await deps.reports.merged(comparedMeetings)
  const compared = await deps.unitOfWork.read((repositories) =>
    compareSources(repositories, newest),
  )
  return {
    tallies: [...tallies, ...compared.tallies],
    reasons: {
      ...reasons,
      ...(compared.fields === undefined ? {} : { 'fields-differ': compared.fields }),
    },
  }
}

/**
 * Where the two sources differ. The trees of all years would take minutes to read: the newest
 * meetings tell whether a source has begun to say something else.
 */
async function compareSources(
  { observations }: Repositories,
  meetings: Awaited<ReturnType<ReportRepository['merged']>>,
): Promise<{
  readonly tallies: QualityTally[]
  readonly fields?: Record<string, number>
}> {
  if (meetings.length === 0) return { tallies: [] }
  const headers = await observations.listByMeetings(meetings.map(({ id }) => id))
  const trees = await observations.loadTrees(headers.map(({ id }) => id))
  const fields: Record<string, number> = {}
  const tallies = meetings.map((meeting): QualityTally => {
    const said = headers
      .filter(({ meetingId }) => meetingId === meeting.id)
      .flatMap(({ id }) => trees.get(id) ?? [])
    const card = matchCard(said)
    let among = 0
    let found = 0
    for (const { field, claims } of explainCard(card, false, new Map())) {
      const values = claims
        .filter(({ source }) => source === 'tab_api' || source === 'hrnz_scraper')
        .map(({ value }) => JSON.stringify(value))
      if (values.length < 2) continue
      among += 1
      if (values[0] === values[1]) continue
      found += 1
      fields[field] = (fields[field] ?? 0) + 1
    }
    const unpaired = card.races.some(
      ({ by }) => by.tab_api === undefined || by.hrnz_scraper === undefined,
    )
    return {
      date: meeting.meeting_date,
      venue: meeting.venue,
      source: 'merged',
      counts: {
        'race-count-differs': { found: Number(unpaired), among: 1, notYet: 0 },
        'fields-differ': { found, among, notYet: 0 },
      },
    }
  })
  return { tallies, fields }
}
