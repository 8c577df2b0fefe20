import { isoInstant, racingDate } from '../../domain/dates.ts'
import { nameKey } from '../../domain/names.ts'
import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import { isAmended } from '../../domain/reconcile/field-policy.ts'
import { rulingIssueCodes } from '../../domain/rulings/rulings-of-card.ts'
import { storable } from '../../domain/storable.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { digestOf, underClubNumber } from './club-number-keys.ts'
import { noCounts, type WriteCounts } from '../counts.ts'
import type { AppDeps } from '../ports.ts'
import { reconcileDates } from './reconcile-dates.ts'
import { rereadContradicted } from '../scrape/reread-contradicted.ts'

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
  /** What has come to be odd beside the rest of the card: rulings that it does not bear out. */
  readonly issues: readonly ParseIssue[]
}

/**
 * Applies one unit in one transaction with its log row: observe, reconcile the day, resolve the
 * cards it touches, link their horses. A kill at any moment leaves the last whole unit.
 */
export async function ingestMeeting(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  unit: IngestUnit,
): Promise<IngestResult> {
  return deps.unitOfWork.run(async (repositories) => {
    const now = isoInstant(deps.clock.now())
    const { observation, rekeyed } = await underClubNumber(repositories, storable(unit.observation))
    const result = await observe(repositories, { ...unit, observation }, rekeyed, now)
    await unit.alongside?.(repositories)
    const { meetings, races, starters } = result.counts
    await repositories.log.add([
      {
        source: unit.observation.source,
        dateProcessed: unit.observation.date,
        url: unit.url,
        status: 'success',
        recordsCreated: meetings.created + races.created + starters.created,
        recordsUpdated: meetings.updated + races.updated + starters.updated,
        errors: null,
        createdAt: now,
      },
    ])
    return result
  })
}

async function observe(
  repositories: Repositories,
  unit: IngestUnit,
  rekeyed: boolean,
  now: string,
): Promise<IngestResult> {
  const { observation } = unit
  const digest = digestOf(observation)
  const known = await repositories.observations.findByKeys([observation.key])
  const before = known.find((header) => header.kind === observation.kind)
  if (before !== undefined && before.meetingId !== null && !rekeyed) {
    if (isOlder(before, unit)) return unchanged(before, observation)
    if (before.digest === digest && before.parserVersion === unit.parserVersion) {
      return confirm(repositories, before, unit, now)
    }
  }
  // What came under the club's name can be newer than the first page under its number.
  if (before === undefined || !rekeyed || !isOlder(before, unit)) {
    await repositories.observations.save([
      {
        key: observation.key,
        source: observation.source,
        kind: observation.kind,
        date: observation.date,
        venue: observation.venue ?? null,
        club: observation.club ?? null,
        clubNumber: observation.clubNumber ?? null,
        tabMeetingId: observation.tabMeetingId ?? null,
        card: cardOf(observation),
        digest,
        documentId: unit.documentId,
        parserVersion: unit.parserVersion,
        observedAt: before?.digest === digest ? before.observedAt : unit.confirmedAt,
        confirmedAt: latest(before?.confirmedAt, unit.confirmedAt),
        tree: observation,
      },
    ])
  }
  const { source, date } = observation
  // What an older copy said beside the card is nobody's word any more.
  if (before?.documentId != null && before.documentId !== unit.documentId) {
    const older = [{ documentId: before.documentId, source, date }]
    await repositories.issues.settle(rulingIssueCodes, older, [], now)
  }
  if (unit.documentId !== null) {
    await repositories.issues.replace(
      { documentId: unit.documentId, source, date, at: now },
      unit.issues,
    )
  }
  const saved = await repositories.observations.findByKeys([observation.key])
  // A meeting that moved to another date leaves a day behind that must be decided anew as well.
  const dates = new Set([observation.date, ...known.map((header) => header.date)])
  const { counts, issues, meetingOf } = await reconcileDates(repositories, {
    dates: [...dates],
    touched: new Set(saved.map((header) => header.id)),
    trees: new Map(
      saved.flatMap(({ id, digest: kept }) =>
        kept === digest ? [[id, observation] as const] : [],
      ),
    ),
    now,
  })
  if (observation.kind === 'stewards')
    await rereadContradicted(repositories, observation, issues, now)
  return { counts, meetingId: meetingOf.get(observation.key)!, issues }
}

/** The same again. Only the time of the confirmation is news, and that can decide who has the say. */
async function confirm(
  repositories: Repositories,
  before: ObservationHeader,
  unit: IngestUnit,
  now: string,
): Promise<IngestResult> {
  const confirmedAt = latest(before.confirmedAt, unit.confirmedAt)
  if (confirmedAt === before.confirmedAt) return unchanged(before, unit.observation)
  await repositories.observations.confirm([before.id], confirmedAt)
  const amended = (at: string): boolean => isAmended(before.date, racingDate(Date.parse(at)))
  if (amended(confirmedAt) === amended(before.confirmedAt))
    return unchanged(before, unit.observation)
  const { counts, issues, meetingOf } = await reconcileDates(repositories, {
    dates: [before.date],
    touched: new Set([before.id]),
    now,
  })
  return { counts, meetingId: meetingOf.get(before.key)!, issues }
}

/** An older document than the one on record, from a folder of saved pages or a reparse. */
function isOlder(before: ObservationHeader, unit: IngestUnit): boolean {
  return unit.confirmedAt < before.observedAt && unit.documentId !== before.documentId
}

function unchanged(before: ObservationHeader, observation: MeetingObservation): IngestResult {
  const counts = noCounts()
  counts.meetings.unchanged = 1
  counts.races.unchanged = observation.races.length
  counts.starters.unchanged = observation.races.reduce((sum, race) => sum + race.starters.length, 0)
  return { counts, meetingId: before.meetingId!, issues: [] }
}

function cardOf(observation: MeetingObservation): string {
  return observation.races
    .map((race) => race.starters.map((starter) => nameKey(starter.horseName)).join('|'))
    .join(';')
}

function latest(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b
}
