import { isoInstant } from '../domain/dates.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { dryRun } from './dry-run.ts'
import type { AppDeps } from './ports.ts'

/** One transaction, taken back when it is only to be shown. */
export function applied<Result>(
  { unitOfWork, clock }: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  isDryRun: boolean,
  work: (repositories: Repositories, now: string) => Promise<Result>,
): Promise<Result> {
  const now = isoInstant(clock.now())
  const unit = (repositories: Repositories): Promise<Result> => work(repositories, now)
  return isDryRun ? dryRun(unitOfWork, unit) : unitOfWork.run(unit)
}
