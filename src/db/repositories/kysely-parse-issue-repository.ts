import type { ParseIssue, Source } from '../../domain/observation.ts'
import type { ParseIssueRepository } from '../../repositories/ingestion-log.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'

export class KyselyParseIssueRepository implements ParseIssueRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async replace(document: IssueDocument, issues: readonly ParseIssue[]): Promise<void> {
    await this.#db
      .deleteFrom('parse_issues')
      .where('document_id', '=', document.documentId)
      .execute()
    await writeIssues(
      this.#db,
      issues.map((issue) => ({ document, issue })),
    )
  }

  async settle(
    codes: readonly string[],
    documents: readonly Omit<IssueDocument, 'at'>[],
    issues: readonly { readonly documentId: number; readonly issue: ParseIssue }[],
    at: string,
  ): Promise<ParseIssue[]> {
    const stored = await inChunks(
      documents.map(({ documentId }) => documentId),
      (ids) =>
        this.#db
          .selectFrom('parse_issues')
          .select(['id', 'document_id', 'code', 'subject', 'message', 'excerpt'])
          .where('document_id', 'in', ids)
          .where('code', 'in', codes)
          .execute(),
    )
    const textOf = (documentId: number, issue: ParseIssue): string =>
      JSON.stringify([documentId, issue.code, issue.subject, issue.message, issue.excerpt ?? null])
    const before = new Map(
      stored.map(({ id, document_id: documentId, excerpt, ...issue }) => [
        textOf(documentId, { ...issue, ...(excerpt === null ? {} : { excerpt }) }),
        id,
      ]),
    )
    const wanted = new Map(issues.map((one) => [textOf(one.documentId, one.issue), one]))
    const gone = stored.filter(
      ({ id }) => ![...wanted.keys()].some((text) => before.get(text) === id),
    )
    await forChunks(
      gone.map(({ id }) => id),
      (ids) => this.#db.deleteFrom('parse_issues').where('id', 'in', ids).execute(),
    )
    const fresh = [...wanted].flatMap(([text, one]) => (before.has(text) ? [] : [one]))
    // A copy may be gone from the archive while the observation that was read from it stays.
    const there = await inChunks([...new Set(fresh.map((one) => one.documentId))], (ids) =>
      this.#db.selectFrom('documents').select('id').where('id', 'in', ids).execute(),
    )
    const added = fresh.flatMap(({ documentId, issue }) => {
      const document = documents.find((one) => one.documentId === documentId)
      return document === undefined || !there.some(({ id }) => id === documentId)
        ? []
        : [{ document: { ...document, at }, issue }]
    })
    await writeIssues(this.#db, added)
    return added.map(({ issue }) => issue)
  }

  async countByCode(): Promise<{ code: string; count: number }[]> {
    const rows = await this.#db
      .selectFrom('parse_issues')
      .select((eb) => ['code', eb.fn.countAll<number>().as('count')])
      .groupBy('code')
      .execute()
    return rows.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
  }
}

interface IssueDocument {
  readonly documentId: number
  readonly source: Source
  readonly date: string | null
  readonly at: string
}

const writeIssues = rowWriter<'parse_issues', { document: IssueDocument; issue: ParseIssue }>({
  table: 'parse_issues',
  values: {
    document_id: ({ document }) => document.documentId,
    source: ({ document }) => document.source,
    racing_date: ({ document }) => document.date,
    code: ({ issue }) => issue.code,
    subject: ({ issue }) => issue.subject,
    message: ({ issue }) => issue.message,
    excerpt: ({ issue }) => issue.excerpt?.slice(0, 200) ?? null,
    created_at: ({ document }) => instant(document.at),
  },
})
