import type { AppDeps } from '../../src/app/ports.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'

/** What a use case is handed, on a database of the test's, at a standing clock, without talk. */
export function quietDeps({ unitOfWork }: OpenDatabase, now: number): AppDeps {
  const silent = () => {}
  return {
    unitOfWork,
    clock: { now: () => now, sleepUntil: async () => {} },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    progress: { start: silent, step: silent, stop: silent },
    signal: new AbortController().signal,
  }
}
