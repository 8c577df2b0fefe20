import type { Repositories, UnitOfWork } from '../repositories/repositories.ts'

/**
 * Does the work and takes it back: what is told is what applying it would do, id for id, because it
 * is the same code in the same transaction.
 */
export async function dryRun<Result>(
  unitOfWork: UnitOfWork,
  work: (repositories: Repositories) => Promise<Result>,
): Promise<Result> {
  try {
    await unitOfWork.run(async (repositories) => {
      throw new TakenBack(await work(repositories))
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.result as Result
    throw error
  }
  throw new Error('a dry run was not taken back')
}

class TakenBack extends Error {
  readonly result: unknown
  constructor(result: unknown) {
    super('taken back')
    this.result = result
  }
}
