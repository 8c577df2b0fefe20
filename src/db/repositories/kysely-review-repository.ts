import type { Selectable } from 'kysely'
import type { ReviewItem } from '../../domain/masters.ts'
import type { QuestionKey, ReviewRepository } from '../../repositories/judgements.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'
import type { ReviewItemsTable } from '../schema/evidence.ts'

export class KyselyReviewRepository implements ReviewRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async list(filter: { kind?: 'meeting' | 'horse'; limit?: number } = {}): Promise<ReviewItem[]> {
    let query = this.#db.selectFrom('review_items').selectAll()
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
    query = query.orderBy('priority', 'desc').orderBy('id')
    if (filter.limit !== undefined) query = query.limit(filter.limit)
    return (await query.execute()).map(toItem)
  }

  async ofSubjects(kind: 'meeting' | 'horse', ids: readonly number[]): Promise<ReviewItem[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('review_items')
        .selectAll()
        .where('kind', '=', kind)
        .where('subject_id', 'in', chunk)
        .execute(),
    )
    return rows.sort((a, b) => b.priority - a.priority || a.id - b.id).map(toItem)
  }

  async replace(
    kind: 'meeting' | 'horse',
    subjectIds: readonly number[],
    items: readonly ReviewItem[],
  ): Promise<void> {
    await forChunks(subjectIds, (chunk) =>
      this.#db
        .deleteFrom('review_items')
        .where('kind', '=', kind)
        .where('subject_id', 'in', chunk)
        .execute(),
    )
    await writeItems(this.#db, items)
  }

  async count(kind: 'meeting' | 'horse'): Promise<number> {
    const { count } = await this.#db
      .selectFrom('review_items')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow()
    return count
  }

  async replaceCode(
    kind: 'meeting' | 'horse',
    code: ReviewItem['code'],
    items: readonly ReviewItem[],
  ): Promise<number> {
    const gone = await this.#db
      .deleteFrom('review_items')
      .where('kind', '=', kind)
      .where('code', '=', code)
      .returning(['subject', 'other'])
      .execute()
    await writeItems(this.#db, items)
    const before = new Set(gone.map(({ subject, other }) => `${subject}|${other}`))
    return items.filter(({ subject, other }) => before.has(`${subject}|${other}`)).length
  }

  async snooze(question: QuestionKey, until: string): Promise<void> {
    await this.wake(question)
    const { kind, code, subject, other } = question
    await this.#db
      .insertInto('snoozes')
      .values({ kind, code, subject, other: other ?? '', until: instant(until) })
      .execute()
  }

  async wake({ kind, code, subject, other }: QuestionKey): Promise<void> {
    await this.#db
      .deleteFrom('snoozes')
      .where('kind', '=', kind)
      .where('code', '=', code)
      .where('subject', '=', subject)
      .where('other', '=', other ?? '')
      .execute()
  }

  async snoozed(kind: 'meeting' | 'horse', now: string): Promise<QuestionKey[]> {
    const rows = await this.#db
      .selectFrom('snoozes')
      .selectAll()
      .where('kind', '=', kind)
      .where('until', '>', instant(now))
      .execute()
    return rows.map(({ code, subject, other }) => ({
      kind,
      code: code as ReviewItem['code'],
      subject,
      other: other === '' ? null : other,
    }))
  }
}

const toItem = (row: Selectable<ReviewItemsTable>): ReviewItem => ({
  kind: row.kind,
  code: row.code as ReviewItem['code'],
  subject: row.subject,
  other: row.other,
  subjectId: row.subject_id,
  otherId: row.other_id,
  question: row.question,
  evidence: row.evidence,
  priority: row.priority,
})

const writeItems = rowWriter<'review_items', ReviewItem>({
  table: 'review_items',
  key: ['kind', 'code', 'subject', 'other'],
  conflictTarget: "kind, code, subject, (coalesce(other, ''))",
  values: {
    kind: (row) => row.kind,
    code: (row) => row.code,
    subject: (row) => row.subject,
    other: (row) => row.other,
    subject_id: (row) => row.subjectId,
    other_id: (row) => row.otherId,
    question: (row) => row.question,
    evidence: (row) => row.evidence,
    priority: (row) => row.priority,
  },
})
