import { sql } from 'kysely'
import type { DateRange } from '../../domain/dates.ts'
import type { QualityRuleId } from '../../domain/quality/quality-rules.ts'
import type { DifferenceKind } from '../../domain/reconcile/compare-sources.ts'
import type {
  MeetingFilter,
  QualityMoment,
  ReportRepository,
  Summary,
} from '../../repositories/reports.ts'
import type { Executor } from '../row-writer.ts'
import { pagesOfDates, readDashboard } from './dashboard-report.ts'
import { readHealth } from './health-report.ts'
import { listMeetings } from './meetings-report.ts'
import { listDiffering } from './quality-agreement.ts'
import { listFindings } from './quality-findings.ts'
import { countQuality } from './quality-report.ts'
import { readWeek } from './week-report.ts'

export class KyselyReportRepository implements ReportRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async summary(): Promise<Summary> {
    const sources = await this.sources()
    const total = sources.reduce((sum, row) => sum + row.meetings, 0)
    const dates = sources.flatMap((row) => [row.earliest, row.latest]).sort()
    const { count } = this.#db.fn
    const isFinal = sql<number>`case when status = 'final' then 1 end`
    const races = await this.#db
      .selectFrom('races')
      .select([count<number>('id').as('total'), count<number>(isFinal).as('final')])
      .executeTakeFirstOrThrow()
    const starters = await this.#db
      .selectFrom('starters')
      .select([
        count<number>('id').as('total'),
        count<number>(sql`case when scratched = 1 then 1 end`).as('scratched'),
        count<number>(sql`case when horse_id is null then 1 end`).as('unlinked'),
      ])
      .executeTakeFirstOrThrow()
    const horses = await this.#db
      .selectFrom('horses')
      .select(count<number>('id').as('total'))
      .executeTakeFirstOrThrow()
    const questions = await this.#db
      .selectFrom('review_items')
      .select(sql<number>`count(*)`.as('total'))
      .executeTakeFirstOrThrow()
    return {
      meetings: {
        total,
        bySource: Object.fromEntries(sources.map((row) => [row.data_source, row.meetings])),
        first: dates[0] ?? null,
        last: dates.at(-1) ?? null,
      },
      races,
      starters,
      horses,
      questions: questions.total,
    }
  }

  sources() {
    return this.#db
      .selectFrom('meetings')
      .select(({ fn }) => [
        'data_source',
        fn.count<number>('id').as('meetings'),
        fn.min<string>('meeting_date').as('earliest'),
        fn.max<string>('meeting_date').as('latest'),
      ])
      .groupBy('data_source')
      .orderBy('data_source')
      .execute()
  }

  merged(limit: number) {
    return this.#db
      .selectFrom('meetings')
      .select([
        'id',
        'meeting_date',
        'venue',
        'club',
        'match_rule',
        'status',
        'tab_meeting_id',
        'hrnz_url',
      ])
      .where('data_source', '=', 'merged')
      .orderBy('meeting_date', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  }

  ingestion(range?: DateRange) {
    let query = this.#db.selectFrom('data_ingestion_log')
    if (range !== undefined) {
      query = query
        .where('date_processed', '>=', range.from)
        .where('date_processed', '<=', range.to)
    }
    return query
      .select(({ fn }) => [
        'date_processed',
        'source',
        fn.count<number>('id').as('attempts'),
        fn.sum<number>('records_created').as('created'),
        fn.sum<number>('records_updated').as('updated'),
        fn.count<number>(sql`case when status = 'failed' then 1 end`).as('failures'),
      ])
      .groupBy(['date_processed', 'source'])
      .orderBy('date_processed', 'desc')
      .orderBy('source')
      .execute()
  }

  quality(moment: QualityMoment) {
    return countQuality(this.#db, moment)
  }

  qualityFindings(rule: QualityRuleId, moment: QualityMoment, limit: number) {
    return listFindings(this.#db, rule, moment, limit)
  }

  meetingsThatDiffer(kind: DifferenceKind, limit: number) {
    return listDiffering(this.#db, kind, limit)
  }

  health(since: { readonly day: string; readonly at: string; readonly now: string }) {
    return readHealth(this.#db, since)
  }

  dashboard(since: { readonly at: string; readonly now: number }) {
    return readDashboard(this.#db, since)
  }

  pagesOfDates(dates: readonly string[]) {
    return pagesOfDates(this.#db, dates)
  }

  week(span: { readonly from: string; readonly to: string }) {
    return readWeek(this.#db, span)
  }

  meetings(filter: MeetingFilter) {
    return listMeetings(this.#db, filter)
  }

  horses(limit: number) {
    return this.#db
      .selectFrom('horses')
      .selectAll()
      .orderBy('race_count', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute()
      .then((rows) => rows.map((row) => ({ ...row })))
  }

  questions(limit: number) {
    return this.#db
      .selectFrom('review_items')
      .select([
        'kind',
        'code',
        'subject_id as id',
        'other_id',
        'question',
        'subject',
        'other',
        'evidence',
      ])
      .orderBy('priority', 'desc')
      .orderBy('kind')
      .orderBy('subject_id')
      .limit(limit)
      .execute()
  }
}
