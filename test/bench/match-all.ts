import { matchHorses } from '../../src/app/horses/match-horses.ts'
import { openDatabase } from '../../src/db/connect.ts'
import type { Figures } from './figures.ts'

/** `horses match --all`: every horse decided anew, and what moved written. */
export async function matchAll(options: { readonly database: string }): Promise<Figures> {
  const database = await openDatabase(options.database)
  const silent = { start: ignore, step: ignore, stop: ignore }
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  const started = performance.now()
  const { counts } = await matchHorses(
    {
      unitOfWork: database.unitOfWork,
      clock: { now: () => Date.parse('2026-01-02'), sleepUntil: () => Promise.resolve() },
      log,
      progress: silent,
      signal: new AbortController().signal,
    },
    { all: true, dryRun: false },
  )
  const apply = performance.now() - started
  await database.close()
  const { updated, unchanged } = counts.starters
  return { apply, moved: updated, starters: updated + unchanged }
}

function ignore(): void {
  // Nobody listens: talking is no part of what is measured.
}
