import { sql, type Selectable } from 'kysely'
import type { Judgement } from '../../domain/masters.ts'
import type { JudgementRepository } from '../../repositories/judgements.ts'
import { instant } from '../instants.ts'
import { forChunks, withoutNul, type Executor } from '../row-writer.ts'
import type { JudgementsTable } from '../schema/evidence.ts'

export class KyselyJudgementRepository implements JudgementRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async active(kind: Judgement['kind']): Promise<Judgement[]> {
    const rows = await this.#db
      .selectFrom('judgements')
      .selectAll()
      .where('kind', '=', kind)
      .where('retracted_at', 'is', null)
      .orderBy('id')
      .execute()
    return rows.map(toJudgement)
  }

  async all(): Promise<Judgement[]> {
    const rows = await this.#db.selectFrom('judgements').selectAll().orderBy('id').execute()
    return rows.map(toJudgement)
  }

  async add(judgement: Omit<Judgement, 'id' | 'retractedAt'>): Promise<number> {
    const { id } = await this.#db
      .insertInto('judgements')
      .values({
        // Its number is told to people, by a dry run too, which on Postgres would use it up: a
        // sequence goes on when the rows are taken back. None is ever removed, and units wait for
        // each other.
        id: sql<number>`(select coalesce(max(id), 0) + 1 from judgements)`,
        kind: judgement.kind,
        a: withoutNul(judgement.a),
        b: withoutNul(judgement.b),
        verdict: judgement.verdict,
        reason: withoutNul(judgement.reason),
        actor: withoutNul(judgement.actor),
        created_at: instant(judgement.createdAt),
        evidence: withoutNul(judgement.evidence),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }

  /** One that is retracted already keeps the time at which it was. */
  async retract(ids: readonly number[], at: string): Promise<void> {
    await forChunks(ids, (chunk) =>
      this.#db
        .updateTable('judgements')
        .set({ retracted_at: instant(at) })
        .where('id', 'in', chunk)
        .where('retracted_at', 'is', null)
        .execute(),
    )
  }

  async rekey(from: string, to: string): Promise<void> {
    for (const column of ['a', 'b'] as const) {
      const key = sql.ref<string>(column)
      await this.#db
        .updateTable('judgements')
        .set({ [column]: sql<string>`${to} || substr(${key}, ${sql.lit(from.length + 1)})` })
        .where(
          sql<boolean>`(${key} = ${from} or substr(${key}, 1, ${sql.lit(from.length + 1)}) = ${`${from}/`})`,
        )
        .execute()
    }
  }
}

const toJudgement = (row: Selectable<JudgementsTable>): Judgement => ({
  id: row.id,
  kind: row.kind,
  a: row.a,
  b: row.b,
  verdict: row.verdict,
  reason: row.reason,
  actor: row.actor,
  createdAt: row.created_at,
  evidence: row.evidence,
  retractedAt: row.retracted_at,
})
