/**
 * Who says something, most trusted first: TAB, else HRNZ, else what was imported. Of a value that
 * several tell the first one's stands, unless its field has another rule (reconcile/field-policy.ts).
 */
export const sourceOrder = ['tab_api', 'hrnz_scraper', 'manual'] as const
export type Source = (typeof sourceOrder)[number]

/** TAB's list and events together are one `card`; HRNZ has the three page kinds. */
export type DocumentKind = 'card' | 'results' | 'stewards' | 'fields' | 'import'

export type RaceStatus =
  'scheduled' | 'open' | 'closed' | 'interim' | 'final' | 'abandoned' | 'postponed'
export type Gait = 'pace' | 'trot'
export type StartType = 'mobile' | 'standing'

/** NZ and overseas TAB horse numbers are two number spaces (below and from 1,000,000). */
export type IdentifierScheme =
  'tab_horse:nz' | 'tab_horse:intl' | 'hrnz_guid' | 'hrnz_number' | 'harness_nz_horse_id'

export interface HorseIdentifier {
  readonly scheme: IdentifierScheme
  /** Text always: 64-bit numbers and GUIDs alike. GUIDs upper case. */
  readonly value: string
}

/** Values under labels that the model does not know, kept so that nothing is lost. */
export type Unmodelled = Readonly<Record<string, string>>

export interface StarterObservation {
  /** `tab:entrant:<uuid>`, `hrnz:starter:<date>/<club>/R<n>/<name key>`, `manual:…` */
  readonly key: string
  readonly number?: number
  readonly horseName: string
  readonly identifiers?: readonly HorseIdentifier[]
  readonly sire?: string
  readonly dam?: string
  readonly damSire?: string
  readonly sex?: string
  readonly colour?: string
  readonly country?: string
  /** `YYYY-MM-DD` */
  readonly foaledOn?: string
  /** As drawn: `3`, `Fr3`, `Sr2`. */
  readonly barrier?: string
  /** Metres behind the front mark, 0 on it. */
  readonly handicapM?: number
  readonly driver?: string
  /** Licence mark split off the driver's name: `J`. */
  readonly driverMark?: string
  readonly trainer?: string
  readonly scratched?: boolean
  readonly scratchedAt?: string
  /** Official placing; absent for scratched, disqualified or unplaced without a number. */
  readonly finishPosition?: number
  /** The source's own text of the placing. */
  readonly finishRaw?: string
  readonly timeMs?: number
  readonly marginRaw?: string
  readonly stakeCents?: number
  /** `1/2`: rank in the win and in the place market. */
  readonly favouriteRanks?: string
  readonly tabEntrantId?: string
  readonly more?: Unmodelled
}

export interface RaceObservation {
  /** `tab:event:<uuid>`, `hrnz:race:<date>/<club>/R<n>`, `manual:…` */
  readonly key: string
  readonly number: number
  readonly name?: string
  readonly classText?: string
  readonly distanceM?: number
  readonly gait?: Gait
  readonly startType?: StartType
  readonly isHandicap?: boolean
  readonly startTime?: string
  readonly status?: RaceStatus
  readonly trackCondition?: string
  readonly weather?: string
  readonly stakeCents?: number
  readonly winningTimeMs?: number
  readonly mileRateMs?: number
  /** The source's free text of times, sectionals, margins, dividends and stewards' words. */
  readonly timesText?: string
  readonly marginsText?: string
  readonly dividendsText?: string
  readonly stewardsText?: string
  readonly protestText?: string
  readonly starters: readonly StarterObservation[]
  readonly more?: Unmodelled
}

/**
 * What one source says of one meeting, exactly as it said it. An absent property means that the
 * source did not say; nothing is ever filled in here. Instants are ISO 8601 UTC text, dates are
 * `YYYY-MM-DD` NZ racing dates, money is cents, times are milliseconds, distances are metres.
 */
export interface MeetingObservation {
  readonly source: Source
  readonly kind: DocumentKind
  /** `tab:meeting:<uuid>`, `hrnz:meeting:<date>/<club no>`, `manual:…` */
  readonly key: string
  readonly date: string
  readonly venue?: string
  readonly club?: string
  readonly clubNumber?: string
  readonly tabMeetingId?: string
  readonly hrnzUrl?: string
  readonly status?: RaceStatus
  readonly trackCondition?: string
  readonly weather?: string
  readonly races: readonly RaceObservation[]
  readonly more?: Unmodelled
}

/** Something on a document that was taken, but is odd: stored and reported, never an exit code. */
export interface ParseIssue {
  readonly code: string
  /** Where: `R4`, `R4/7 Name`, or `meeting`. */
  readonly subject: string
  readonly message: string
  /** At most 200 characters of the source's text. */
  readonly excerpt?: string
}

/** What a pure parser or decoder makes of one document. */
export interface ParsedMeeting {
  readonly observation: MeetingObservation
  readonly issues: readonly ParseIssue[]
  /** The stewards' report that the page links. */
  readonly stewardsUrl?: string
}
