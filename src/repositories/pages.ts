import type { DateRange } from '../domain/dates.ts'
import type { Source } from '../domain/observation.ts'
import type { FieldBaseline } from '../domain/scraping/field-coverage.ts'

/**
 * One thing to fetch, and when. `due`: not yet taken, or to be asked again at `dueAt`;
 * `final`: left alone; `failed`: tried, and due again; `closed`: given up with the evidence.
 */
export type PageState = 'due' | 'failed' | 'final' | 'closed'

export interface Page {
  readonly id: number
  readonly source: Source
  /** `results`, `index`, `month`, `event`, `meeting-list`, … */
  readonly kind: string
  readonly url: string
  readonly date: string | null
  readonly club: string | null
  readonly clubNumber: string | null
  readonly venue: string | null
  readonly state: PageState
  readonly dueAt: string | null
  readonly attempts: number
  /** Why it is due, failed or closed, in words. */
  readonly reason: string | null
  readonly errorCode: string | null
  readonly lastFetchedAt: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly documentId: number | null
}

/** Pages that may be read now. */
export interface DueFilter {
  readonly source: Source
  readonly kind: string
  readonly range?: DateRange
  readonly now: string
  /** Only those that have not been read since this instant. */
  readonly notSince?: string
}

export interface BaselineKey {
  readonly source: Source
  readonly kind: string
  readonly parserVersion: string
}

export interface PageRepository {
  /** By (source, url); unknown urls are left out. */
  findByUrls(source: Source, urls: readonly string[]): Promise<Page[]>
  /** Inserts new pages by (source, url); returns how many were new. Known ones are left as they are. */
  register(
    pages: readonly Pick<
      Page,
      'source' | 'kind' | 'url' | 'date' | 'club' | 'clubNumber' | 'venue' | 'dueAt' | 'reason'
    >[],
  ): Promise<number>
  /** Pages in state `due` or `failed` whose `dueAt` has come, oldest due first. */
  due(filter: DueFilter, limit: number): Promise<Page[]>
  countDue(filter: DueFilter): Promise<number>
  /**
   * The oldest due page that no other run at work has in hand, given into the hand of this run. The
   * claim lasts until the page is updated, or the run is at work no more. Postgres only.
   */
  claim(filter: DueFilter, run: number): Promise<Page | undefined>
  /** Writes their new states; they are in nobody's hand then. */
  update(pages: readonly Page[]): Promise<void>
  list(filter: { source?: Source; kind?: string; range?: DateRange }): Promise<Page[]>
  /** How much of a page's rows carried each field on the latest pages that this parser read. */
  fieldBaselines(of: BaselineKey): Promise<FieldBaseline[]>
  saveFieldBaselines(of: BaselineKey, baselines: readonly FieldBaseline[]): Promise<void>
  /** Pages by source, kind and state; `due`: those of them whose time has come. */
  counts(
    now: string,
  ): Promise<{ source: Source; kind: string; state: PageState; count: number; due: number }[]>
}
