import type { Agent } from 'undici'
import { SourceRefusedError, SourceUnavailableError } from '../../errors.ts'
import type { Clock, Fetcher, Logger } from '../../app/ports.ts'
import { racingDate } from '../../domain/dates.ts'
import type { HostPaceRepository, HostState } from '../../repositories/operations.ts'
import { classifyAnswer } from './classify-answer.ts'
import { HostAsker } from './host-asker.ts'
import { robotName, robotsRules } from './robots-rules.ts'
import { createAgent, defaultTimeouts, type HttpTimeouts } from './send.ts'

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

const defaultMaxBytes = 20_000_000
const robotsMaxBytes = 500_000
const robotsAgeMs = 86_400_000
const redirectsAllowed = 5

/** The polite client of one source. `close` ends idle connections. */
export function createFetcher(options: FetcherOptions): Fetcher & { close(): Promise<void> } {
  return new PoliteFetcher(options)
}

class PoliteFetcher implements Fetcher {
  readonly #options: FetcherOptions
  readonly #hosts: ReadonlySet<string>
  readonly #agent: Agent
  readonly #asker: HostAsker

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#hosts = new Set([new URL(options.baseUrl).host, ...(options.otherHosts ?? [])])
    const { config, sourceName, hostPace, clock, log } = options
    const timeouts = { ...defaultTimeouts, ...config.timeouts }
    this.#agent = createAgent({ extraCa: config.extraCa, timeouts })
    this.#asker = new HostAsker({
      sourceName,
      hostPace,
      clock,
      log,
      agent: this.#agent,
      totalMs: timeouts.totalMs,
      maxBytes: config.maxBytes ?? defaultMaxBytes,
      tries: config.tries ?? 4,
      speed: config.clockSpeed ?? 1,
    })
  }

  get requests(): Fetcher['requests'] {
    return this.#asker.requests
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
      const answer = await this.#asker.ask(asked, { headers, signal, conditional, gapMs })
      const { receivedAt } = answer
      const verdict = classifyAnswer(answer, conditional)
      if (verdict === 'redirect') {
        asked = this.#redirected(asked, answer.headers.get('location'))
        continue
      }
      if (verdict === 'not-modified') {
        this.#asker.requests.notModified++
        return { kind: 'not-modified', fetchedAt: receivedAt }
      }
      if (verdict === 'missing') {
        this.#asker.requests.missing++
        return { kind: 'missing', status: answer.status, fetchedAt: receivedAt }
      }
      this.#asker.requests.ok++
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
    this.#asker.requests.failed++
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
      this.#asker.requests.failed++
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
    const { hostPace, clock } = this.#options
    const paceMs = this.#paceMs(url)
    const state = await hostPace.get(url.host)
    this.#asker.stopIfRefused(url, state)
    let text = state?.robotsText ?? null
    const ageMs = clock.now() - (state?.robotsFetchedAt ?? 0)
    // Fetched in the future: under a clock that was set ahead.
    if (text === null || ageMs >= robotsAgeMs || ageMs < -robotsAgeMs)
      text = await this.#fetchRobots(url, paceMs, signal)
    const rules = robotsRules(new URL('/robots.txt', url).href, text)
    if (!rules.allows(url.href)) throw await this.#keptOut(url, state)
    return Math.max(paceMs, rules.crawlDelayMs)
  }

  /** Advice once a day; the file itself is read again every day, so the next try comes by itself. */
  async #keptOut(url: URL, state: HostState | undefined): Promise<SourceRefusedError> {
    const { hostPace, clock, sourceName } = this.#options
    const message = `robots.txt of ${url.host} asks not to fetch ${url.pathname}`
    const reason = `robots.txt, announced on ${racingDate(clock.now())}`
    if (state?.refusedReason === reason) return new SourceRefusedError(message, { code: 'robots' })
    // Other paths of the host may be open: the reason is noted, and nothing is held back by it.
    await hostPace.refuse(url.host, { until: 0, reason })
    return new SourceRefusedError(message, {
      code: 'robots',
      hint: `save the pages of ${sourceName} in a browser and import them: harness scrape --file PATH`,
    })
  }

  async #fetchRobots(page: URL, gapMs: number, signal: AbortSignal): Promise<string> {
    const { hostPace, clock } = this.#options
    const headers = { ...this.#identification(), accept: 'text/plain,*/*;q=0.5' }
    let url = new URL('/robots.txt', page)
    for (let hop = 0; hop <= redirectsAllowed; hop++) {
      const answer = await this.#asker.ask(url, { headers, signal, conditional: false, gapMs })
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

  /** Less than a second apart only on this machine, where the servers are our own. */
  #paceMs(url: URL): number {
    const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
    const { minDelayMs } = this.#options.config
    return isLoopback ? Math.max(0, minDelayMs) : Math.max(1000, minDelayMs)
  }
}
