import type { IngestionLogEntry, IngestionLogRepository } from '../../repositories/ingestion-log.ts'
import { instant } from '../instants.ts'
import { rowWriter, type Executor } from '../row-writer.ts'

export class KyselyIngestionLogRepository implements IngestionLogRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async add(entries: readonly IngestionLogEntry[]): Promise<void> {
    await writeEntries(this.#db, entries)
  }
}

const writeEntries = rowWriter<'data_ingestion_log', IngestionLogEntry>({
  table: 'data_ingestion_log',
  values: {
    source: (row) => row.source,
    date_processed: (row) => row.dateProcessed,
    url: (row) => row.url,
    status: (row) => row.status,
    records_created: (row) => row.recordsCreated,
    records_updated: (row) => row.recordsUpdated,
    errors: (row) => row.errors,
    created_at: (row) => instant(row.createdAt),
  },
})
