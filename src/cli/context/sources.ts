import type { AppDeps, DynamicPages, Fetcher, HrnzPages, RowFile, TabApi } from '../../app/ports.ts'
import type { RunScrapeDeps } from '../../app/scrape/run-scrape.ts'
import { UsageError } from '../../errors.ts'
import type { HostPaceRepository } from '../../repositories/operations.ts'
import { delayFor, type Settings } from './config.ts'

type Host = 'hrnz' | 'hrnz-dynamic' | 'tab'
type ClosingFetcher = Fetcher & { close(): Promise<void> }

/** Shown milliseconds between two queries of HRNZ's database. */
const dynamicPaceMs = 5000

interface Wiring extends Pick<AppDeps, 'clock' | 'log' | 'signal'> {
  readonly settings: Settings
  readonly version: string
  /** Shown seconds in a second of the machine's. */
  readonly clockSpeed: number
  /** Only asked for once the database has been opened. */
  readonly hostPace: () => HostPaceRepository
}

/** The sources and the polite clients by which they are asked, each made when it is first wanted. */
export class Sources {
  readonly #wiring: Wiring
  readonly #fetchers = new Map<Host, Promise<ClosingFetcher>>()

  constructor(wiring: Wiring) {
    this.#wiring = wiring
  }

  async hrnzPages(): Promise<HrnzPages> {
    const { hrnzPages } = await import('../../sources/hrnz/hrnz-pages.ts')
    const { hrnzUrl, hrnzDynamicUrl } = this.#wiring.settings
    return hrnzPages({ baseUrl: hrnzUrl, dynamicUrl: hrnzDynamicUrl })
  }

  async dynamicPages(): Promise<DynamicPages> {
    const { dynamicPages } = await import('../../sources/hrnz/dynamic-pages.ts')
    return dynamicPages({ baseUrl: this.#wiring.settings.hrnzDynamicUrl })
  }

  async tabApi(): Promise<TabApi> {
    const { tabApi } = await import('../../sources/tab/tab-api.ts')
    const { contact, tabUrl, tabPartner, tabPartnerId } = this.#wiring.settings
    return tabApi({
      baseUrl: tabUrl,
      contact: contact ?? undefined,
      partner: tabPartner ?? undefined,
      partnerId: tabPartnerId ?? undefined,
    })
  }

  /** A file of the user's with rows to import. */
  async rowFile(path: string, format: 'csv' | 'ndjson' | 'parquet' | undefined): Promise<RowFile> {
    const { openRowFile } = await import('../../sources/files/row-file.ts')
    return openRowFile(path, format)
  }

  /** What a scrape may read; the clients are made by whoever asks for them first. */
  async ofScrape(): Promise<Omit<RunScrapeDeps, keyof AppDeps>> {
    return {
      hrnz: await this.hrnzPages(),
      dynamic: await this.dynamicPages(),
      fetcher: () => this.fetcher('hrnz'),
      dynamicFetcher: () => this.dynamicFetcher(),
      tab: () => this.tabApi(),
    }
  }

  /** The polite client of one source; one for the whole run, so that its counts are the run's. */
  fetcher(source: 'hrnz' | 'tab'): Promise<Fetcher> {
    const { hrnzUrl, tabUrl } = this.#wiring.settings
    return this.#fetcher(source, source === 'hrnz' ? hrnzUrl : tabUrl)
  }

  /**
   * The polite client of HRNZ's dynamic pages. Each of them is a query of its database: they are
   * asked for seldom, and by nobody who cannot be written to.
   */
  dynamicFetcher(): Promise<Fetcher> {
    const { contact, hrnzDynamicUrl } = this.#wiring.settings
    if (contact === null)
      throw new UsageError(
        'the dynamic pages of HRNZ are only asked for with a contact address',
        'Set HARNESS_CONTACT to your e-mail address: it goes along with every request.',
        'no-contact',
      )
    return this.#fetcher('hrnz-dynamic', hrnzDynamicUrl)
  }

  async close(): Promise<void> {
    const fetchers = [...this.#fetchers.values()]
    this.#fetchers.clear()
    await Promise.all(fetchers.map(async (fetcher) => (await fetcher).close()))
  }

  #fetcher(host: Host, url: string): Promise<ClosingFetcher> {
    const made = this.#fetchers.get(host) ?? this.#makeFetcher(host, url)
    this.#fetchers.set(host, made)
    return made
  }

  async #makeFetcher(host: Host, url: string): Promise<ClosingFetcher> {
    const { createFetcher } = await import('../../sources/http/polite-fetcher.ts')
    const { settings, version, clock, log, signal, clockSpeed, hostPace } = this.#wiring
    const least = host === 'hrnz-dynamic' ? dynamicPaceMs : 0
    return createFetcher({
      sourceName: host === 'tab' ? 'TAB' : 'HRNZ',
      baseUrl: url,
      hostPace: hostPace(),
      clock,
      log,
      signal,
      config: {
        version,
        contact: settings.contact,
        minDelayMs: Math.max(delayFor(settings, url), least),
        extraCa: settings.extraCa,
        clockSpeed,
      },
    })
  }
}
