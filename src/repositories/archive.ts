import type { DateRange } from '../domain/dates.ts'
import type { Source } from '../domain/observation.ts'

/** What was fetched or handed to us, as sent. */
export interface ArchivedDocument {
  readonly id: number
  readonly source: Source
  readonly kind: string
  readonly url: string
  /** SHA-256 of the bytes, lower-case hex. */
  readonly hash: string
  readonly contentType: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly httpStatus: number | null
  /** Racing date the document speaks of, where known. */
  readonly date: string | null
  readonly label: string | null
  readonly size: number
  readonly fetchedAt: string
  readonly lastSeenAt: string
  /** File that its bytes were moved to; null: they are in the database. */
  readonly archivedIn: string | null
}

export interface ArchiveRepository {
  /**
   * Keeps the bytes (compressed) under (url, hash). Bytes already there only get a new
   * `lastSeenAt`; the id is the old one then.
   */
  put(
    document: Omit<ArchivedDocument, 'id' | 'size' | 'lastSeenAt' | 'archivedIn'>,
    bytes: Uint8Array,
  ): Promise<{ id: number; isNew: boolean }>
  /** From the file that they were moved to, if so; throws where that is not there. */
  bytes(id: number): Promise<Uint8Array | undefined>
  /** As the archive has them, whatever the database has; throws where it does not. */
  archivedBytes(
    archiveId: number,
    document: Pick<ArchivedDocument, 'url' | 'hash'>,
  ): Promise<Uint8Array | undefined>
  get(ids: readonly number[]): Promise<ArchivedDocument[]>
  /** Documents of a source and kind in the order they were fetched, without their bytes. */
  list(filter: {
    source?: Source
    kind?: string
    url?: string
    range?: DateRange
  }): Promise<ArchivedDocument[]>
  /** But for those that others are told by; returns which went. */
  remove(ids: readonly number[]): Promise<number[]>
}
