import { plain } from '../../domain/names.ts'
import { type HarnessError, LayoutChangedError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import { noCounts, type WriteCounts } from '../counts.ts'
import { registerRacedays } from '../discover/discover-dynamic.ts'
import { horsePageKind } from '../scrape/fetch-horse-pages.ts'
import type { ListedRace } from '../ports.ts'
import { archivedPage, racedayKind, readArchivedRaceday } from '../scrape/read-raceday.ts'
import { bySeen, readArchivedHorse } from '../scrape/reparse-horse-pages.ts'
import { archiveSaved, fileUrl, type KnownPage, type SavedDeps } from './saved-page.ts'

/** What became of pages that are read together; `name` is the file of one of them. */
export type Joined =
  | { readonly name: string; readonly counts: WriteCounts; readonly error?: never }
  | { readonly name: string; readonly counts?: never; readonly error: HarnessError }

interface ListedRaceday {
  readonly document: ArchivedDocument
  readonly races: readonly ListedRace[]
}

/**
 * Pages that say something only together with others: a race day and its races, a horse and its
 * pedigree. They meet in the archive, so that they may come in any order, and on different days.
 */
export class SavedParts {
  readonly #deps: SavedDeps
  /** Names of the files, by the addresses of the pages in them. */
  readonly #racedays = new Map<string, string>()
  readonly #races = new Map<string, string>()
  readonly #horses = new Map<string, string>()
  /** Pages without an address: what they belong to is known when all the others are there. */
  readonly #strays: KnownPage[] = []

  constructor(deps: SavedDeps) {
    this.#deps = deps
  }

  async add(page: KnownPage): Promise<void> {
    const { kind, url, horseUrl, name } = page
    if (kind === 'horse' || kind === 'horse-pedigree') {
      if (url === null || horseUrl === null) throw lost('of which horse it is')
      if (kind === 'horse') this.#deps.hrnz.parseHorse(page.bytes, { ...page, url })
      await archiveSaved(this.#deps, page, { url })
      this.#horses.set(horseUrl, name)
    } else if (url === null) this.#strays.push(page)
    else if (kind === 'raceday') await this.#keepRaceday(page, url)
    else await this.#keepRace(page, url)
  }

  /** Reads what the added pages complete; what they leave incomplete is named with what is missing. */
  async *join(): AsyncGenerator<Joined> {
    if (this.#racedays.size + this.#races.size + this.#strays.length > 0)
      yield* this.#joinRacedays()
    for (const [url, name] of this.#horses)
      yield await tried(name, async () => ({ ...noCounts(), horses: await this.#readHorse(url) }))
  }

  async #keepRaceday(page: KnownPage, url: string): Promise<void> {
    const { date, club } = this.#deps.dynamic.parseHeading({ ...page, url })
    await archiveSaved(this.#deps, page, { url, date, label: club })
    this.#racedays.set(url, page.name)
    // As a search would have registered it: its missing races can be asked for.
    if (date !== null && club !== null && url === page.url)
      await registerRacedays(this.#deps, [{ url, date, club }], false)
  }

  async #keepRace(page: KnownPage, url: string): Promise<void> {
    await archiveSaved(this.#deps, page, { url })
    this.#races.set(url, page.name)
  }

  async *#joinRacedays(): AsyncGenerator<Joined> {
    const strays = this.#strays.filter(({ kind }) => kind === 'raceday')
    for (const page of strays) await this.#keepRaceday(page, await this.#registeredUrl(page))
    const racedays = await this.#listedRacedays()
    for (const page of this.#strays.filter(({ kind }) => kind === 'race')) {
      const listed = racedays.flatMap(({ races }) => races)
      const race = this.#deps.dynamic.findRace({ ...page, url: page.name }, listed)
      if (race === undefined) yield { name: page.name, error: lost('to which race day it belongs') }
      else await this.#keepRace(page, race.url)
    }
    const listed = new Set(racedays.flatMap(({ races }) => races.map(({ url }) => url)))
    for (const [url, name] of this.#races)
      if (!listed.has(url)) yield { name, error: incomplete('the race day that lists it') }
    for (const { document, races } of racedays) {
      const name =
        this.#racedays.get(document.url) ??
        races.map(({ url }) => this.#races.get(url)).find((file) => file !== undefined)
      if (name !== undefined) yield await tried(name, () => this.#readRaceday(document, races))
    }
  }

  async #readRaceday(
    document: ArchivedDocument,
    races: readonly ListedRace[],
  ): Promise<WriteCounts> {
    const result = await readArchivedRaceday(this.#deps, document, { settles: true })
    if (!('missing' in result)) return result.counts
    const missing = races.filter(({ url }) => result.missing.includes(url))
    const what = missing.map(({ text, url }) => `${text} (${url})`).join(', ')
    throw incomplete(`${missing.length} of its ${races.length} races: ${what}`)
  }

  /** The search that listed a race day knows its address: by date and club. */
  async #registeredUrl(page: KnownPage): Promise<string> {
    const { date, club } = this.#deps.dynamic.parseHeading({ ...page, url: page.name })
    if (date === null) return fileUrl(page)
    const range = { from: date, to: date }
    const known = await this.#deps.unitOfWork.read(({ pages }) =>
      pages.list({ source: 'hrnz_scraper', kind: racedayKind, range }),
    )
    const own = known.find((one) => plain(one.club ?? '') === plain(club ?? ''))
    return own?.url ?? fileUrl(page)
  }

  /** The archived race days that are not read yet; all of them where a race belongs to none of these. */
  async #listedRacedays(): Promise<ListedRaceday[]> {
    const { unitOfWork, dynamic } = this.#deps
    const { documents, unread } = await unitOfWork.read(async ({ archive, pages }) => {
      const filter = { source: 'hrnz_scraper' as const, kind: racedayKind }
      const registered = await pages.list(filter)
      const waiting = registered.filter(({ documentId }) => documentId === null)
      return {
        documents: bySeen(await archive.list(filter)),
        unread: new Set(waiting.map(({ url }) => url)),
      }
    })
    const latest = new Map(documents.map((document) => [document.url, document]))
    const isOpen = ({ url }: ArchivedDocument): boolean =>
      this.#racedays.has(url) || unread.has(url) || url.startsWith('file:')
    const unlisted = new Set(this.#races.keys())
    const listed: ListedRaceday[] = []
    const read = [...latest.values()].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)))
    for (const document of read) {
      if (!isOpen(document) && unlisted.size === 0) break
      const page = await archivedPage(this.#deps, document.url, racedayKind)
      const races = page === undefined ? [] : dynamic.listedRaces(page)
      for (const { url } of races) unlisted.delete(url)
      listed.push({ document, races })
    }
    return listed
  }

  async #readHorse(url: string): Promise<WriteCounts['horses']> {
    const documents = await this.#deps.unitOfWork.read(({ archive }) =>
      archive.list({ source: 'hrnz_scraper', kind: horsePageKind, url }),
    )
    const latest = bySeen(documents).at(-1)
    if (latest === undefined) throw incomplete(`the page of its horse (${url})`)
    return await readArchivedHorse(this.#deps, latest)
  }
}

async function tried(name: string, work: () => Promise<WriteCounts>): Promise<Joined> {
  try {
    return { name, counts: await work() }
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    return { name, error }
  }
}

const incomplete = (what: string): LayoutChangedError =>
  new LayoutChangedError(`is kept, and waits for ${what}`, { code: 'incomplete' })

const lost = (what: string): LayoutChangedError =>
  new LayoutChangedError(
    `does not tell ${what}: save it as MHTML or as a complete page, which keep its address`,
    { code: 'no-address' },
  )
