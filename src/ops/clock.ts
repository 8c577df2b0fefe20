import type { Clock } from '../app/ports.ts'
import { InterruptedError, UsageError } from '../errors.ts'

/**
 * `HARNESS_CLOCK=<instant>[@<epoch ms>][x<speed>]`: at real time `realMs` the clock shows `shownMs`
 * and runs `speed` times as fast, so that several processes agree on the time.
 */
export interface ClockSpec {
  readonly shownMs: number
  readonly realMs: number
  readonly speed: number
}

const form = /^(.{1,40}?)(?:@(\d{1,16}))?(?:x(\d{1,9}(?:\.\d{1,9})?))?$/
// Without a zone the instant would depend on the machine's own.
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** `startedAt`: the real time (epoch ms) to tie the instant to when the text gives none. */
export function parseClockSpec(text: string, startedAt: number): ClockSpec {
  const match = form.exec(text)
  const instant = match?.[1] ?? ''
  const shownMs = instantForm.test(instant) ? Date.parse(instant) : Number.NaN
  if (match === null || Number.isNaN(shownMs))
    throw badClock(text, 'the instant must look like 2026-03-06T19:00:00Z')
  const realMs = match[2] === undefined ? startedAt : Number(match[2])
  const speed = match[3] === undefined ? 1 : Number(match[3])
  if (!(speed > 0) || speed > 1e6)
    throw badClock(text, 'the speed must be above 0, at most 1000000')
  if (Math.abs(realMs) > 8.64e15) throw badClock(text, 'the real time is out of range')
  return { shownMs, realMs, speed }
}

function badClock(text: string, why: string): UsageError {
  return new UsageError(
    `HARNESS_CLOCK ${JSON.stringify(text.slice(0, 100))}: ${why}`,
    'The form is <instant>[@<epoch ms>][x<speed>].',
    'config',
  )
}

/** A timer counts no time while the machine sleeps; look at the real clock at least this often. */
const longestNapMs = 15_000

/** The machine's clock, or one that is tied to it by a spec. */
export class SystemClock implements Clock {
  readonly #spec: ClockSpec

  constructor(spec: ClockSpec = { shownMs: 0, realMs: 0, speed: 1 }) {
    this.#spec = spec
  }

  /** Shown milliseconds in a real one. */
  get speed(): number {
    return this.#spec.speed
  }

  now(): number {
    const { shownMs, realMs, speed } = this.#spec
    return Math.floor(shownMs + (Date.now() - realMs) * speed)
  }

  async sleepUntil(epochMs: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (signal?.aborted) throw new InterruptedError()
      const left = (epochMs - this.now()) / this.#spec.speed
      if (left <= 0) return
      await nap(Math.min(Math.max(Math.ceil(left), 1), longestNapMs), signal)
    }
  }
}

/** Ends early when the signal fires. */
function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
