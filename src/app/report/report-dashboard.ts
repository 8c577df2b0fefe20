import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import { groupBy } from '../../domain/group-by.ts'
import {
  type QualityMetric,
  qualityMetrics,
  type QualityTally,
} from '../../domain/quality/quality-metrics.ts'
import type { DashboardData, Example } from '../../dashboard/dashboard-data.ts'
import type { MeetingPage } from '../../repositories/dashboard.ts'
import type { ReportRepository } from '../../repositories/reports.ts'
import type { MeasureRepository } from '../../repositories/watching.ts'
import { refuseOtherFile } from './refuse-other-file.ts'
import { type QualityDeps, tallyQuality } from './report-quality.ts'
import { writeWhole } from '../write-whole.ts'

/** Days, today included, over which requests, failures and growth are shown. */
const healthDays = 30
/** Days over which the measures are followed. */
const measuredDays = 90
/** Meetings that are named for each rule. */
const namedMeetings = 3

export interface DashboardDeps extends QualityDeps {
  readonly measures: Pick<MeasureRepository, 'since'>
}

export interface DashboardRequest {
  readonly file: string
  /** The database's file or URL, fit to be shown. */
  readonly database: string
  /** Also where the file is there and is no dashboard. */
  readonly overwrite?: boolean
}

export interface WrittenDashboard {
  readonly file: string
  readonly bytes: number
}

/** Writes the page into a file, whole or not at all. */
export async function writeDashboard(
  deps: DashboardDeps,
  { file, database, overwrite = false }: DashboardRequest,
): Promise<WrittenDashboard> {
  await refuseOtherFile(file, overwrite)
  const data = await gatherDashboard(deps, database)
  // Plot and its DOM are loaded by nobody else.
  const { renderDashboard } = await import('../../dashboard/render-dashboard.ts')
  return { file, bytes: await writeWhole(file, renderDashboard(data)) }
}

/** Everything that stands on the page, as of the clock's now. */
async function gatherDashboard(deps: DashboardDeps, database: string): Promise<DashboardData> {
  const { reports, measures, clock } = deps
  const now = clock.now()
  const today = racingDate(now)
  const since = {
    day: addDays(today, 1 - healthDays),
    at: isoInstant(now - healthDays * 86_400_000),
  }
  const { tallies, reasons } = await tallyQuality(deps)
  const metrics = qualityMetrics(tallies, ['all', 'season'], reasons)
  const poor = metrics.filter(
    ({ scope, status }) => scope === 'all' && (status === 'warn' || status === 'error'),
  )
  return {
    database,
    at: isoInstant(now),
    today,
    days: healthDays,
    summary: await reports.summary(),
    metrics,
    examples: await newestExamples(
      reports,
      tallies,
      poor.map(({ id }) => id),
    ),
    measures: await measures.since(addDays(today, 1 - measuredDays)),
    health: await reports.health({ ...since, now: isoInstant(now) }),
    facts: await reports.dashboard({ at: since.at, now }),
  }
}

/** The newest meetings in which these rules found something, with the pages to look at. */
async function newestExamples(
  reports: ReportRepository,
  tallies: readonly QualityTally[],
  rules: readonly QualityMetric['id'][],
): Promise<Record<string, readonly Example[]>> {
  const newest = tallies
    .filter(({ date, venue }) => date !== null && venue !== null)
    .toSorted((a, b) => (a.date! < b.date! ? 1 : Number(a.date! > b.date!) * -1))
  const concerned = rules.map((rule) => ({
    rule,
    named: newest.filter(({ counts }) => (counts[rule]?.found ?? 0) > 0).slice(0, namedMeetings),
  }))
  const dates = new Set(concerned.flatMap(({ named }) => named.map(({ date }) => date!)))
  const meetings = meetingsOf(await reports.pagesOfDates([...dates]))
  return Object.fromEntries(
    concerned.map(({ rule, named }) => [
      rule,
      named.flatMap(({ date, venue, source }) => {
        const meeting = meetings.get(JSON.stringify([date, venue, source]))
        return meeting === undefined ? [] : [meeting]
      }),
    ]),
  )
}

/** Meetings with their pages, by what a tally knows of them. */
function meetingsOf(rows: readonly MeetingPage[]): Map<string, Example> {
  const groups = groupBy(rows, ({ date, venue, dataSource }) =>
    JSON.stringify([date, venue, dataSource]),
  )
  return new Map(
    [...groups].map(([key, all]) => {
      const { id, date, venue } = all[0]!
      const urls = new Map(
        all.flatMap(({ source, url }) => (source === null || url === null ? [] : [[source, url]])),
      )
      return [
        key,
        { id, date, venue, pages: [...urls].sort().map(([source, url]) => ({ source, url })) },
      ]
    }),
  )
}
