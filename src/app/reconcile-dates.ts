import { racingDate } from '../domain/dates.ts'
import { groupBy } from '../domain/group-by.ts'
import type { MasterCard, MeetingRow, Redirect, ReviewItem } from '../domain/masters.ts'
import type { MeetingObservation } from '../domain/observation.ts'
import { type Corrections, correctionsOf } from '../domain/reconcile/corrections.ts'
import { isAmended } from '../domain/reconcile/field-policy.ts'
import {
  groupMeetings,
  type MeetingGroup,
  type MeetingQuestion,
  type SourceMeeting,
} from '../domain/reconcile/group-meetings.ts'
import { byKind, matchCard } from '../domain/reconcile/matched-card.ts'
import { nzVenues } from '../domain/reconcile/nz-venues.ts'
import {
  type CardPlan,
  countNew,
  type FreeRows,
  numberCard,
  planCard,
  rowsOf,
  withoutRowsOf,
} from '../domain/reconcile/plan-card.ts'
import { resolveCard } from '../domain/reconcile/resolve-card.ts'
import { VenueDirectory } from '../domain/reconcile/venues.ts'
import { type IdClaim, reconcileIds } from '../domain/stable-ids.ts'
import type { ObservationHeader, Repositories } from '../repositories/repositories.ts'
import { noCounts, type WriteCounts } from './counts.ts'
import { linkHorses } from './link-horses.ts'

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

/** A meeting that is new or another than before: a line of the plan. */
export interface MeetingChange {
  readonly id: number
  readonly date: string
  readonly venue: string
  readonly change: 'created' | 'updated' | 'retired'
  readonly rule: string
  /** Rows below it that are new or differ. */
  readonly races: number
  readonly starters: number
}

