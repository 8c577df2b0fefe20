import { sql } from 'kysely'
import type { PruneCut, PruningRepository } from '../../repositories/pruning.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { ArchiveFiles } from '../archive-files.ts'
import { inChunks, type Executor } from '../row-writer.ts'
import { KyselyArchiveRepository } from './kysely-archive-repository.ts'

export class KyselyPruningRepository implements PruningRepository {
  readonly #db: Executor
  readonly #documents: KyselyArchiveRepository

  constructor(db: Executor, files: ArchiveFiles) {
    this.#db = db
    this.#documents = new KyselyArchiveRepository(db, files)
  }

  async unreferenced(kinds: readonly string[], cut: PruneCut): Promise<ArchivedDocument[]> {
    const rows = await this.#db
      .selectFrom('documents as d')
      .select('d.id')
      .where('d.kind', 'in', [...kinds])
      .where(isSpare(cut))
      .execute()
    return await this.#documents.get(rows.map(({ id }) => id))
  }

  async removeDocuments(
    ids: readonly number[],
    cut: PruneCut,
  ): Promise<{ documents: number; bytes: number }> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('documents as d')
        .select(['d.id', sql<number>`length(d.body)`.as('bytes')])
        .where('d.id', 'in', chunk)
        .where(isSpare(cut))
        .execute(),
    )
    const removed = new Set(await this.#documents.remove(rows.map(({ id }) => id)))
    return {
      documents: removed.size,
      bytes: rows.reduce((sum, { id, bytes }) => sum + (removed.has(id) ? Number(bytes) : 0), 0),
    }
  }

  async forgetRuns(cut: PruneCut): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('runs')
      .where('ended_at', '<', cut.instant)
      .where('id', 'not in', (eb) =>
        eb
          .selectFrom('runs as latest')
          .select(({ fn }) => fn.max('latest.id').as('id'))
          .groupBy(['latest.command', 'latest.exit_code']),
      )
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  async forgetRequestTimes(cut: PruneCut): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('request_times')
      .where('day', '<', cut.date)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }
}

/** In place, HRNZ's, not seen since the cut, and named by nothing. */
function isSpare({ instant }: PruneCut) {
  return sql<boolean>`d.source = 'hrnz_scraper' and d.archive_id is null
    and d.last_seen_at < ${instant}
    and not exists (select 1 from observations o where o.document_id = d.id)
    and not exists (select 1 from pages p where p.document_id = d.id)
    and not exists (select 1 from horse_facts f where f.document_id = d.id)`
}
