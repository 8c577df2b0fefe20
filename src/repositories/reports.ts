import type { DateRange } from '../domain/dates.ts'
import type { WeekFacts } from '../domain/digest/week-digest.ts'
import type { QualityTally } from '../domain/quality/quality-metrics.ts'
import type { QualityRuleId } from '../domain/quality/quality-rules.ts'
import type { DifferenceKind } from '../domain/reconcile/compare-sources.ts'
import type { DashboardFacts, MeetingPage } from './dashboard.ts'

export interface Summary {
  readonly meetings: {
    readonly total: number
    readonly bySource: Readonly<Record<string, number>>
    readonly first: string | null
    readonly last: string | null
  }
  readonly races: { readonly total: number; readonly final: number }
  readonly starters: {
    readonly total: number
    readonly scratched: number
    readonly unlinked: number
  }
  readonly horses: { readonly total: number }
  readonly questions: number
}

/** What was due by now: races that began before the instant, meetings of before the date. */
export interface QualityMoment {
  readonly settledAt: string
  readonly settledDate: string
}

export interface QualityCounts {
  readonly tallies: readonly QualityTally[]
  readonly reasons: Readonly<Partial<Record<QualityRuleId, Readonly<Record<string, number>>>>>
}

/** One of the things that a rule counts. */
export interface QualityFinding {
  readonly date: string | null
  readonly venue: string | null
  readonly meeting: number | null
  readonly race: number | null
  /** Number in the race book. */
  readonly number: number | null
  readonly name: string | null
  readonly start: number | null
  readonly horse: number | null
  /** The values that are wrong, or what the sources say. */
  readonly detail: string
}

interface MergedMeeting extends ReportRow {
  readonly id: number
  readonly meeting_date: string
  readonly venue: string
}

/** What stands in the database about how the work goes; counts since a day. */
export interface HealthFacts {
  readonly requests: readonly {
    readonly host: string
    readonly day: string
    readonly status: number
    readonly upToMs: number
    readonly requests: number
  }[]
  readonly issues: readonly {
    readonly code: string
    readonly source: string
    readonly count: number
  }[]
  readonly sources: readonly {
    readonly source: string
    readonly attempts: number
    readonly failures: number
    readonly lastSuccess: string | null
  }[]
  readonly sizeBytes: number
  /** Bytes of documents as sent that came in, by UTC day of fetching. */
  readonly growth: readonly {
    readonly day: string
    readonly documents: number
    readonly bytes: number
  }[]
  readonly queues: readonly {
    readonly source: string
    readonly kind: string
    readonly state: string
    readonly count: number
    readonly due: number
  }[]
  readonly missedWindows: number
}

export interface MeetingFilter {
  readonly range?: DateRange | undefined
  readonly venue?: string | undefined
  readonly source?: string | undefined
  readonly status?: string | undefined
  readonly limit: number
}

type ReportRow = Readonly<Record<string, string | number | null>>

/** Questions that are answered by SQL over the public tables; rows as they are printed. */
export interface ReportRepository {
  summary(): Promise<Summary>
  sources(): Promise<ReportRow[]>
  /** Meetings of both sources, newest first. */
  merged(limit: number): Promise<MergedMeeting[]>
  ingestion(range?: DateRange): Promise<ReportRow[]>
  quality(moment: QualityMoment): Promise<QualityCounts>
  /** What a rule finds, newest first; empty for a rule that is not about single rows. */
  qualityFindings(
    rule: QualityRuleId,
    moment: QualityMoment,
    limit: number,
  ): Promise<QualityFinding[]>
  /** Meetings on which the sources differ in this way, newest first. */
  meetingsThatDiffer(kind: DifferenceKind, limit: number): Promise<number[]>
  health(since: {
    readonly day: string
    readonly at: string
    readonly now: string
  }): Promise<HealthFacts>
  /** Missed windows since an instant; what stands now otherwise. */
  dashboard(since: { readonly at: string; readonly now: number }): Promise<DashboardFacts>
  /** The pages behind the meetings of these dates. */
  pagesOfDates(dates: readonly string[]): Promise<MeetingPage[]>
  /** Between two instants, the second one excluded. */
  week(span: { readonly from: string; readonly to: string }): Promise<WeekFacts>
  meetings(filter: MeetingFilter): Promise<ReportRow[]>
  /** Those with most races first. */
  horses(limit: number): Promise<ReportRow[]>
  /** Open questions, most important first. */
  questions(limit: number): Promise<ReportRow[]>
}

/** A table or view to be read in whole. */
export interface ExportTable {
  readonly name: string
  readonly columns: readonly string[]
  /** Columns that order its rows, and those of them that are text. */
  readonly key: readonly string[]
  readonly textKeys: readonly string[]
}

/** Reads whole tables a page at a time, rows as arrays in the order of `columns`. */
export interface ExportReader {
  /** All pages that `work` reads are of one moment. */
  snapshot<T>(
    work: (pages: (table: ExportTable) => AsyncIterable<unknown[][]>) => Promise<T>,
  ): Promise<T>
}
