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

/** Looks for damage that no rule of the database itself keeps out. */
export interface DatabaseCare {
  /** Damage of the file, and references to rows that are gone. */
  damage(): Promise<CareFinding[]>
  /** Rows that are readable, but do not fit to each other. */
  looseRows(): Promise<CareFinding[]>
}
