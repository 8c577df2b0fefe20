import type { DateRange } from '../domain/dates.ts'
import type {
  MasterCard,
  MeetingRow,
  RaceRow,
  Redirect,
  RulingRow,
  StarterRow,
} from '../domain/masters.ts'

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
