import type { Selectable } from 'kysely'
import type { DateRange } from '../../domain/dates.ts'
import type { Source } from '../../domain/observation.ts'
import type { FieldBaseline } from '../../domain/scraping/field-coverage.ts'
import type { BaselineKey, DueFilter, Page, PageRepository } from '../../repositories/pages.ts'
import { instant, instantOrNull } from '../instants.ts'
import { inChunks, rowWriter, type Executor } from '../row-writer.ts'
import type { PagesTable } from '../schema/archive.ts'
import { workersAtWork } from '../workers.ts'

export class KyselyPageRepository implements PageRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async findByUrls(source: Source, urls: readonly string[]): Promise<Page[]> {
    const rows = await inChunks(urls, (chunk) =>
      this.#db
        .selectFrom('pages')
        .selectAll()
        .where('source', '=', source)
        .where('url', 'in', chunk)
        .execute(),
    )
    return rows.map(toPage).sort((a, b) => a.id - b.id)
  }

  register(pages: Parameters<PageRepository['register']>[0]): Promise<number> {
    return registerPages(this.#db, pages)
  }

  async due(filter: DueFilter, limit: number): Promise<Page[]> {
    const rows = await this.#due(filter)
      .selectAll()
      .orderBy('due_at')
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(toPage)
  }

  async countDue(filter: DueFilter): Promise<number> {
    const { count } = await this.#due(filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return count
  }

  async claim(filter: DueFilter, run: number): Promise<Page | undefined> {
    const next = this.#due(filter)
      .select('id')
      .where((eb) =>
        eb.or([
          eb('claimed_by', 'is', null),
          eb('claimed_by', '=', run),
          eb('claimed_by', 'not in', workersAtWork),
        ]),
      )
      .orderBy('due_at')
      .orderBy('id')
      .limit(1)
      // A row that somebody else has locked is passed over, not waited for.
      .forUpdate()
      .skipLocked()
    const row = await this.#db
      .updateTable('pages')
      .set({ claimed_by: run })
      .where('id', '=', next)
      .returningAll()
      .executeTakeFirst()
    return row === undefined ? undefined : toPage(row)
  }

  async update(pages: readonly Page[]): Promise<void> {
    await writePages(this.#db, pages)
  }

  async list(filter: { source?: Source; kind?: string; range?: DateRange }): Promise<Page[]> {
    let query = this.#db.selectFrom('pages').selectAll()
    if (filter.source !== undefined) query = query.where('source', '=', filter.source)
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
    if (filter.range !== undefined) {
      query = query
        .where('racing_date', '>=', filter.range.from)
        .where('racing_date', '<=', filter.range.to)
    }
    const rows = await query.execute()
    return rows.map(toPage).sort(byDate)
  }

  async fieldBaselines(of: BaselineKey): Promise<FieldBaseline[]> {
    const rows = await this.#db
      .selectFrom('field_baselines')
      .select(['field', 'share', 'pages'])
      .where('source', '=', of.source)
      .where('kind', '=', of.kind)
      .where('parser_version', '=', of.parserVersion)
      .execute()
    return rows.sort((a, b) => (a.field < b.field ? -1 : 1))
  }

  async saveFieldBaselines(of: BaselineKey, baselines: readonly FieldBaseline[]): Promise<void> {
    await writeBaselines(
      this.#db,
      baselines.map((baseline) => ({ ...of, ...baseline })),
    )
  }

  async counts(now: string): ReturnType<PageRepository['counts']> {
    const rows = await this.#db
      .selectFrom('pages')
      .select((eb) => [
        'source',
        'kind',
        'state',
        eb.fn.countAll<number>().as('count'),
        eb.fn
          .count<number>('due_at')
          .filterWhere('state', 'in', ['due', 'failed'])
          .filterWhere('due_at', '<=', instant(now))
          .as('due'),
      ])
      .groupBy(['source', 'kind', 'state'])
      .execute()
    const key = (row: (typeof rows)[number]) => `${row.source} ${row.kind} ${row.state}`
    return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1))
  }

  #due({ source, kind, range, now, notSince }: DueFilter) {
    let query = this.#db
      .selectFrom('pages')
      .where('source', '=', source)
      .where('kind', '=', kind)
      .where('state', 'in', ['due', 'failed'])
      .where('due_at', '<=', instant(now))
    if (range !== undefined)
      query = query.where('racing_date', '>=', range.from).where('racing_date', '<=', range.to)
    if (notSince !== undefined)
      query = query.where((eb) =>
        eb.or([eb('last_fetched_at', 'is', null), eb('last_fetched_at', '<', instant(notSince))]),
      )
    return query
  }
}

/** Pages without a date first, as SQLite has it; Postgres would put them last. */
const byDate = (a: Page, b: Page): number => {
  const [left, right] = [a.date ?? '', b.date ?? '']
  return left < right ? -1 : left > right ? 1 : a.id - b.id
}

const toPage = (row: Selectable<PagesTable>): Page => ({
  id: row.id,
  source: row.source,
  kind: row.kind,
  url: row.url,
  date: row.racing_date,
  club: row.club,
  clubNumber: row.club_number,
  venue: row.venue,
  state: row.state,
  dueAt: row.due_at,
  attempts: row.attempts,
  reason: row.reason,
  errorCode: row.error_code,
  lastFetchedAt: row.last_fetched_at,
  etag: row.etag,
  lastModified: row.last_modified,
  documentId: row.document_id,
})

const registerPages = rowWriter<'pages', Parameters<PageRepository['register']>[0][number]>({
  table: 'pages',
  key: ['source', 'url'],
  ignoreExisting: true,
  values: {
    source: (row) => row.source,
    kind: (row) => row.kind,
    url: (row) => row.url,
    racing_date: (row) => row.date,
    club: (row) => row.club,
    club_number: (row) => row.clubNumber,
    venue: (row) => row.venue,
    state: () => 'due',
    due_at: (row) => instantOrNull(row.dueAt),
    attempts: () => 0,
    reason: (row) => row.reason,
    error_code: () => null,
    last_fetched_at: () => null,
    etag: () => null,
    last_modified: () => null,
    document_id: () => null,
    claimed_by: () => null,
  },
})

const writeBaselines = rowWriter<'field_baselines', BaselineKey & FieldBaseline>({
  table: 'field_baselines',
  key: ['source', 'kind', 'parser_version', 'field'],
  values: {
    source: (row) => row.source,
    kind: (row) => row.kind,
    parser_version: (row) => row.parserVersion,
    field: (row) => row.field,
    share: (row) => row.share,
    pages: (row) => row.pages,
  },
})

const writePages = rowWriter<'pages', Page>({
  table: 'pages',
  key: ['id'],
  values: {
    id: (row) => row.id,
    source: (row) => row.source,
    kind: (row) => row.kind,
    url: (row) => row.url,
    racing_date: (row) => row.date,
    club: (row) => row.club,
    club_number: (row) => row.clubNumber,
    venue: (row) => row.venue,
    state: (row) => row.state,
    due_at: (row) => instantOrNull(row.dueAt),
    attempts: (row) => row.attempts,
    reason: (row) => row.reason,
    error_code: (row) => row.errorCode,
    last_fetched_at: (row) => instantOrNull(row.lastFetchedAt),
    etag: (row) => row.etag,
    last_modified: (row) => row.lastModified,
    document_id: (row) => row.documentId,
    claimed_by: () => null,
  },
})
