import type { Kysely, TransactionBuilder } from 'kysely'
import type { Repositories, UnitOfWork } from '../repositories/repositories.ts'
import { mappingErrors } from './map-database-error.ts'
import { KyselyAliasRepository } from './repositories/kysely-alias-repository.ts'
import type { ArchiveFiles } from './archive-files.ts'
import { KyselyArchiveRepository } from './repositories/kysely-archive-repository.ts'
import { KyselyArchivingRepository } from './repositories/kysely-archiving-repository.ts'
import { KyselyCaptureRecordRepository } from './repositories/kysely-capture-record-repository.ts'
import { KyselyCardRepository } from './repositories/kysely-card-repository.ts'
import { KyselyFormRepository } from './repositories/kysely-form-repository.ts'
import { KyselyHorseFactsRepository } from './repositories/kysely-horse-facts-repository.ts'
import { KyselyHorseRepository } from './repositories/kysely-horse-repository.ts'
import { KyselyIdRepository } from './repositories/kysely-id-repository.ts'
import { KyselyIngestionLogRepository } from './repositories/kysely-ingestion-log-repository.ts'
import { KyselyJudgementRepository } from './repositories/kysely-judgement-repository.ts'
import { KyselyMarketRepository } from './repositories/kysely-market-repository.ts'
import { KyselyObservationRepository } from './repositories/kysely-observation-repository.ts'
import { KyselyPageRepository } from './repositories/kysely-page-repository.ts'
import { KyselyParseIssueRepository } from './repositories/kysely-parse-issue-repository.ts'
import { KyselyPruningRepository } from './repositories/kysely-pruning-repository.ts'
import { KyselyReviewRepository } from './repositories/kysely-review-repository.ts'
import type { Executor } from './row-writer.ts'
import type { Schema } from './schema.ts'
import type { UnitGuard } from './unit-guard.ts'

export class KyselyUnitOfWork implements UnitOfWork {
  readonly #db: Kysely<Schema>
  readonly #guard: UnitGuard
  readonly #target: string
  readonly #archives: ArchiveFiles
  readonly #beforeWrite: (db: Executor) => Promise<void>

  /** `beforeWrite` begins every unit that writes, and throws where it must not. */
  constructor(
    db: Kysely<Schema>,
    guard: UnitGuard,
    target: string,
    archives: ArchiveFiles,
    beforeWrite: (db: Executor) => Promise<void>,
  ) {
    this.#db = db
    this.#guard = guard
    this.#target = target
    this.#archives = archives
    this.#beforeWrite = beforeWrite
  }

  run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.#execute(this.#db.transaction(), work, this.#beforeWrite)
  }

  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const snapshot = this.#db
      .transaction()
      .setAccessMode('read only')
      .setIsolationLevel('repeatable read')
    return this.#execute(snapshot, work)
  }

  #execute<T>(
    transaction: TransactionBuilder<Schema>,
    work: (repositories: Repositories) => Promise<T>,
    before?: (db: Executor) => Promise<void>,
  ): Promise<T> {
    return mappingErrors(this.#target, () =>
      transaction.execute(async (db) => {
        await before?.(db)
        return await this.#guard.enter(() => work(repositoriesOf(db, this.#archives)))
      }),
    )
  }
}

function repositoriesOf(db: Executor, archives: ArchiveFiles): Repositories {
  return {
    ids: new KyselyIdRepository(db),
    observations: new KyselyObservationRepository(db),
    cards: new KyselyCardRepository(db),
    horses: new KyselyHorseRepository(db),
    horseFacts: new KyselyHorseFactsRepository(db),
    form: new KyselyFormRepository(db),
    judgements: new KyselyJudgementRepository(db),
    reviews: new KyselyReviewRepository(db),
    archive: new KyselyArchiveRepository(db, archives),
    archiving: new KyselyArchivingRepository(db),
    pruning: new KyselyPruningRepository(db, archives),
    pages: new KyselyPageRepository(db),
    aliases: new KyselyAliasRepository(db),
    log: new KyselyIngestionLogRepository(db),
    issues: new KyselyParseIssueRepository(db),
    market: new KyselyMarketRepository(db, archives),
    captureRecord: new KyselyCaptureRecordRepository(db),
  }
}
