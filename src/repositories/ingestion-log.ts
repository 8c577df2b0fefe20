import type { ParseIssue, Source } from '../domain/observation.ts'

export interface IngestionLogEntry {
  readonly source: Source
  readonly dateProcessed: string
  readonly url: string | null
  readonly status: 'success' | 'failed' | 'partial'
  readonly recordsCreated: number
  readonly recordsUpdated: number
  readonly errors: string | null
  readonly createdAt: string
}

export interface IngestionLogRepository {
  add(entries: readonly IngestionLogEntry[]): Promise<void>
}

export interface ParseIssueRepository {
  /** Replaces what is on record about the document. */
  replace(
    document: { documentId: number; source: Source; date: string | null; at: string },
    issues: readonly ParseIssue[],
  ): Promise<void>
  /**
   * Makes these the issues of these codes of the documents; returns those that were not there.
   */
  settle(
    codes: readonly string[],
    documents: readonly { documentId: number; source: Source; date: string | null }[],
    issues: readonly { readonly documentId: number; readonly issue: ParseIssue }[],
    at: string,
  ): Promise<ParseIssue[]>
  countByCode(): Promise<{ code: string; count: number }[]>
}
