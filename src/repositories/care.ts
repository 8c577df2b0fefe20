/** Rows that should not be as they are. */
export interface CareFinding {
  /** Name of the check, for scripts: `starters-unlinked`. */
  readonly check: string
  /** What is wrong, in words that fit behind a number: `starts have no horse`. */
  readonly message: string
  readonly count: number
  /** A few of them, by id or name. */
  readonly examples: readonly string[]
  /** What to do about it. */
  readonly next: string
}

export interface BackupResult {
  readonly file: string
  readonly sizeBytes: number
  /** Rows of all tables together, the same in both. */
  readonly rows: number
  /** Older backups that moved on to the next number. */
  readonly kept: readonly string[]
}

export interface CopiedTable {
  readonly table: string
  readonly rows: number
  /** SHA-256 of each row, summed up: the same whatever order the rows come in. */
  readonly digest: string
}

export interface DatabaseSizes {
  /** Each with its indexes. */
  readonly tables: readonly { readonly name: string; readonly bytes: number }[]
  /** Room in the file that nothing needs. */
  readonly freeBytes: number
  /** Files that bodies and prices were moved to; null: it is not there. */
  readonly archives: readonly { readonly file: string; readonly bytes: number | null }[]
}

/** Looks for damage that no rule of the database itself keeps out, and makes copies of the whole. */
export interface DatabaseCare {
  /** Damage of the file, and references to rows that are gone. */
  damage(): Promise<CareFinding[]>
  /** Rows that are readable, but do not fit to each other. */
  looseRows(): Promise<CareFinding[]>
  /** Looks at every page: a second or so for a gigabyte. */
  sizes(): Promise<DatabaseSizes>
  /** Archives that are not there, or do not hold what the rows say. Reads every body. */
  archives(): Promise<CareFinding[]>
  /**
   * A verified copy of a file, made while others write to it. With `keep` earlier ones stay beside
   * it, so many in all. A server's database has tools of its own for this: DatabaseError there.
   */
  backUp(file: string, options: { readonly keep?: number }): Promise<BackupResult>
  /**
   * Gives free room of the file back to the system in small steps; returns the bytes. Null where the
   * file must be written anew for it. A server sees to its own room: 0.
   */
  giveBack(signal: AbortSignal): Promise<number | null>
  /** Writes the file anew, without free room; nobody else can write meanwhile. Returns the bytes. */
  rewrite(): Promise<number>
  /** Every table into an empty database, a file or a URL; digests of both are compared. */
  copyTo(
    target: string,
    options: { readonly signal: AbortSignal; readonly onTable: (name: string) => void },
  ): Promise<CopiedTable[]>
}
