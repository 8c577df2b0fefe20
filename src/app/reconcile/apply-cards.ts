import { racingDate } from '../../domain/dates.ts'
import type { MasterCard, MeetingRow } from '../../domain/masters.ts'
import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import type { Corrections } from '../../domain/reconcile/corrections.ts'
import { isAmended } from '../../domain/reconcile/field-policy.ts'
import type { MeetingGroup } from '../../domain/reconcile/group-meetings.ts'
import { type MatchedCard, matchCard } from '../../domain/reconcile/matched-card.ts'
import {
  type CardPlan,
  countNew,
  type FreeRows,
  numberCard,
  planCard,
  rowsOf,
  withoutRowsOf,
} from '../../domain/reconcile/plan-card.ts'
import { resolveCard } from '../../domain/reconcile/resolve-card.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { noCounts, type WriteCounts } from '../counts.ts'
import { writeAgreement } from './source-agreement.ts'
import { withHorsePages } from '../horses/horse-page-evidence.ts'
import { linkHorses } from '../horses/link-horses.ts'
import { documentsOf, rulingChanges, settleRulingIssues } from './settle-rulings.ts'

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

/** Source meetings that are one meeting and have to be resolved (again). `id` null: it is new. */
export interface AffectedGroup {
  readonly group: MeetingGroup
  readonly members: readonly ObservationHeader[]
  readonly id: number | null
}

/**
 * Resolves the cards of these meetings, writes what differs and links the horses. Rows belong to one
 * meeting only: meetings earlier in the list choose first.
 */
export async function applyCards(
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
  /** What has come to be odd about the stewards' words of these meetings. */
  issues: ParseIssue[]
  idOf: Map<MeetingGroup, number>
}> {
  const counts = noCounts()
  const idOf = new Map<MeetingGroup, number>()
  const changes: MeetingChange[] = []
  if (affected.length === 0) return { counts, changes, issues: [], idOf }
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
  const plans: {
    plan: CardPlan
    card: MatchedCard
    group: MeetingGroup
    members: readonly ObservationHeader[]
  }[] = []
  for (const { group, members, id } of affected) {
    const before = existing.find((card) => card.meeting.id === id) ?? null
    const card = matchCard(members.map((member) => treeOf.get(member.id)!))
    const plan = planGroup({ group, members, id }, { card, before, free, corrections })
    free = withoutRowsOf(free, plan)
    plans.push({ plan, card, group, members })
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
    ...rulingChanges(plans, numbered),
  })
  const assignments = plans.flatMap(({ members }, index) => {
    const { meetingId } = numbered[index]!
    return members.flatMap((member) =>
      member.meetingId === meetingId ? [] : [{ id: member.id, meetingId }],
    )
  })
  await observations.assign(assignments)
  await writeAgreement(
    observations,
    new Map(plans.map(({ card }, index) => [numbered[index]!.meetingId, card])),
  )

  plans.forEach(({ plan, group }, index) => {
    const card = numbered[index]!
    idOf.set(group, card.meetingId)
    count(counts, plan, card)
    if (card.meeting !== null) changes.push(changeOf(card.meeting, card))
  })
  const evidence = await withHorsePages(
    repositories,
    numbered.flatMap((card) => card.evidence),
  )
  const horses = await linkHorses(repositories, { starters: evidence, deleted, newFrom }, now)
  const issues = await settleRulingIssues(repositories, plans, now)
  const away = new Set(retired.map(({ oldId }) => oldId))
  for (const { meeting } of existing)
    if (away.has(meeting.id)) changes.push(changeOf(meeting, null))
  return { counts: { ...counts, horses }, changes, issues, idOf }
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
    readonly card: MatchedCard
    readonly before: MasterCard | null
    readonly free: FreeRows
    readonly corrections: Corrections
  },
): CardPlan {
  const official = members.find(
    (member) => member.source === 'hrnz_scraper' && member.kind === 'results',
  )
  const confirmedOn = official === undefined ? null : racingDate(Date.parse(official.confirmedAt))
  return planCard(
    resolveCard(known.card, isAmended(members[0]!.date, confirmedOn), known.corrections),
    {
      rule: group.rule,
      evidence: JSON.stringify(group.evidence),
      documentOf: documentsOf(members),
    },
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
