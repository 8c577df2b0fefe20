import type { Clock } from '../../src/app/ports.ts'
import { InterruptedError } from '../../src/errors.ts'

/** A clock that only moves when somebody waits: hours of politeness pass in no time. */
export class SteppingClock implements Clock {
  #now: number

  constructor(start: string) {
    this.#now = Date.parse(start)
  }

  now(): number {
    return this.#now
  }

  set(instant: string): void {
    this.#now = Date.parse(instant)
  }

  async sleepUntil(epochMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new InterruptedError()
    // A turn of the event loop: others get on with their work meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1))
    this.#now = Math.max(this.#now, epochMs)
  }
}
