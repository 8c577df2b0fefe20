import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Selectable } from 'kysely'
import type { DateRange } from '../../domain/dates.ts'
import type { Source } from '../../domain/observation.ts'
import type { ArchivedDocument, ArchiveRepository } from '../../repositories/repositories.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, withoutNul, type Executor } from '../row-writer.ts'
import type { DocumentsTable } from '../schema.ts'

export class KyselyArchiveRepository implements ArchiveRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async put(
    document: Omit<ArchivedDocument, 'id' | 'size' | 'lastSeenAt'>,
    bytes: Uint8Array,
  ): Promise<{ id: number; isNew: boolean }> {
    const fetchedAt = instant(document.fetchedAt)
    const url = withoutNul(document.url)
    // Looked up first, so that bytes that are there already are not compressed for nothing.
    const known = await this.#db
      .updateTable('documents')
      .set({ last_seen_at: fetchedAt })
      .where('url', '=', url)
      .where('hash', '=', document.hash)
      .returning('id')
      .executeTakeFirst()
    if (known !== undefined) return { id: known.id, isNew: false }
    const { id } = await this.#db
      .insertInto('documents')
      .values({
        source: document.source,
        kind: document.kind,
        url,
        hash: document.hash,
        content_type: withoutNul(document.contentType),
        etag: withoutNul(document.etag),
        last_modified: withoutNul(document.lastModified),
        http_status: document.httpStatus,
        racing_date: document.date,
        label: withoutNul(document.label),
        size: bytes.byteLength,
        fetched_at: fetchedAt,
        last_seen_at: fetchedAt,
        body: deflateRawSync(bytes),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, isNew: true }
  }

  async bytes(id: number): Promise<Uint8Array | undefined> {
    const row = await this.#db
      .selectFrom('documents')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst()
    return row === undefined ? undefined : inflateRawSync(row.body)
  }

  async get(ids: readonly number[]): Promise<ArchivedDocument[]> {
    const rows = await inChunks(ids, (chunk) => this.#heads().where('id', 'in', chunk).execute())
    return rows.map(toDocument).sort((a, b) => a.id - b.id)
  }

  async list(filter: {
    source?: Source
    kind?: string
    url?: string
    range?: DateRange
  }): Promise<ArchivedDocument[]> {
    let query = this.#heads()
    if (filter.source !== undefined) query = query.where('source', '=', filter.source)
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
    if (filter.url !== undefined) query = query.where('url', '=', withoutNul(filter.url))
    if (filter.range !== undefined) {
      query = query
        .where('racing_date', '>=', filter.range.from)
        .where('racing_date', '<=', filter.range.to)
    }
    const rows = await query.orderBy('fetched_at').orderBy('id').execute()
    return rows.map(toDocument)
  }

  async remove(ids: readonly number[]): Promise<void> {
    // No foreign keys for these: nothing else looks them up by document, so no index would serve.
    await forChunks(ids, (chunk) =>
      this.#db
        .updateTable('observations')
        .set({ document_id: null })
        .where('document_id', 'in', chunk)
        .execute(),
    )
    await forChunks(ids, (chunk) =>
      this.#db
        .updateTable('pages')
        .set({ document_id: null })
        .where('document_id', 'in', chunk)
        .execute(),
    )
    await forChunks(ids, (chunk) =>
      this.#db.deleteFrom('documents').where('id', 'in', chunk).execute(),
    )
  }

  #heads() {
    return this.#db
      .selectFrom('documents')
      .select([
        'id',
        'source',
        'kind',
        'url',
        'hash',
        'content_type',
        'etag',
        'last_modified',
        'http_status',
        'racing_date',
        'label',
        'size',
        'fetched_at',
        'last_seen_at',
      ])
  }
}

const toDocument = (row: Omit<Selectable<DocumentsTable>, 'body'>): ArchivedDocument => ({
  id: row.id,
  source: row.source,
  kind: row.kind,
  url: row.url,
  hash: row.hash,
  contentType: row.content_type,
  etag: row.etag,
  lastModified: row.last_modified,
  httpStatus: row.http_status,
  date: row.racing_date,
  label: row.label,
  size: row.size,
  fetchedAt: row.fetched_at,
  lastSeenAt: row.last_seen_at,
})
