import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Selectable } from 'kysely'
import type { DateRange } from '../../domain/dates.ts'
import type { Source } from '../../domain/observation.ts'
import { DatabaseError } from '../../errors.ts'
import type { ArchivedDocument, ArchiveRepository } from '../../repositories/archive.ts'
import type { ArchiveFiles } from '../archive-files.ts'
import { instant } from '../instants.ts'
import { packBody, unpackBody } from '../packed-body.ts'
import { forChunks, inChunks, withoutNul, type Executor } from '../row-writer.ts'
import type { DocumentsTable } from '../schema/archive.ts'

export class KyselyArchiveRepository implements ArchiveRepository {
  readonly #db: Executor
  readonly #files: ArchiveFiles

  constructor(db: Executor, files: ArchiveFiles) {
    this.#db = db
    this.#files = files
  }

  async put(
    document: Omit<ArchivedDocument, 'id' | 'size' | 'lastSeenAt' | 'archivedIn'>,
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
        ...(await this.#pack(url, bytes)),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, isNew: true }
  }

  async bytes(id: number): Promise<Uint8Array | undefined> {
    const row = await this.#db
      .selectFrom('documents as d')
      .leftJoin('archives as a', 'a.id', 'd.archive_id')
      .select(['d.url', 'd.hash', 'd.body', 'd.base_id', 'a.file', 'a.key'])
      .where('d.id', '=', id)
      .executeTakeFirst()
    if (row === undefined) return undefined
    if (row.body === null) {
      const { file, key } = row
      return file === null || key === null ? undefined : this.#archived({ file, key }, row)
    }
    if (row.base_id === null) return inflateRawSync(row.body)
    const base = await this.bytes(row.base_id)
    return base === undefined ? undefined : unpackBody(row.body, base)
  }

  async archivedBytes(
    archiveId: number,
    document: Pick<ArchivedDocument, 'url' | 'hash'>,
  ): Promise<Uint8Array | undefined> {
    const archive = await this.#db
      .selectFrom('archives')
      .select(['file', 'key'])
      .where('id', '=', archiveId)
      .executeTakeFirst()
    return archive && (await this.#archived(archive, document))
  }

  async get(ids: readonly number[]): Promise<ArchivedDocument[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#heads().where('documents.id', 'in', chunk).execute(),
    )
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
    const rows = await query.orderBy('fetched_at').orderBy('documents.id').execute()
    return rows.map(toDocument)
  }

  /** A base stays for as long as others are told by it. */
  async remove(given: readonly number[]): Promise<number[]> {
    const bases = await inChunks(given, (chunk) =>
      this.#db
        .selectFrom('documents')
        .select('base_id')
        .distinct()
        .where('base_id', 'in', chunk)
        .where('id', 'not in', chunk)
        .execute(),
    )
    const kept = new Set(bases.map(({ base_id }) => base_id))
    const ids = given.filter((id) => !kept.has(id))
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
    return ids
  }

  async #archived(
    archive: { readonly file: string; readonly key: string },
    { url, hash }: Pick<ArchivedDocument, 'url' | 'hash'>,
    isBase = false,
  ): Promise<Uint8Array> {
    const damaged = (cause?: unknown): DatabaseError =>
      new DatabaseError(`the archive ${archive.file} does not hold ${url} as it was`, {
        code: 'archive-damaged',
        hint: 'run `harness db check`; put a good copy of the archive in its place',
        ...(cause === undefined ? {} : { cause }),
      })
    let found
    try {
      found = this.#files.reader(archive).document(url, hash)
    } catch (error) {
      throw error instanceof DatabaseError ? error : damaged(error)
    }
    // A base stands by itself: one that is told by another, or by itself, would be read without end.
    if (found === undefined || (isBase && found.baseHash !== null)) throw damaged()
    const base = found.baseHash === null ? null : await this.#base(archive, url, found.baseHash)
    if (base === undefined) throw damaged()
    try {
      return base === null ? inflateRawSync(found.body) : unpackBody(found.body, base)
    } catch (error) {
      throw damaged(error)
    }
  }

  /** What a body is told by may have been moved with it, to another file, or not at all. */
  async #base(
    archive: { readonly file: string; readonly key: string },
    url: string,
    hash: string,
  ): Promise<Uint8Array | undefined> {
    if (this.#files.reader(archive).document(url, hash) !== undefined)
      return this.#archived(archive, { url, hash }, true)
    const row = await this.#db
      .selectFrom('documents')
      .select('id')
      .where('url', '=', url)
      .where('hash', '=', hash)
      .executeTakeFirst()
    return row && (await this.bytes(row.id))
  }

  /** Against the newest body of the address that stands by itself, where that saves anything. */
  async #pack(url: string, bytes: Uint8Array): Promise<Pick<DocumentsTable, 'body' | 'base_id'>> {
    const plain = { body: deflateRawSync(bytes), base_id: null }
    if (bytes.byteLength < smallest) return plain
    const base = await this.#db
      .selectFrom('documents')
      .select(['id', 'body'])
      .where('url', '=', url)
      .where('base_id', 'is', null)
      .where('body', 'is not', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (base?.body == null) return plain
    const body = packBody(bytes, inflateRawSync(base.body))
    return body.length < plain.body.length * worthwhile ? { body, base_id: base.id } : plain
  }

  #heads() {
    return this.#db
      .selectFrom('documents')
      .leftJoin('archives', 'archives.id', 'documents.archive_id')
      .select([
        'documents.id',
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
        'archives.file as archived_in',
      ])
  }
}

/** Bodies below this are not worth a second look. */
const smallest = 4096
/** One that saves less becomes the next base: the address says something new. */
const worthwhile = 0.7

const toDocument = (
  row: Omit<Selectable<DocumentsTable>, 'body' | 'base_id' | 'archive_id'> & {
    archived_in: string | null
  },
): ArchivedDocument => ({
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
  archivedIn: row.archived_in,
})
