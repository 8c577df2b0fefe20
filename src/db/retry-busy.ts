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
    if (signal?.aborted === true) throw new InterruptedError()
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error
    }
    // An aborted sleep rejects; the check at the top of the loop says so in our own words.
    await sleep(5 + Math.random() * 45, undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    )
  }
}
