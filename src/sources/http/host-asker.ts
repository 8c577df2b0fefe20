import pLimit, { type LimitFunction } from 'p-limit'
import type { Agent } from 'undici'
import {
  HarnessError,
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../../errors.ts'
import type { Clock, Logger } from '../../app/ports.ts'
import type { HostPaceRepository, HostState, RequestTiming } from '../../repositories/operations.ts'
import { addDays, isoInstant, nzInstant, racingDate } from '../../domain/dates.ts'
import { holds } from '../../domain/scraping/host-hold.ts'
import { backoffMs } from './backoff.ts'
import { classifyAnswer, errorWord, isCertificateError } from './classify-answer.ts'
import { HostHeldError, takeTurn } from './host-turn.ts'
import { retryAfterInstant } from './retry-after.ts'
import { BodyTooLargeError, send, type Answer } from './send.ts'

/** Shown time that a run waits for a host before it gives the work back as due. */
const longestWaitMs = 10 * 60_000
/** How long a host that says 429 to the last is left alone when it does not say itself. */
const tooManyHoldMs = 60 * 60_000

export interface AskerOptions {
  readonly sourceName: string
  readonly hostPace: HostPaceRepository
  readonly clock: Clock
  readonly log: Logger
  readonly agent: Agent
  readonly totalMs: number
  readonly maxBytes: number
  readonly tries: number
  readonly speed: number
}

/** How one document is asked for. */
export interface Asking {
  readonly headers: Record<string, string>
  readonly signal: AbortSignal
  /** True when a 304 would be an answer. */
  readonly conditional: boolean
  /** Shown milliseconds between two requests to the host. */
  readonly gapMs: number
}

export type Outcome = Answer & { readonly receivedAt: number }

/**
 * Asks a host for one document, in its turn and with as many tries as it is worth. Ends in an answer
 * that says something, or in the error that says why there is none.
 */
export class HostAsker {
  readonly requests = { ok: 0, notModified: 0, missing: 0, retried: 0, failed: 0 }
  readonly #options: AskerOptions
  /** By host: callers of this process queue here, and only the first of them polls for the turn. */
  readonly #queues = new Map<string, LimitFunction>()

  constructor(options: AskerOptions) {
    this.#options = options
  }

  ask(url: URL, how: Asking): Promise<Outcome> {
    const queue = this.#queues.get(url.host) ?? pLimit(1)
    this.#queues.set(url.host, queue)
    return queue(() => this.#askInTurn(url, how))
  }

  async #askInTurn(url: URL, how: Asking): Promise<Outcome> {
    const { agent, clock, log, maxBytes, totalMs, tries } = this.#options
    for (let attempt = 1; ; attempt++) {
      const lastTry = attempt >= tries
      const turn = await this.#turn(url, how)
      let nextAt = clock.now() + how.gapMs
      let strikes = (turn.state?.strikes ?? 0) + 1
      let request: RequestTiming | undefined
      const backOff = () => clock.now() + backoffMs(strikes, how.gapMs, Math.random())
      try {
        this.stopIfRefused(url, turn.state)
        const startedAt = performance.now()
        const timed = (status: number): RequestTiming => ({
          day: racingDate(clock.now()),
          status,
          ms: performance.now() - startedAt,
        })
        // Stands until there is an answer, and for the requests that get none.
        request = timed(0)
        const sent = await send(agent, url.href, {
          headers: how.headers,
          signal: how.signal,
          totalMs,
          maxBytes,
        })
        const receivedAt = clock.now()
        request = timed(sent.status)
        // A fifth more at most: several schedules on one machine drift apart.
        nextAt = receivedAt + Math.round(how.gapMs * (1 + Math.random() / 5))
        const verdict = classifyAnswer(sent, how.conditional)
        if (verdict === 'refused') {
          await this.#refused(url, sent.status)
        } else if (verdict === 'too-many' || verdict === 'retry') {
          const named = retryAfterInstant(sent.headers.get('retry-after'), {
            receivedAt,
            dateHeader: sent.headers.get('date'),
          })
          nextAt = Math.max(nextAt, named ?? backOff())
          if (lastTry) {
            if (verdict === 'too-many') {
              nextAt = Math.max(nextAt, named ?? receivedAt + tooManyHoldMs)
              throw this.#tooMany(url, nextAt)
            }
            throw this.#unavailable(url, `answers ${sent.status}`, { status: sent.status })
          }
          log.warn(`${url.host} answers ${sent.status}`, {
            url: url.href,
            attempt,
            nextAt: asTime(nextAt),
          })
        } else if (verdict === 'unexpected') {
          throw this.#unavailable(url, `answers ${sent.status}`, {
            status: sent.status,
            hint: 'nothing is lost, what was asked for stays due; the source answers, but not to this: look whether the clock of this machine is right, then at `harness doctor --live`',
          })
        } else {
          strikes = 0
          return { ...sent, receivedAt }
        }
      } catch (error) {
        if (how.signal.aborted) {
          strikes = turn.state?.strikes ?? 0
          request = undefined
          throw new InterruptedError()
        }
        if (error instanceof HarnessError) throw error
        if (error instanceof BodyTooLargeError)
          throw this.#unavailable(url, `is too large: ${error.message}`, { code: 'too-large' })
        if (isCertificateError(error))
          throw this.#unavailable(
            url,
            `shows a certificate that is not trusted (${errorWord(error)})`,
            {
              code: 'certificate',
              cause: error,
              hint: 'if its chain is incomplete, name a file with the missing certificate in HARNESS_EXTRA_CA',
            },
          )
        nextAt = Math.max(nextAt, backOff())
        if (lastTry) throw this.#unavailable(url, `fails: ${errorWord(error)}`, { cause: error })
        log.warn(`${url.host} fails: ${errorWord(error)}`, {
          url: url.href,
          attempt,
          nextAt: asTime(nextAt),
        })
      } finally {
        await turn.end({ nextAt, strikes, request })
      }
      this.requests.retried++
    }
  }

  async #turn(url: URL, how: { signal: AbortSignal; gapMs: number }) {
    const { hostPace, clock, sourceName, totalMs, speed } = this.#options
    try {
      return await takeTurn({ pace: hostPace, clock }, url.host, {
        // A quarter more than the longest request: the lease must outlive what it guards.
        leaseMs: Math.ceil(totalMs * 1.25 * speed),
        gapMs: how.gapMs,
        maxWaitMs: longestWaitMs,
        speed,
        signal: how.signal,
      })
    } catch (error) {
      if (!(error instanceof HostHeldError)) throw error
      throw new SourceUnavailableError(
        `${sourceName} (${url.host}) asked to be left alone until ${isoInstant(error.until)}`,
        { code: 'host-held', hint: 'the work stays due; run the same command again then' },
      )
    }
  }

  /**
   * A host that refused us is not asked again before its time. The run that was refused has said what
   * to do about it; the later ones of the day say in a line that nothing has changed.
   */
  stopIfRefused(url: URL, state: HostState | undefined): void {
    if (state === undefined || !holds(state.refusedUntil, this.#options.clock.now())) return
    throw new SourceRefusedError(
      `${this.#options.sourceName} (${url.host}) is left alone until ${isoInstant(state.refusedUntil)}, since it refused us (${state.refusedReason ?? 'no reason given'})`,
      { code: 'source-refused' },
    )
  }

  /** Once a day is tried again: until the next racing date begins, whenever today's run was. */
  async #refused(url: URL, status: number): Promise<never> {
    const { hostPace, clock, log, sourceName } = this.#options
    const until = nzInstant(addDays(racingDate(clock.now()), 1), '00:00:00')
    const reason = `HTTP ${status} for ${url.pathname}`
    await hostPace.refuse(url.host, { until, reason })
    this.requests.failed++
    log.warn(`${url.host} refuses us`, { url: url.href, status, until: isoInstant(until) })
    throw new SourceRefusedError(
      `${sourceName} (${url.host}) refuses us: ${reason}; it is left alone until ${isoInstant(until)}`,
      { hint: this.#savedPagesHint() },
    )
  }

  #savedPagesHint(): string {
    return `the work stays due; meanwhile save pages in a browser and import them with harness scrape --file PATH, or ask ${this.#options.sourceName} for permission`
  }

  #tooMany(url: URL, until: number): SourceRefusedError {
    this.requests.failed++
    return new SourceRefusedError(
      `${this.#options.sourceName} (${url.host}) keeps answering 429; it is left alone until ${isoInstant(until)}`,
      {
        code: 'rate-limited',
        hint: 'the work stays due; raise HARNESS_MIN_DELAY_MS if it happens often',
      },
    )
  }

  #unavailable(
    url: URL,
    what: string,
    more: { status?: number; code?: string; cause?: unknown; hint?: string } = {},
  ): SourceUnavailableError {
    this.requests.failed++
    return new SourceUnavailableError(`${this.#options.sourceName}: ${url.href} ${what}`, {
      hint: 'nothing is lost, what was asked for stays due; check the connection and run the same command again',
      ...more,
    })
  }
}

/** For the log: a person reads it. */
const asTime = (instant: number): string => new Date(instant).toISOString()
