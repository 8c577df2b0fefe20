import { sql } from 'kysely'
import type { IdKind, IdRepository } from '../../repositories/ids.ts'
import type { Executor } from '../row-writer.ts'

export class KyselyIdRepository implements IdRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async allocate(counts: Partial<Record<IdKind, number>>): Promise<Record<IdKind, number>> {
    const first: Record<IdKind, number> = { meeting: 0, race: 0, starter: 0, horse: 0 }
    const wanted = (Object.entries(counts) as [IdKind, number][]).filter(([, count]) => count > 0)
    if (wanted.length === 0) return first
    const steps = sql.join(
      wanted.map(([kind, count]) => sql`when ${sql.lit(kind)} then ${sql.lit(count)}`),
      sql` `,
    )
    const rows = await this.#db
      .updateTable('id_counters')
      .set({ next: sql<number>`next + case kind ${steps} end` })
      .where(
        'kind',
        'in',
        wanted.map(([kind]) => kind),
      )
      .returning(['kind', 'next'])
      .execute()
    for (const { kind, next } of rows) {
      first[kind as IdKind] = next - (counts[kind as IdKind] ?? 0)
    }
    return first
  }
}
