import { reconcileMeetings } from '../../src/app/reconcile/reconcile-meetings.ts'
import { openDatabase } from '../../src/db/connect.ts'
import type { Figures } from './figures.ts'

/** `harness reconcile` over everything that the sources hold; `moved` should be nothing. */
export async function reconcileAgain(options: { readonly database: string }): Promise<Figures> {
  const database = await openDatabase(options.database)
  const silent = { start: ignore, step: ignore, stop: ignore }
  const started = performance.now()
  const { counts } = await reconcileMeetings(
    {
      unitOfWork: database.unitOfWork,
      clock: { now: () => Date.parse('2027-01-02'), sleepUntil: () => Promise.resolve() },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      progress: silent,
      signal: new AbortController().signal,
    },
    { dryRun: false },
  )
  const apply = performance.now() - started
  await database.close()
  const { created, updated, unchanged } = counts.meetings
  return {
    apply,
    meetings: created + updated + unchanged,
    starters: counts.starters.created + counts.starters.updated + counts.starters.unchanged,
    moved: created + updated,
  }
}

function ignore(): void {
  // Nobody listens: talking is no part of what is measured.
}
