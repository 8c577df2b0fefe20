import type { ArchiveRepository } from './archive.ts'
import type { ArchivingRepository } from './archiving.ts'
import type { CardRepository } from './cards.ts'
import type { FormRepository } from './form.ts'
import type { HorseFactsRepository } from './horse-facts.ts'
import type { HorseRepository } from './horses.ts'
import type { IdRepository } from './ids.ts'
import type { IngestionLogRepository, ParseIssueRepository } from './ingestion-log.ts'
import type { AliasRepository, JudgementRepository, ReviewRepository } from './judgements.ts'
import type { CaptureRecordRepository, MarketRepository } from './market.ts'
import type { ObservationRepository } from './observations.ts'
import type { PageRepository } from './pages.ts'
import type { PruningRepository } from './pruning.ts'

/**
 * Everything that a unit of work may touch. Methods are batch-shaped: they take and give lists, and
 * the number of statements does not grow with the list (beyond splitting at the parameter limit of
 * the database). Empty lists cost no statement.
 */
export interface Repositories {
  readonly ids: IdRepository
  readonly observations: ObservationRepository
  readonly cards: CardRepository
  readonly horses: HorseRepository
  readonly horseFacts: HorseFactsRepository
  readonly form: FormRepository
  readonly judgements: JudgementRepository
  readonly reviews: ReviewRepository
  readonly archive: ArchiveRepository
  readonly archiving: ArchivingRepository
  readonly pruning: PruningRepository
  readonly pages: PageRepository
  readonly aliases: AliasRepository
  readonly log: IngestionLogRepository
  readonly issues: ParseIssueRepository
  readonly market: MarketRepository
  readonly captureRecord: CaptureRecordRepository
}

/** `run` binds repositories to one write transaction; `read` to one consistent snapshot. */
export interface UnitOfWork {
  run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
}
