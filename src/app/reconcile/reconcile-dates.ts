import { groupBy } from '../../domain/group-by.ts'
import type { Redirect } from '../../domain/masters.ts'
import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import { correctionsOf } from '../../domain/reconcile/corrections.ts'
import {
  groupMeetings,
  type MeetingGroup,
  type SourceMeeting,
} from '../../domain/reconcile/group-meetings.ts'
import { byKind } from '../../domain/reconcile/matched-card.ts'
import { nzVenues } from '../../domain/reconcile/nz-venues.ts'
import { VenueDirectory } from '../../domain/reconcile/venues.ts'
import { type IdClaim, reconcileIds } from '../../domain/stable-ids.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { WriteCounts } from '../counts.ts'
import { applyCards, type MeetingChange } from './apply-cards.ts'
import { replaceMeetingQuestions } from './meeting-review-items.ts'

/** The known places; built once, as most databases have no alias of their own. */
const nzDirectory = new VenueDirectory(nzVenues)

export interface ReconcileRequest {
  readonly dates: readonly string[]
  /** Observations whose cards are to be resolved again; `all`: every card of the dates. */
  readonly touched: ReadonlySet<number> | 'all'
  /** Trees by observation, where the caller has them in hand: they are not unpacked again. */
  readonly trees?: ReadonlyMap<number, MeetingObservation>
  readonly now: string
}

export interface ReconcileOutcome {
  readonly counts: WriteCounts
  readonly changes: readonly MeetingChange[]
  /** What has come to be odd about the stewards' words of these dates. */
  readonly issues: readonly ParseIssue[]
  /** Meeting id by source key, of every meeting of the dates. */
  readonly meetingOf: ReadonlyMap<string, number>
}

/**
 * Decides anew which source meetings of these racing dates are one, resolves the cards that this or
 * a new observation touches, and links their horses. Inside one transaction.
 */
export async function reconcileDates(
  repositories: Repositories,
  request: ReconcileRequest,
): Promise<ReconcileOutcome> {
  const headers = await repositories.observations.listByDates(request.dates)
  const aliases = await repositories.aliases.all()
  const directory =
    aliases.length === 0 ? nzDirectory : new VenueDirectory([...nzVenues, ...aliases])
  const judgements = await repositories.judgements.active('meeting')
  const byKey = groupBy(headers, (header) => header.key)
  const byDate = groupBy([...byKey.values()].map(sourceMeeting), (meeting) => meeting.date)
  const decided = [...byDate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, meetings]) => groupMeetings(meetings, directory, judgements))
  const groups = decided.flatMap((day) => day.groups)
  const membersOf = (group: MeetingGroup): ObservationHeader[] =>
    group.keys.flatMap((key) => byKey.get(key) ?? [])

  const claims = groups.flatMap((group, cluster) => claimsOf(membersOf(group), cluster))
  const redirects = await redirectsOfSplits(repositories, claims)
  const isReturning = ({ cluster, oldId }: IdClaim): boolean =>
    redirects.some(({ id, anchor }) => id === oldId && groups[cluster]!.keys.includes(anchor))
  // Who was merged into a meeting and leaves it again does not take its id along.
  const { ids: kept, retired } = reconcileIds(
    groups.length,
    claims.map((claim) => (isReturning(claim) ? { ...claim, size: 0 } : claim)),
  )
  const revived = revivedIds(redirects, groups, kept)
  const ids = kept.map((id, index) => id ?? revived.get(index) ?? null)
  // A meeting that a member leaves is affected too, though its own members stay as they were.
  const left = new Set<number>()
  groups.forEach((group, index) => {
    for (const { meetingId } of membersOf(group)) {
      if (meetingId !== null && meetingId !== ids[index]) left.add(meetingId)
    }
  })
  const affected = groups.flatMap((group, index) => {
    const members = membersOf(group)
    const id = ids[index] ?? null
    const changed =
      id === null ||
      left.has(id) ||
      request.touched === 'all' ||
      members.some((member) => member.meetingId !== id || isTouched(request, member))
    return changed ? [{ group, members, id }] : []
  })
  // Meetings that keep their id choose their rows first.
  affected.sort((a, b) => Number(a.id === null) - Number(b.id === null))
  const corrections = correctionsOf(await repositories.judgements.active('correction'))
  const { counts, changes, issues, idOf } = await applyCards(
    repositories,
    { affected, retired, corrections, trees: request.trees ?? new Map() },
    request.now,
  )

  const meetingOf = new Map<string, number>()
  groups.forEach((group, index) => {
    const id = ids[index] ?? idOf.get(group)!
    for (const key of group.keys) meetingOf.set(key, id)
  })
  await repositories.cards.revive([...revived.values()])
  await repositories.cards.redirect(
    retired.map(({ oldId, cluster }) => ({
      kind: 'meeting' as const,
      oldId,
      id: meetingOf.get(groups[cluster]!.keys[0]!)!,
      retiredAt: request.now,
      anchor: headers.find((header) => header.meetingId === oldId)!.key,
    })),
  )
  await replaceMeetingQuestions(
    repositories,
    decided.flatMap((day) => day.questions),
    meetingOf,
    retired.map(({ oldId }) => oldId),
  )
  return { counts, changes, issues, meetingOf }
}

/** What was once merged into the meetings that now fall apart. */
async function redirectsOfSplits(
  { cards }: Repositories,
  claims: readonly IdClaim[],
): Promise<Redirect[]> {
  const clusterOf = new Map<number, number>()
  const split = new Set<number>()
  for (const { oldId, cluster } of claims) {
    if ((clusterOf.get(oldId) ?? cluster) !== cluster) split.add(oldId)
    clusterOf.set(oldId, cluster)
  }
  return split.size === 0 ? [] : cards.redirectsTo([...split])
}

/** A meeting that was merged away and is split off again is known by the id that it had. */
function revivedIds(
  redirects: readonly Redirect[],
  groups: readonly MeetingGroup[],
  ids: readonly (number | null)[],
): Map<number, number> {
  const revived = new Map<number, number>()
  groups.forEach(({ keys }, index) => {
    const own = redirects.find(({ anchor }) => keys.includes(anchor))
    if (ids[index] === null && own !== undefined) revived.set(index, own.oldId)
  })
  return revived
}

/** The better document has the say where two name different places, whichever was read first. */
function sourceMeeting(documents: readonly ObservationHeader[]): SourceMeeting {
  const headers = [...documents].sort((a, b) => byKind(a.kind, b.kind))
  const said = <Value>(read: (header: ObservationHeader) => Value | null): Value | null => {
    for (const header of headers) {
      const value = read(header)
      if (value !== null) return value
    }
    return null
  }
  const { key, source, date } = headers[0]!
  return {
    key,
    source,
    date,
    venue: said((header) => header.venue),
    club: said((header) => header.club),
    tabMeetingId: said((header) => header.tabMeetingId),
    clubNumber: said((header) => header.clubNumber),
    horses: new Set(headers.flatMap((header) => header.card.split(/[|;]/).filter(Boolean))),
  }
}

function claimsOf(members: readonly ObservationHeader[], cluster: number) {
  const shares = groupBy(
    members.filter((member) => member.meetingId !== null),
    (member) => member.meetingId!,
  )
  return [...shares].map(([oldId, own]) => ({
    cluster,
    oldId,
    trusted: false,
    size: own.length,
    first: own.map((member) => member.observedAt).sort()[0]!,
  }))
}

function isTouched({ touched }: ReconcileRequest, member: ObservationHeader): boolean {
  return touched === 'all' || touched.has(member.id)
}
