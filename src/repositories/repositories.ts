import type { DocumentKind, MeetingObservation, ParseIssue, Source } from '../domain/observation.ts'
import type { FieldAgreement } from '../domain/reconcile/compare-sources.ts'
import type { VenueAlias } from '../domain/reconcile/venues.ts'
import type { DateRange } from '../domain/dates.ts'
import type { FieldBaseline } from '../domain/scraping/field-coverage.ts'
import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  Judgement,
  LinkRow,
  MasterCard,
  MeetingRow,
  RaceRow,
  Redirect,
  ReviewItem,
  RulingRow,
  StarterRow,
  Verdict,
} from '../domain/masters.ts'
import type { ArchivingRepository } from './archiving.ts'
import type { CaptureRecordRepository, MarketRepository } from './market.ts'
import type { FormRepository } from './form-repository.ts'
import type { HorseFactsRepository } from './horse-facts-repository.ts'
import type { PruningRepository } from './pruning.ts'
import type { IdentifierScheme } from '../domain/observation.ts'

/**
 * Everything that a unit of work may touch. Methods are batch-shaped: they take and give lists, and
 * the number of statements does not grow with the list (beyond splitting at the parameter limit of
 * the database). Empty lists cost no statement.
 */
export interface Repositories {
  readonly ids: IdRepository
  readonly observations: ObservationRepository
  readonly cards: CardRepository
  readonly horses: HorseRepository
  readonly horseFacts: HorseFactsRepository
  readonly form: FormRepository
  readonly judgements: JudgementRepository
  readonly reviews: ReviewRepository
  readonly archive: ArchiveRepository
  readonly archiving: ArchivingRepository
  readonly pruning: PruningRepository
  readonly pages: PageRepository
  readonly aliases: AliasRepository
  readonly log: IngestionLogRepository
  readonly issues: ParseIssueRepository
  readonly market: MarketRepository
  readonly captureRecord: CaptureRecordRepository
}

/** `run` binds repositories to one write transaction; `read` to one consistent snapshot. */
export interface UnitOfWork {
  run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
}

export type IdKind = 'meeting' | 'race' | 'starter' | 'horse'
/** Ids only ever grow: one that was given is never given again, whatever was deleted since. */
export interface IdRepository {
  /** First id of a run of `count` for each kind asked for, in one statement. */
  allocate(counts: Partial<Record<IdKind, number>>): Promise<Record<IdKind, number>>
}

/** An observation without its tree: enough to decide which meetings are one. */
export interface ObservationHeader {
  readonly id: number
  readonly key: string
  readonly source: Source
  readonly kind: DocumentKind
  readonly date: string
  readonly venue: string | null
  readonly club: string | null
  readonly clubNumber: string | null
  readonly tabMeetingId: string | null
  /** Name keys of all horses on the card, by race: `a|b|c;d|e`. */
  readonly card: string
  readonly meetingId: number | null
  /** Hash of the canonical tree; equal digests mean that the source said the same again. */
  readonly digest: string
  readonly documentId: number | null
  readonly parserVersion: string
  /** When the tree was first said in this form, and last confirmed (200 or 304). Instants. */
  readonly observedAt: string
  readonly confirmedAt: string
}
export interface StoredObservation extends ObservationHeader {
  readonly tree: MeetingObservation
}
/** Where sources say that a meeting is. */
export type Place = Pick<ObservationHeader, 'source' | 'date' | 'venue' | 'club'>
export interface ObservationRepository {
  findByKeys(keys: readonly string[]): Promise<ObservationHeader[]>
  listByDates(dates: readonly string[]): Promise<ObservationHeader[]>
  listByMeetings(meetingIds: readonly number[]): Promise<ObservationHeader[]>
  loadTrees(ids: readonly number[]): Promise<Map<number, MeetingObservation>>
  /** Inserts, or replaces what the same (key, kind) said before; keeps the row's id and meeting. */
  save(observations: readonly Omit<StoredObservation, 'id' | 'meetingId'>[]): Promise<void>
  confirm(ids: readonly number[], confirmedAt: string): Promise<void>
  assign(assignments: readonly { id: number; meetingId: number }[]): Promise<void>
  /** Gives an observation the key that its source has come to be known by; it stays the same row. */
  rekey(
    observation: Pick<StoredObservation, 'id' | 'key' | 'clubNumber' | 'digest' | 'tree'>,
  ): Promise<void>
  /** How far the sources agree on each of these meetings, in the order of the fields. */
  agreement(meetingIds: readonly number[]): Promise<Map<number, FieldAgreement[]>>
  /** Replaces all of it for each of the meetings. */
  saveAgreement(ofMeetings: ReadonlyMap<number, readonly FieldAgreement[]>): Promise<void>
  /** Distinct places of all observations. */
  places(): Promise<Place[]>
  /** Distinct racing dates with an observation, ascending. */
  dates(range?: DateRange): Promise<string[]>
}

