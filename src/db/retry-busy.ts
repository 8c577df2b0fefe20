import { setTimeout as sleep } from 'node:timers/promises'
import { InterruptedError } from '../errors.ts'

/** A writer's transaction takes milliseconds; whoever waits this long waits for something else. */
const patienceMs = 30_000

/**
 * Tries again while another process holds the database. SQLite itself waits only briefly, because
 * it blocks the thread while it does and no signal would be heard; the long wait is here.
 */
export async function retryBusy<T>(
  attempt: () => T | Promise<T>,
  isBusy: (error: unknown) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error
    }
    // Only a wait is cut short: a run that was told to stop still puts its end on record, and gives
    // back what it holds.
    if (signal?.aborted === true) throw new InterruptedError()
    // An aborted sleep rejects; the attempt after it is the last one.
    await sleep(5 + Math.random() * 45, undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    )
  }
}
