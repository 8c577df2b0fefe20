import type { DateRange } from '../domain/dates.ts'

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

type ReportRow = Readonly<Record<string, string | number | null>>

/** Questions that are answered by SQL over the public tables; rows as they are printed. */
export interface ReportRepository {
  summary(): Promise<Summary>
  sources(): Promise<ReportRow[]>
  merged(limit: number): Promise<ReportRow[]>
  ingestion(range?: DateRange): Promise<ReportRow[]>
  /** Those with most races first. */
  horses(limit: number): Promise<ReportRow[]>
  /** Open questions, most important first. */
  questions(limit: number): Promise<ReportRow[]>
}
