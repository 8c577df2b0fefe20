import type { DateRange } from '../domain/dates.ts'
import type { DocumentKind, MeetingObservation, Source } from '../domain/observation.ts'
import type { FieldAgreement } from '../domain/reconcile/compare-sources.ts'

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
