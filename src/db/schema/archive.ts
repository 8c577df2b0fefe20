import type { Source } from '../../domain/observation.ts'
import type { PageState } from '../../repositories/pages.ts'
import type { Generated } from 'kysely'

export interface DocumentsTable {
  id: Generated<number>
  source: Source
  kind: string
  url: string
  hash: string
  content_type: string | null
  etag: string | null
  last_modified: string | null
  http_status: number | null
  racing_date: string | null
  label: string | null
  size: number
  fetched_at: string
  last_seen_at: string
  /**
   * Raw deflate of the bytes as sent; packed against another document where there is a base. Null
   * where an archive has it.
   */
  body: Uint8Array | null
  base_id: number | null
  archive_id: number | null
}

/** Files to which bodies and prices were moved. */
export interface ArchivesTable {
  id: Generated<number>
  /** Where it was when it was last named. */
  file: string
  /** What the file knows itself by, wherever it is moved. */
  key: string
  has_prices: number
  made_at: string
}

export interface PagesTable {
  id: Generated<number>
  source: Source
  kind: string
  url: string
  racing_date: string | null
  club: string | null
  club_number: string | null
  venue: string | null
  state: PageState
  due_at: string | null
  attempts: number
  reason: string | null
  error_code: string | null
  last_fetched_at: string | null
  etag: string | null
  last_modified: string | null
  document_id: number | null
  /** The run that has it in hand, where several share the work; void once that run has ended. */
  claimed_by: Generated<number | null>
}

export interface FieldBaselinesTable {
  source: Source
  kind: string
  parser_version: string
  field: string
  share: number
  pages: number
}

export interface ParseIssuesTable {
  id: Generated<number>
  document_id: number
  source: Source
  racing_date: string | null
  code: string
  subject: string
  message: string
  excerpt: string | null
  created_at: string
}
