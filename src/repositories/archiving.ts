import type { OddsSnapshot } from '../domain/capture/plan-market.ts'

/** A file that bodies and prices were moved to, as the database remembers it. */
export interface ArchiveEntry {
  readonly id: number
  /** Where it was when it was last named. */
  readonly file: string
  /** What the file knows itself by, wherever it is moved. */
  readonly key: string
  readonly hasPrices: boolean
}

/** What is of before it may move: racing dates, and instants of what has no racing date. */
export interface ArchiveCut {
  readonly date: string
  /** Midnight in New Zealand at the beginning of that date. */
  readonly instant: string
}

/** A document's body as the database keeps it: deflated, against another document if so. */
export interface PackedDocument {
  readonly id: number
  readonly source: string
  readonly kind: string
  readonly url: string
  readonly hash: string
  readonly contentType: string | null
  readonly date: string | null
  readonly label: string | null
  readonly size: number
  readonly fetchedAt: string
  readonly body: Uint8Array
  /** Hash of the document of the same address that the body is told by. */
  readonly baseHash: string | null
}

export interface MovablePrice extends OddsSnapshot {
  /** `tab_entrants.id` */
  readonly entrant: number
  readonly eventId: string
  readonly number: number | null
}

export interface MovableRows {
  readonly documents: number
  /** Of their bodies, as they are kept. */
  readonly bytes: number
  readonly prices: number
  /** Documents of before the date that stay, since their page is still read. */
  readonly open: number
}

/**
 * Bodies and prices on their way out of the database. What may go: bodies of documents of before a
 * date whose page is not read any more, and prices that were last seen before it and that a later
 * one followed. The rows of the documents stay, and so does the last price of every entrant.
 */
export interface ArchivingRepository {
  archives(): Promise<ArchiveEntry[]>
  /** Remembers a file; one that is known by its key is at this place now. */
  register(archive: Pick<ArchiveEntry, 'file' | 'key'> & { readonly at: string }): Promise<number>
  /** When the oldest of TAB's bodies that are in the database was fetched. */
  oldestInPlace(): Promise<string | null>
  movable(cut: ArchiveCut): Promise<MovableRows>
  /** Some of them, ascending, beyond an id; few enough to be held in memory. */
  nextDocuments(cut: ArchiveCut, after: number): Promise<PackedDocument[]>
  /** Prices of some entrants beyond one, each entrant's in whole. */
  nextPrices(cut: ArchiveCut, after: number): Promise<MovablePrice[]>
  /** The bodies are in the archive: the rows say so, and let go of them. */
  releaseDocuments(ids: readonly number[], archiveId: number): Promise<void>
  /** Those that are still as they were given; returns how many. */
  releasePrices(
    prices: readonly MovablePrice[],
    cut: ArchiveCut,
    archiveId: number,
  ): Promise<number>
}

/** Writes an archive; what it was given is on the disk when a method returns. */
export interface ArchiveWriter {
  readonly file: string
  readonly key: string
  addDocuments(documents: readonly PackedDocument[]): Promise<void>
  addPrices(prices: readonly MovablePrice[]): Promise<void>
  /** Those of the given prices that the file does not hold, read back from it. */
  missingPrices(prices: readonly MovablePrice[]): Promise<MovablePrice[]>
  close(): Promise<void>
}

/** The files beside the database. */
export interface ArchiveStore {
  /** Where an archive is made if nobody says otherwise; null for a database that is no file. */
  readonly defaultFile: string | null
  /** Where the file is now; null when it is not there. */
  find(archive: Pick<ArchiveEntry, 'file' | 'key'>): string | null
  /** The key of an archive; throws where the file is none. */
  keyOf(file: string): Promise<string>
  /** Makes the file if it is not there. */
  open(file: string): Promise<ArchiveWriter>
}