export interface CardChanges {
  readonly meetings: readonly MeetingRow[]
  readonly races: readonly RaceRow[]
  readonly starters: readonly StarterRow[]
  readonly deleteMeetings: readonly number[]
  readonly deleteRaces: readonly number[]
  readonly deleteStarters: readonly number[]
  /** Starters whose rulings are replaced, and what is put in their place. */
  readonly rulingsOf: readonly number[]
  readonly rulings: readonly RulingRow[]
}
/** Meetings with their races and starters. A starter's `horse_id` belongs to HorseRepository. */
export interface CardRepository {
  load(meetingIds: readonly number[]): Promise<MasterCard[]>
  /** Inserts and replaces by id, then deletes; links of deleted starters go with them. */
  apply(changes: CardChanges): Promise<void>
  /** Ids as given resolve to the live one they were merged into; unknown ids are left out. */
  resolve(ids: readonly number[]): Promise<Map<number, number>>
  redirect(redirects: readonly Redirect[]): Promise<void>
  /** Removes redirects of ids that live again. */
  revive(ids: readonly number[]): Promise<void>
  redirectsTo(ids: readonly number[]): Promise<Redirect[]>
  list(range?: DateRange): Promise<MeetingRow[]>
  /** Racing dates on which a start has no link yet, ascending. */
  datesWithUnlinkedStarters(): Promise<string[]>
}

/** Keys by which starts can belong together. */
export interface LinkKeys {
  readonly nameKeys: readonly string[]
  readonly identifiers: readonly { scheme: IdentifierScheme; value: string }[]
  /** Source keys that judgements name. */
  readonly sourceKeys: readonly string[]
}
export interface HorseChanges {
  readonly links: readonly LinkRow[]
  readonly horses: readonly HorseRow[]
  readonly deleteHorses: readonly number[]
  readonly identifiers: readonly HorseIdentifierRow[]
  /** Identifiers that these horses carry as well, but another horse owns. */
  readonly contested: readonly HorseIdentifierRow[]
  readonly names: readonly HorseName[]
  /** Horses whose identifiers and names above are full sets; to those of others they are added. */
  readonly replace: readonly number[]
}
export interface HorseRepository {
  /** All links of horses that carry one of the keys; one round, the caller closes the set. */
  findLinks(keys: LinkKeys): Promise<LinkRow[]>
  /** Horses that carry the keys, contested ones included, as (key, horse); `key` is the name key or `scheme:value`. */
  owners(
    keys: Pick<LinkKeys, 'nameKeys' | 'identifiers'>,
  ): Promise<{ readonly key: string; readonly horseId: number }[]>
  linksOfStarters(starterIds: readonly number[]): Promise<LinkRow[]>
  linksOfHorses(horseIds: readonly number[]): Promise<LinkRow[]>
  /** Every link, ordered by starter id: `match --all`. */
  allLinks(): Promise<LinkRow[]>
  load(ids: readonly number[]): Promise<HorseRow[]>
  identifiers(ids: readonly number[]): Promise<HorseIdentifierRow[]>
  names(ids: readonly number[]): Promise<HorseName[]>
  findByNameKey(nameKey: string): Promise<HorseRow[]>
  /** Writes links (and `starters.horse_id` with them), horses, identifiers and names; then deletes. */
  apply(changes: HorseChanges): Promise<void>
  resolve(ids: readonly number[]): Promise<Map<number, number>>
  redirect(redirects: readonly Redirect[]): Promise<void>
  revive(ids: readonly number[]): Promise<void>
  redirectsTo(ids: readonly number[]): Promise<Redirect[]>
}

export interface JudgementRepository {
  /** Judgements that count, oldest first. */
  active(kind: Judgement['kind']): Promise<Judgement[]>
  /** All of them, retracted ones included. */
  all(): Promise<Judgement[]>
  add(judgement: {
    kind: Judgement['kind']
    a: string
    b: string
    verdict: Verdict
    reason: string | null
    actor: string
    createdAt: string
    evidence: string
  }): Promise<number>
  retract(ids: readonly number[], at: string): Promise<void>
  /** Writes `to` for the source key `from`, and in front of the keys below it (`<from>/…`). */
  rekey(from: string, to: string): Promise<void>
}

