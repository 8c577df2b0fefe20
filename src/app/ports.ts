import type { RaceMarket } from '../domain/capture/race-market.ts'
import type { DateRange } from '../domain/dates.ts'
import type { HorseFacts } from '../domain/horses/horse-facts.ts'
import type {
  HorseIdentifier,
  MeetingObservation,
  ParsedMeeting,
  ParseIssue,
  RaceObservation,
} from '../domain/observation.ts'
import type { CalendarMeeting } from '../domain/scraping/account-meetings.ts'
import type { UnitOfWork } from '../repositories/repositories.ts'

/** The few seams of the use cases besides the repositories. */

/** Shown time: real, or simulated under `HARNESS_CLOCK`. Epoch milliseconds of the shown time. */
export interface Clock {
  now(): number
  /** Waits until the clock shows `epochMs`; rejects with InterruptedError when the signal fires. */
  sleepUntil(epochMs: number, signal?: AbortSignal): Promise<void>
}

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** How far a use case has come, for a bar or a line now and then. */
export interface Progress {
  start(total: number, what: string): void
  step(subject?: string): void
  stop(): void
}

/** A document as a source sent it. */
export interface Fetched {
  readonly url: string
  readonly status: number
  readonly bytes: Uint8Array
  readonly contentType: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  /** Shown time of the answer, epoch ms. */
  readonly fetchedAt: number
}

/**
 * The polite client, for one source. Waits for the host's pace, obeys robots.txt, retries what is
 * worth retrying. Throws SourceRefusedError, SourceUnavailableError or InterruptedError.
 * `not-modified` answers a conditional request; `missing` is a 404 or 410.
 */
export interface Fetcher {
  fetch(
    url: string,
    options?: {
      etag?: string | null
      lastModified?: string | null
      signal?: AbortSignal
      accept?: string
      headers?: Readonly<Record<string, string>>
    },
  ): Promise<
    | { readonly kind: 'ok'; readonly document: Fetched }
    | { readonly kind: 'not-modified'; readonly fetchedAt: number }
    | { readonly kind: 'missing'; readonly status: number; readonly fetchedAt: number }
  >
  /** Requests sent so far, by outcome: `ok`, `notModified`, `missing`, `retried`, `failed`. */
  readonly requests: Readonly<
    Record<'ok' | 'notModified' | 'missing' | 'retried' | 'failed', number>
  >
}

/** A meeting as an index or month page lists it. */
export interface ListedMeeting {
  readonly url: string
  readonly date: string
  readonly club: string
  readonly clubNumber: string | null
  readonly venue: string | null
}

/** A page out of a saved file. */
export interface SavedPage {
  /** The file, and the entry inside it. */
  readonly name: string
  /** Where it was saved from; null where nothing tells. */
  readonly url: string | null
  readonly bytes: Uint8Array
  readonly contentType: string | null
  /** Epoch ms; null where the file does not tell. */
  readonly savedAt: number | null
}

/** What a page of HRNZ says of a meeting: its card, its results, the stewards' words. */
export type HrnzPageKind = 'results' | 'fields' | 'stewards'

/** Every kind of page that is read, as the archive calls them. */
export type PageKind =
  | HrnzPageKind
  | 'index'
  | 'month'
  | 'fields-index'
  | 'dates-index'
  | 'dates-month'
  | 'calendar'
  | 'raceday-search'
  | 'raceday'
  | 'race'
  | 'horse'
  | 'horse-pedigree'

/** What the page of a single horse says. */
export interface ParsedHorse {
  readonly facts: HorseFacts
  readonly issues: readonly ParseIssue[]
  /** The page with its pedigree, where the horse's own page has none and links it. */
  readonly pedigreeUrl: string | null
}
type HorseParents = Pick<HorseFacts, 'sire' | 'dam' | 'damSire'>

