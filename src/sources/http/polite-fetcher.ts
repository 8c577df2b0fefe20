import type { Agent } from 'undici'
import {
  HarnessError,
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../../errors.ts'
import type { Clock, Fetcher, Logger } from '../../app/ports.ts'
import type { HostPaceRepository } from '../../repositories/operations.ts'
import { addDays, isoInstant, nzInstant, racingDate } from '../../domain/dates.ts'
import { backoffMs } from './backoff.ts'
import { classifyAnswer, errorWord, isCertificateError } from './classify-answer.ts'
import { HostHeldError, takeTurn } from './host-turn.ts'
import { retryAfterInstant } from './retry-after.ts'
import { robotName, robotsRules } from './robots-rules.ts'
import {
  BodyTooLargeError,
  createAgent,
  defaultTimeouts,
  send,
  type Answer,
  type HttpTimeouts,
} from './send.ts'

export interface FetcherOptions {
  /** What the source is called in messages: `HRNZ`, `TAB`. */
  readonly sourceName: string
  readonly baseUrl: string
  /** More hosts (with port where it is not the default one) that belong to the source. */
  readonly otherHosts?: readonly string[]
  readonly hostPace: HostPaceRepository
  readonly clock: Clock
  readonly log: Logger
  /** Aborts everything the fetcher does, whatever single calls are handed. */
  readonly signal?: AbortSignal
  readonly config: FetcherConfig
}
export interface FetcherConfig {
  readonly version: string
  /** E-mail address, for `From` and the user agent. */
  readonly contact: string | null
  /** Shown milliseconds between two requests to a host. */
  readonly minDelayMs: number
  /** Path of a PEM file. */
  readonly extraCa: string | null
  /** Shown milliseconds in a real one; what is real time is turned into shown time by it. */
  readonly clockSpeed?: number
  readonly timeouts?: Partial<HttpTimeouts>
  readonly maxBytes?: number
  readonly tries?: number
}

type FetchOptions = NonNullable<Parameters<Fetcher['fetch']>[1]>
type FetchResult = Awaited<ReturnType<Fetcher['fetch']>>
type Outcome = Answer & { readonly url: string; readonly receivedAt: number }

const defaultMaxBytes = 20_000_000
const robotsMaxBytes = 500_000
const robotsAgeMs = 86_400_000
const redirectsAllowed = 5
/** Shown time that a run waits for a host before it gives the work back as due. */
const longestWaitMs = 10 * 60_000
/** How long a host that says 429 to the last is left alone when it does not say itself. */
const tooManyHoldMs = 60 * 60_000

/** The polite client of one source. `close` ends idle connections. */
export function createFetcher(options: FetcherOptions): Fetcher & { close(): Promise<void> } {
  return new PoliteFetcher(options)
}

class PoliteFetcher implements Fetcher {
  readonly requests = { ok: 0, notModified: 0, missing: 0, retried: 0, failed: 0 }
  readonly #options: FetcherOptions
  readonly #hosts: ReadonlySet<string>
  readonly #agent: Agent
  readonly #timeouts: HttpTimeouts
  readonly #maxBytes: number
  readonly #tries: number
  readonly #speed: number

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#hosts = new Set([new URL(options.baseUrl).host, ...(options.otherHosts ?? [])])
    this.#timeouts = { ...defaultTimeouts, ...options.config.timeouts }
    this.#agent = createAgent({ extraCa: options.config.extraCa, timeouts: this.#timeouts })
    this.#maxBytes = options.config.maxBytes ?? defaultMaxBytes
    this.#tries = options.config.tries ?? 4
    this.#speed = options.config.clockSpeed ?? 1
  }

  close(): Promise<void> {
    return this.#agent.close()
  }

  async fetch(url: string, options: FetchOptions = {}): Promise<FetchResult> {
    const signals = [this.#options.signal, options.signal].filter((one) => one !== undefined)
    const signal = AbortSignal.any(signals)
    const conditional = options.etag != null || options.lastModified != null
    const headers = {
      ...this.#identification(),
      accept: options.accept ?? 'text/html,application/xhtml+xml',
      ...(options.etag == null ? {} : { 'if-none-match': options.etag }),
      ...(options.lastModified == null ? {} : { 'if-modified-since': options.lastModified }),
      ...options.headers,
    }
    let asked = this.#ownUrl(url)
    for (let hop = 0; hop <= redirectsAllowed; hop++) {
      const gapMs = await this.#askRobots(asked, signal)
      const answer = await this.#ask(asked, { headers, signal, conditional, gapMs })
      const { receivedAt } = answer
      const verdict = classifyAnswer(answer, conditional)
      if (verdict === 'redirect') {
        asked = this.#redirected(asked, answer.headers.get('location'))
        continue
      }
      if (verdict === 'not-modified') {
        this.requests.notModified++
        return { kind: 'not-modified', fetchedAt: receivedAt }
      }
      if (verdict === 'missing') {
        this.requests.missing++
        return { kind: 'missing', status: answer.status, fetchedAt: receivedAt }
      }
      this.requests.ok++
      return {
        kind: 'ok',
        document: {
          url: asked.href,
          status: answer.status,
          bytes: answer.bytes,
          contentType: answer.headers.get('content-type') ?? null,
          etag: answer.headers.get('etag') ?? null,
          lastModified: answer.headers.get('last-modified') ?? null,
          fetchedAt: receivedAt,
        },
      }
    }
    this.requests.failed++
    throw new SourceUnavailableError(`${url} redirects more than ${redirectsAllowed} times`, {
      code: 'redirect-loop',
    })
  }

  #identification(): Record<string, string> {
    const { version, contact } = this.#options.config
    return contact === null
      ? { 'user-agent': `${robotName}/${version}` }
      : { 'user-agent': `${robotName}/${version} (+mailto:${contact})`, from: contact }
  }

  /** Only the source's own hosts are asked, wherever a page or a command line points. */
  #ownUrl(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol) || !this.#hosts.has(url.host))
      throw new SourceRefusedError(
        `${text.slice(0, 200)} is not on ${this.#options.sourceName}'s hosts (${[...this.#hosts].join(', ')})`,
        { code: 'foreign-host', hint: 'give an address of the source itself' },
      )
    url.hash = ''
    // Credentials in an address would be sent, and stored with the document.
    url.username = ''
    url.password = ''
    return url
  }

  #redirected(from: URL, location: string | undefined): URL {
    const to =
      location !== undefined && URL.canParse(location, from.href)
        ? new URL(location, from)
        : undefined
    const downgrade = from.protocol === 'https:' && to?.protocol === 'http:'
    if (to === undefined || downgrade || !this.#hosts.has(to.host)) {
      this.requests.failed++
      throw new SourceUnavailableError(
        `${from.href} redirects to ${(location ?? 'nowhere').slice(0, 200)}, which is not on ${this.#options.sourceName}'s hosts`,
        {
          code: 'redirect-elsewhere',
          hint: 'if the site has moved, set its new address in the configuration',
        },
      )
    }
    return this.#ownUrl(to.href)
  }

  /** Obeys robots.txt; gives the shown milliseconds between requests that pace and file ask for. */
  async #askRobots(url: URL, signal: AbortSignal): Promise<number> {
    const { hostPace, clock, sourceName } = this.#options
    const paceMs = this.#paceMs(url)
    const state = await hostPace.get(url.host)
    this.#refuseWhileRefused(url, state)
    let text = state?.robotsText ?? null
    if (state === undefined || text === null || clock.now() - state.robotsFetchedAt >= robotsAgeMs)
      text = await this.#fetchRobots(url, paceMs, signal)
    const rules = robotsRules(new URL('/robots.txt', url).href, text)
    if (!rules.allows(url.href))
      throw new SourceRefusedError(`robots.txt of ${url.host} asks not to fetch ${url.pathname}`, {
        code: 'robots',
        hint: `save the pages of ${sourceName} in a browser and import them: harness scrape --file PATH`,
      })
    return Math.max(paceMs, rules.crawlDelayMs)
  }

  async #fetchRobots(page: URL, gapMs: number, signal: AbortSignal): Promise<string> {
    const { hostPace, clock } = this.#options
    const headers = { ...this.#identification(), accept: 'text/plain,*/*;q=0.5' }
    let url = new URL('/robots.txt', page)
    for (let hop = 0; hop <= redirectsAllowed; hop++) {
      const answer = await this.#ask(url, { headers, signal, conditional: false, gapMs })
      if (classifyAnswer(answer, false) === 'redirect') {
        url = this.#redirected(url, answer.headers.get('location'))
        continue
      }
      // Without a robots.txt everything is allowed; remembered as an empty one.
      const text =
        answer.status === 200
          ? Buffer.from(answer.bytes.subarray(0, robotsMaxBytes))
              .toString('utf8')
              .replaceAll('\0', '')
          : ''
      await hostPace.saveRobots(page.host, { text, fetchedAt: clock.now() })
      return text
    }
    throw new SourceUnavailableError(`robots.txt of ${page.host} redirects in circles`, {
      code: 'redirect-loop',
    })
  }

  /** One document, with as many tries as it is worth: ends in an answer that says something. */
  async #ask(
    url: URL,
    how: {
      readonly headers: Record<string, string>
      readonly signal: AbortSignal
      readonly conditional: boolean
      readonly gapMs: number
    },
  ): Promise<Outcome> {
    const { clock, log } = this.#options
    for (let attempt = 1; ; attempt++) {
      const lastTry = attempt >= this.#tries
      const turn = await this.#turn(url, how)
      let nextAt = clock.now() + how.gapMs
      let strikes = (turn.state?.strikes ?? 0) + 1
      const backOff = () => clock.now() + backoffMs(strikes, how.gapMs, Math.random())
      try {
        this.#refuseWhileRefused(url, turn.state)
        const sent = await send(this.#agent, url.href, {
          headers: how.headers,
          signal: how.signal,
          totalMs: this.#timeouts.totalMs,
          maxBytes: this.#maxBytes,
        })
        const receivedAt = clock.now()
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
          log.warn(`${url.host} answers ${sent.status}`, { url: url.href, attempt, nextAt })
        } else if (verdict === 'unexpected') {
          throw this.#unavailable(url, `answers ${sent.status}`, { status: sent.status })
        } else {
          strikes = 0
          return { ...sent, url: url.href, receivedAt }
        }
      } catch (error) {
        if (how.signal.aborted) {
          strikes = turn.state?.strikes ?? 0
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
        log.warn(`${url.host} fails: ${errorWord(error)}`, { url: url.href, attempt, nextAt })
      } finally {
        await turn.end({ nextAt, strikes })
      }
      this.requests.retried++
    }
  }

  async #turn(url: URL, how: { signal: AbortSignal; gapMs: number }) {
    const { hostPace, clock, sourceName } = this.#options
    try {
      return await takeTurn({ pace: hostPace, clock }, url.host, {
        // A quarter more than the longest request: the lease must outlive what it guards.
        leaseMs: this.#timeouts.totalMs * 1.25 * this.#speed,
        gapMs: how.gapMs,
        maxWaitMs: longestWaitMs,
        speed: this.#speed,
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

  #refuseWhileRefused(
    url: URL,
    state: { refusedUntil: number; refusedReason: string | null } | undefined,
  ): void {
    if (state === undefined || state.refusedUntil <= this.#options.clock.now()) return
    throw new SourceRefusedError(
      `${this.#options.sourceName} (${url.host}) refused us (${state.refusedReason ?? 'no reason given'}); it is left alone until ${isoInstant(state.refusedUntil)}`,
      { code: 'source-refused', hint: this.#savedPagesHint() },
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

  /** Less than a second apart only on this machine, where the servers are our own. */
  #paceMs(url: URL): number {
    const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
    const { minDelayMs } = this.#options.config
    return isLoopback ? Math.max(0, minDelayMs) : Math.max(1000, minDelayMs)
  }
}