export interface ReviewRepository {
  /** Open questions, most important first. */
  list(filter?: { kind?: 'meeting' | 'horse'; limit?: number }): Promise<ReviewItem[]>
  ofSubjects(kind: 'meeting' | 'horse', ids: readonly number[]): Promise<ReviewItem[]>
  /** Replaces the questions about these masters by the given ones. */
  replace(
    kind: 'meeting' | 'horse',
    subjectIds: readonly number[],
    items: readonly ReviewItem[],
  ): Promise<void>
  count(kind: 'meeting' | 'horse'): Promise<number>
  /** Replaces all questions of one reason; returns how many of the given ones were open before. */
  replaceCode(
    kind: 'meeting' | 'horse',
    code: ReviewItem['code'],
    items: readonly ReviewItem[],
  ): Promise<number>
  /** Puts a question off; it stays open. */
  snooze(question: QuestionKey, until: string): Promise<void>
  /** Takes a snooze back. */
  wake(question: QuestionKey): Promise<void>
  /** Questions that are put off beyond this instant. */
  snoozed(kind: 'meeting' | 'horse', now: string): Promise<QuestionKey[]>
}
export type QuestionKey = Pick<ReviewItem, 'kind' | 'code' | 'subject' | 'other'>

/** What was fetched or handed to us, as sent. */
export interface ArchivedDocument {
  readonly id: number
  readonly source: Source
  readonly kind: string
  readonly url: string
  /** SHA-256 of the bytes, lower-case hex. */
  readonly hash: string
  readonly contentType: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  readonly httpStatus: number | null
  /** Racing date the document speaks of, where known. */
  readonly date: string | null
  readonly label: string | null
  readonly size: number
  readonly fetchedAt: string
  readonly lastSeenAt: string
  /** File that its bytes were moved to; null: they are in the database. */
  readonly archivedIn: string | null
}
export interface ArchiveRepository {
  /**
   * Keeps the bytes (compressed) under (url, hash). Bytes already there only get a new
   * `lastSeenAt`; the id is the old one then.
   */
  put(
    document: Omit<ArchivedDocument, 'id' | 'size' | 'lastSeenAt' | 'archivedIn'>,
    bytes: Uint8Array,
  ): Promise<{ id: number; isNew: boolean }>
  /** From the file that they were moved to, if so; throws where that is not there. */
  bytes(id: number): Promise<Uint8Array | undefined>
  /** As the archive has them, whatever the database has; throws where it does not. */
  archivedBytes(
    archiveId: number,
    document: Pick<ArchivedDocument, 'url' | 'hash'>,
  ): Promise<Uint8Array | undefined>
  get(ids: readonly number[]): Promise<ArchivedDocument[]>
  /** Documents of a source and kind in the order they were fetched, without their bytes. */
  list(filter: {
    source?: Source
    kind?: string
    url?: string
    range?: DateRange
  }): Promise<ArchivedDocument[]>
  /** But for those that others are told by; returns which went. */
  remove(ids: readonly number[]): Promise<number[]>
}

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
  /** Pages by source, kind and state. */
  counts(): Promise<{ source: Source; kind: string; state: PageState; count: number }[]>
}

export interface AliasRepository {
  all(): Promise<VenueAlias[]>
  add(alias: VenueAlias): Promise<void>
  remove(alias: Pick<VenueAlias, 'source' | 'kind' | 'text'>): Promise<number>
}

export interface IngestionLogEntry {
  readonly source: Source
  readonly dateProcessed: string
  readonly url: string | null
  readonly status: 'success' | 'failed' | 'partial'
  readonly recordsCreated: number
  readonly recordsUpdated: number
  readonly errors: string | null
  readonly createdAt: string
}
export interface IngestionLogRepository {
  add(entries: readonly IngestionLogEntry[]): Promise<void>
}

export interface ParseIssueRepository {
  /** Replaces what is on record about the document. */
  replace(
    document: { documentId: number; source: Source; date: string | null; at: string },
    issues: readonly ParseIssue[],
  ): Promise<void>
  /**
   * Makes these the issues of these codes of the documents; returns those that were not there.
   */
  settle(
    codes: readonly string[],
    documents: readonly { documentId: number; source: Source; date: string | null }[],
    issues: readonly { readonly documentId: number; readonly issue: ParseIssue }[],
    at: string,
  ): Promise<ParseIssue[]>
  countByCode(): Promise<{ code: string; count: number }[]>
}