export interface ReconcileOutcome {
  readonly counts: WriteCounts
  readonly changes: readonly MeetingChange[]
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
  const { counts, changes, idOf } = await applyCards(
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
  await replaceQuestions(
    repositories,
    decided.flatMap((day) => day.questions),
    meetingOf,
    retired.map(({ oldId }) => oldId),
  )
  return { counts, changes, meetingOf }
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

interface AffectedGroup {
  readonly group: MeetingGroup
  readonly members: readonly ObservationHeader[]
  readonly id: number | null
}

async function applyCards(
  repositories: Repositories,
  {
    affected,
    retired,
    corrections,
    trees,
  }: {
    readonly trees: ReadonlyMap<number, MeetingObservation>
    readonly affected: readonly AffectedGroup[]
    readonly retired: readonly { readonly oldId: number }[]
    readonly corrections: Corrections
  },
  now: string,
): Promise<{
  counts: WriteCounts
  changes: MeetingChange[]
  idOf: Map<MeetingGroup, number>
}> {
  const counts = noCounts()
  const idOf = new Map<MeetingGroup, number>()
  const changes: MeetingChange[] = []
  if (affected.length === 0) return { counts, changes, idOf }
  const { cards, observations, ids } = repositories
  const said = affected.flatMap(({ members }) => members.map((member) => member.id))
  const stored = await observations.loadTrees(said.filter((id) => !trees.has(id)))
  const treeOf = new Map([...trees, ...stored])
  const involved = affected.flatMap(({ id, members }) => [
    ...(id === null ? [] : [id]),
    ...members.flatMap((member) => member.meetingId ?? []),
  ])
  const existing = await cards.load([...new Set(involved)])
  const rows = rowsOf(existing)
  let free = rows
  const plans: { plan: CardPlan; group: MeetingGroup; members: readonly ObservationHeader[] }[] = []
  for (const { group, members, id } of affected) {
    const before = existing.find((card) => card.meeting.id === id) ?? null
    const plan = planGroup({ group, members, id }, { trees: treeOf, before, free, corrections })
    free = withoutRowsOf(free, plan)
    plans.push({ plan, group, members })
  }
  const needed = { meeting: 0, race: 0, starter: 0 }
  for (const { plan } of plans) {
    const more = countNew(plan)
    needed.meeting += more.meeting
    needed.race += more.race
    needed.starter += more.starter
  }
  const first =
    needed.meeting + needed.race + needed.starter === 0
      ? needed
      : { ...(await ids.allocate(needed)) }
  const newFrom = needed.starter === 0 ? Infinity : first.starter
  const numbered = plans.map(({ plan }) => numberCard(plan, first, rows, now))
  const deleteStarters = free.starters.map((starter) => starter.id)
  const deleted = await repositories.horses.linksOfStarters(deleteStarters)
  await cards.apply({
    meetings: numbered.flatMap((card) => card.meeting ?? []),
    races: numbered.flatMap((card) => card.races),
    starters: numbered.flatMap((card) => card.starters),
    deleteMeetings: retired.map(({ oldId }) => oldId),
    deleteRaces: free.races.map((race) => race.id),
    deleteStarters,
  })
  const assignments = plans.flatMap(({ members }, index) => {
    const { meetingId } = numbered[index]!
    return members.flatMap((member) =>
      member.meetingId === meetingId ? [] : [{ id: member.id, meetingId }],
    )
  })
  await observations.assign(assignments)

  plans.forEach(({ plan, group }, index) => {
    const card = numbered[index]!
    idOf.set(group, card.meetingId)
    count(counts, plan, card)
    if (card.meeting !== null) changes.push(changeOf(card.meeting, card))
  })
  const horses = await linkHorses(
    repositories,
    { starters: numbered.flatMap((card) => card.evidence), deleted, newFrom },
    now,
  )
  const away = new Set(retired.map(({ oldId }) => oldId))
  for (const { meeting } of existing)
    if (away.has(meeting.id)) changes.push(changeOf(meeting, null))
  return { counts: { ...counts, horses }, changes, idOf }
}

function changeOf(
  { id, meetingDate, venue, matchRule }: MeetingRow,
  card: ReturnType<typeof numberCard> | null,
): MeetingChange {
  const change = card === null ? 'retired' : card.created.meetings > 0 ? 'created' : 'updated'
  const rows = { races: card?.races.length ?? 0, starters: card?.starters.length ?? 0 }
  return { id, date: meetingDate, venue, change, rule: matchRule, ...rows }
}

function planGroup(
  { group, members, id }: AffectedGroup,
  known: {
    readonly trees: ReadonlyMap<number, MeetingObservation>
    readonly before: MasterCard | null
    readonly free: FreeRows
    readonly corrections: Corrections
  },
): CardPlan {
  const official = members.find(
    (member) => member.source === 'hrnz_scraper' && member.kind === 'results',
  )
  const confirmedOn = official === undefined ? null : racingDate(Date.parse(official.confirmedAt))
  const card = matchCard(members.map((member) => known.trees.get(member.id)!))
  return planCard(
    resolveCard(card, isAmended(members[0]!.date, confirmedOn), known.corrections),
    { rule: group.rule, evidence: JSON.stringify(group.evidence) },
    id,
    known.before,
    known.free,
  )
}

function count(counts: WriteCounts, plan: CardPlan, card: ReturnType<typeof numberCard>): void {
  const isMerged = plan.fields.dataSource === 'merged'
  counts.meetings.created += card.created.meetings
  counts.meetings.merged += isMerged && plan.before?.meeting.dataSource !== 'merged' ? 1 : 0
  if (card.created.meetings === 0)
    counts.meetings[card.meeting === null ? 'unchanged' : 'updated']++
  for (const kind of ['races', 'starters'] as const) {
    counts[kind].created += card.created[kind]
    counts[kind].updated += card[kind].length - card.created[kind]
    counts[kind].unchanged += card.total[kind] - card[kind].length
  }
}

async function replaceQuestions(
  { reviews }: Repositories,
  questions: readonly MeetingQuestion[],
  meetingOf: ReadonlyMap<string, number>,
  retired: readonly number[],
): Promise<void> {
  const ids = [...new Set([...meetingOf.values(), ...retired])]
  const open = await reviews.ofSubjects('meeting', ids)
  if (open.length === 0 && questions.length === 0) return
  const items = questions.map((question): ReviewItem => {
    const [subject, other] = question.keys
    return {
      kind: 'meeting',
      code: 'possible-same-meeting',
      subject,
      other,
      subjectId: meetingOf.get(subject)!,
      otherId: meetingOf.get(other)!,
      question: questionText(question),
      evidence: JSON.stringify(question),
      priority: Math.round(100 * Math.max(question.venue, question.overlap ?? 0)),
    }
  })
  await reviews.replace('meeting', ids, items)
}

function questionText({ reason, venue, overlap }: MeetingQuestion): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const horses =
    overlap === null ? 'a card is not known yet' : `${percent(overlap)} of horses in common`
  const why = {
    'two-candidates': 'More than one meeting of the day fits',
    'near-the-line': 'Near enough to ask',
    'same-venue-other-card': 'The same place, but other horses',
  }
  return `One meeting? ${why[reason]} (places ${percent(venue)} alike, ${horses}).`
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
