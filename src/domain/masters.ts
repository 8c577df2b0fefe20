import type { Gait, IdentifierScheme, RaceStatus, Source, StartType } from './observation.ts'
import type { RulingKind } from './rulings/ruling-patterns.ts'

/**
 * The resolved rows of the public tables. A master is derived: from observations, rules and
 * judgements alone. `null` is "no source says so".
 */
export type DataSource = Source | 'merged'

export interface StarterFields {
  readonly number: number | null
  readonly horseName: string
  readonly barrier: string | null
  readonly handicapM: number | null
  readonly driver: string | null
  readonly trainer: string | null
  readonly scratched: boolean
  readonly finishPosition: number | null
  readonly finishRaw: string | null
  readonly timeMs: number | null
  readonly marginRaw: string | null
  readonly stakeCents: number | null
  readonly favouriteRanks: string | null
  readonly tabEntrantId: string | null
  /** The starter's key in HRNZ's and in manual observations; null where they do not have it. */
  readonly hrnzKey: string | null
  readonly manualKey: string | null
}

export interface RaceFields {
  readonly raceNumber: number
  readonly name: string | null
  readonly classText: string | null
  readonly distanceM: number | null
  readonly gait: Gait | null
  readonly startType: StartType | null
  readonly isHandicap: boolean | null
  /** Instant, UTC. */
  readonly startTime: string | null
  readonly status: RaceStatus
  readonly stakeCents: number | null
  readonly winningTimeMs: number | null
  readonly mileRateMs: number | null
  readonly tabEventId: string | null
  readonly hrnzKey: string | null
  readonly manualKey: string | null
}

export interface MeetingFields {
  readonly meetingDate: string
  readonly venue: string
  readonly club: string | null
  readonly dataSource: DataSource
  readonly tabMeetingId: string | null
  readonly hrnzUrl: string | null
  readonly status: RaceStatus
  readonly trackCondition: string | null
  readonly weather: string | null
  /** The rule that brought the sources together, `new` where there is only one. */
  readonly matchRule: string
  /** JSON of the scores and names the rule saw. */
  readonly matchEvidence: string
}

export interface StarterRow extends StarterFields {
  readonly id: number
  readonly raceId: number
}
export interface RaceRow extends RaceFields {
  readonly id: number
  readonly meetingId: number
}
export interface MeetingRow extends MeetingFields {
  readonly id: number
  /** Instant at which the rule first brought these sources together here. */
  readonly matchedAt: string
  /** Instant of the last change of the row or of anything below it. */
  readonly lastUpdated: string
}

/** What the stewards decided of a start: one of a kind. */
export interface RulingRow {
  readonly starterId: number
  readonly raceId: number
  readonly kind: RulingKind
  /** Placing at the post and after it, and the horse that it is put behind, where they are told. */
  readonly from: number | null
  readonly to: number | null
  readonly behind: string | null
  /** Instant of a late scratching. */
  readonly at: string | null
  readonly reason: string | null
  /** The sentence that says so. */
  readonly text: string
  /** Whether the results page says so too; null where it says nothing that could be compared. */
  readonly agrees: boolean | null
  readonly documentId: number | null
}

/** A meeting with everything below it, as it stands in the tables. */
export interface MasterCard {
  readonly meeting: MeetingRow
  /** By starter and kind. */
  readonly rulings: readonly RulingRow[]
  readonly races: readonly { readonly race: RaceRow; readonly starters: readonly StarterRow[] }[]
}

/**
 * What a start counts as for identity: `entered` before there is a result, `ran` afterwards;
 * `scratched` and `abandoned` are no starts.
 */
export type StartPhase = 'entered' | 'ran' | 'scratched' | 'abandoned'

/** A starter with the evidence of all its sources pooled: what horse linking decides on. */
export interface PooledStarter {
  readonly starterId: number
  readonly raceId: number
  /** NZ racing date. */
  readonly date: string
  /** Instant, null where no source gives one. */
  readonly startTime: string | null
  readonly phase: StartPhase
  /** The smallest of the starter's source keys: stable order, and the name judgements use. */
  readonly sourceKey: string
  /** The starter's other keys, under which a judgement may know it as well. */
  readonly tabEntrantId: string | null
  readonly manualKey: string | null
  readonly name: string
  /** Empty for `Unnamed` and the like. */
  readonly nameKey: string
  readonly sire: string | null
  readonly dam: string | null
  readonly damSire: string | null
  readonly sex: string | null
  readonly colour: string | null
  readonly country: string | null
  /** `YYYY-MM-DD` */
  readonly foaledOn: string | null
  readonly gait: Gait | null
  readonly ids: Readonly<Partial<Record<IdentifierScheme, string>>>
}

export type LinkRule =
  'judgement' | 'tab-entrant' | 'tab-horse' | 'hrnz-horse' | 'breeding' | 'name-only' | 'new'

/** Starter → horse, with the rule that linked it and the pooled evidence it rests on. */
export interface LinkRow extends PooledStarter {
  readonly horseId: number
  readonly rule: LinkRule
  readonly decidedBy: 'rule' | 'human'
}

export interface HorseFields {
  readonly name: string
  readonly normalizedName: string
  readonly sire: string | null
  readonly dam: string | null
  readonly damSire: string | null
  readonly sex: string | null
  readonly colour: string | null
  readonly country: string | null
  readonly foaledOn: string | null
  /** Racing dates of the first and last start. */
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  /** Distinct races, not abandoned, with an unscratched start. */
  readonly raceCount: number
}
export interface HorseRow extends HorseFields {
  readonly id: number
  /** JSON of what adding its next start needs to know (horses/tally.ts); null unless it is settled. */
  readonly tally: string | null
}
/** A name the horse has started under, with the racing dates of its first and last use. */
export interface HorseName {
  readonly horseId: number
  readonly nameKey: string
  readonly name: string
  readonly firstSeen: string
  readonly lastSeen: string
}
export interface HorseIdentifierRow {
  readonly horseId: number
  readonly scheme: IdentifierScheme
  readonly value: string
}

export interface Redirect {
  readonly kind: 'meeting' | 'horse'
  readonly oldId: number
  readonly id: number
  readonly retiredAt: string
  /** Source key or identifier that the retired one stood for, so that an undo can revive its id. */
  readonly anchor: string
}

/** `set`: the field `b` of what `a` names is by hand, its value in the evidence (a correction). */
export type Verdict = 'same' | 'different' | 'unsure' | 'set'

/** A person's word on two source keys or identifiers; never a database id, never overruled. */
export interface Judgement {
  readonly id: number
  readonly kind: 'meeting' | 'horse' | 'correction'
  readonly a: string
  readonly b: string
  readonly verdict: Verdict
  readonly reason: string | null
  readonly actor: string
  readonly createdAt: string
  readonly evidence: string
  /** Retracted judgements stay on record and no longer count. */
  readonly retractedAt: string | null
}

/** A question for a person. Derived: rebuilt from links and evidence, never a fact itself. */
export interface ReviewItem {
  readonly kind: 'meeting' | 'horse'
  readonly code:
    | 'name-only'
    | 'possible-duplicate'
    | 'id-conflict'
    | 'name-changed'
    | 'masters-may-be-one'
    | 'possible-same-meeting'
  /** Source key or identifier of the one in question, and of the other where there is one. */
  readonly subject: string
  readonly other: string | null
  /** Masters concerned; meeting or horse ids. */
  readonly subjectId: number
  readonly otherId: number | null
  /** One sentence in plain words. */
  readonly question: string
  /** JSON. */
  readonly evidence: string
  readonly priority: number
}