/** HRNZ's pages: where they are and how to read them. Pure; throws LayoutChangedError. */
export interface HrnzPages {
  readonly parserVersion: string
  readonly indexUrl: string
  /** The racing dates, and the calendar of official meetings. */
  readonly datesIndexUrl: string
  readonly calendarUrl: string
  parseDatesIndex(
    html: Uint8Array,
    url: string,
  ): readonly { readonly url: string; readonly month: string | null }[]
  /** `month` (`YYYY-MM`): what the link to the page said. */
  parseDatesMonth(
    html: Uint8Array,
    url: string,
    month: string | null,
  ): { readonly meetings: readonly CalendarMeeting[]; readonly issues: readonly ParseIssue[] }
  /** The cards of the coming days; their dates lack the year, so `today` decides it. */
  readonly fieldsIndexUrl: string
  parseFieldsIndex(html: Uint8Array, url: string, today: string): readonly ListedMeeting[]
  /** Which kind of page an address stands for; null for a page of no kind that is read. */
  kindOf(url: string): HrnzPageKind | null
  /** A page of any kind, under the same rules as `parseResults`. */
  parsePage(
    kind: HrnzPageKind,
    html: Uint8Array,
    page: {
      readonly url: string | null
      readonly expectedDate?: string | null
      readonly contentType?: string | null
    },
  ): ParsedMeeting
  /** The pages in a saved file: HTML, MHTML, HAR or zip. */
  unpackSaved(name: string, bytes: Uint8Array): readonly SavedPage[]
  /** What a saved page is by its content, and its address where that is one of the site's own. */
  recognise(page: SavedPage): {
    readonly kind: PageKind | null
    readonly url: string | null
    /** Where the page of the horse is that it speaks of; the address of a horse's own page. */
    readonly horseUrl: string | null
  }
  parseCalendar(bytes: Uint8Array, url: string): readonly CalendarMeeting[]
  /** The page of a horse, on the server of the dynamic pages. */
  horseUrl(identifier: HorseIdentifier): string
  /** A page of another horse than the one its address asks for is refused. */
  parseHorse(html: Uint8Array, page: { url: string; contentType: string | null }): ParsedHorse
  /** Null for a page without a pedigree. */
  parsePedigree(
    html: Uint8Array,
    page: { url: string; contentType: string | null },
  ): HorseParents | null
  parseIndex(
    html: Uint8Array,
    url: string,
  ): {
    readonly months: readonly { readonly url: string; readonly label: string }[]
    readonly meetings: readonly ListedMeeting[]
    readonly issues: readonly ParseIssue[]
  }
  parseMonth(
    html: Uint8Array,
    url: string,
  ): { readonly meetings: readonly ListedMeeting[]; readonly issues: readonly ParseIssue[] }
  /**
   * One meeting's results page. `expectedDate`: what the listing said; a page of another date is
   * refused (code `wrong-date`), for its file name is reused every year.
   */
  parseResults(
    html: Uint8Array,
    page: {
      readonly url: string | null
      readonly expectedDate?: string | null
      readonly contentType?: string | null
    },
  ): ParsedMeeting
}

/** A page as it was asked for. */
export interface DynamicPage {
  readonly url: string
  readonly bytes: Uint8Array
  readonly contentType: string | null
}

/** A race as its race day lists it. */
export interface ListedRace {
  readonly url: string
  /** What stands beside the link. */
  readonly text: string
  readonly club: string | null
}

/** HRNZ's dynamic pages of past race days. Pure; throws LayoutChangedError. */
export interface DynamicPages {
  readonly parserVersion: string
  /** Race days from a date on; pages count from 1. */
  searchUrl(from: string, pageNumber: number): string
  parseSearch(page: DynamicPage): {
    readonly racedays: readonly Pick<ListedMeeting, 'url' | 'date' | 'club'>[]
    readonly issues: readonly ParseIssue[]
  }
  /** A race day's races, in the order of its page. */
  listedRaces(raceday: DynamicPage): readonly ListedRace[]
  /** Date and club of a race day, as far as its own page tells them. */
  parseHeading(raceday: DynamicPage): { readonly date: string | null; readonly club: string | null }
  /** Which of the listed races a page without an address shows; undefined if none or several. */
  findRace(race: DynamicPage, listed: readonly ListedRace[]): ListedRace | undefined
  /** A race day and its races as one meeting; pages of another date are refused. */
  parseRaceday(
    raceday: DynamicPage,
    races: readonly DynamicPage[],
    expected: { readonly date: string; readonly club: string },
  ): ParsedMeeting
}

/** TAB's API: where it is and how to read it. Pure; throws LayoutChangedError. */
export interface TabApi {
  readonly decoderVersion: string
  /** Identification that TAB asks for. */
  readonly headers: Readonly<Record<string, string>>
  meetingsUrl(range: DateRange, offset?: number): string
  eventUrl(eventId: string): string
  /** NZ harness meetings only; races carry what the list says of them and no starters. */
  decodeMeetings(
    body: Uint8Array,
    asked: { readonly range: DateRange },
  ): {
    readonly meetings: readonly MeetingObservation[]
    readonly issues: readonly ParseIssue[]
    /** Offset of the next page, null on the last. */
    readonly nextOffset: number | null
  }
  decodeEvent(body: Uint8Array):
    | {
        readonly kind: 'race'
        readonly meetingKey: string
        readonly race: RaceObservation
        readonly market: RaceMarket
        readonly issues: readonly ParseIssue[]
      }
    | { readonly kind: 'gone'; readonly code: string; readonly message: string }
}

/** A file of rows under named columns. */
export interface RowFile {
  readonly name: string
  /** `line` counts from 1 (of Parquet: the row); a row that cannot be read is the reason in words. */
  rows(): AsyncGenerator<{
    readonly line: number
    readonly row: Readonly<Record<string, unknown>> | string
  }>
}

/** What the owner is told, wherever they are. */
export interface Notice {
  readonly level: 'problem' | 'warning' | 'recovered' | 'digest' | 'test'
  readonly title: string
  readonly message: string
}

/** What every use case is handed. */
export interface AppDeps {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly log: Logger
  readonly progress: Progress
  readonly signal: AbortSignal
}
