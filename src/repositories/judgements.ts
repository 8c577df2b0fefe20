import type { Judgement, ReviewItem, Verdict } from '../domain/masters.ts'
import type { VenueAlias } from '../domain/reconcile/venues.ts'

export interface JudgementRepository {
  /** Judgements that count, oldest first. */
  active(kind: Judgement['kind']): Promise<Judgement[]>
  /** All of them, retracted ones included. */
  all(): Promise<Judgement[]>
  add(judgement: {
    kind: Judgement['kind']
    a: string
    b: string
    verdict: Verdict
    reason: string | null
    actor: string
    createdAt: string
    evidence: string
  }): Promise<number>
  retract(ids: readonly number[], at: string): Promise<void>
  /** Writes `to` for the source key `from`, and in front of the keys below it (`<from>/…`). */
  rekey(from: string, to: string): Promise<void>
}

export interface ReviewRepository {
  /** Open questions, most important first. */
  list(filter?: { kind?: 'meeting' | 'horse'; limit?: number }): Promise<ReviewItem[]>
  ofSubjects(kind: 'meeting' | 'horse', ids: readonly number[]): Promise<ReviewItem[]>
  /** Replaces the questions about these masters by the given ones. */
  replace(
    kind: 'meeting' | 'horse',
    subjectIds: readonly number[],
    items: readonly ReviewItem[],
  ): Promise<void>
  count(kind: 'meeting' | 'horse'): Promise<number>
  /** Replaces all questions of one reason; returns how many of the given ones were open before. */
  replaceCode(
    kind: 'meeting' | 'horse',
    code: ReviewItem['code'],
    items: readonly ReviewItem[],
  ): Promise<number>
  /** Puts a question off; it stays open. */
  snooze(question: QuestionKey, until: string): Promise<void>
  /** Takes a snooze back. */
  wake(question: QuestionKey): Promise<void>
  /** Questions that are put off beyond this instant. */
  snoozed(kind: 'meeting' | 'horse', now: string): Promise<QuestionKey[]>
}

export type QuestionKey = Pick<ReviewItem, 'kind' | 'code' | 'subject' | 'other'>

export interface AliasRepository {
  all(): Promise<VenueAlias[]>
  add(alias: VenueAlias): Promise<void>
  remove(alias: Pick<VenueAlias, 'source' | 'kind' | 'text'>): Promise<number>
}
