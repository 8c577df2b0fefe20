import { type Decision, decisionsOf } from '../../domain/decisions.ts'
import type { Judgement, Verdict } from '../../domain/masters.ts'
import type { VenueAlias } from '../../domain/reconcile/venues.ts'
import { UsageError } from '../../errors.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { WriteCounts } from '../counts.ts'
import { applied } from '../applied.ts'
import { findMeeting, meetingWords } from './find-meeting.ts'
import type { AppDeps } from '../ports.ts'
import { aliasOf, learnedAlias, reconcilePlaces } from './reconcile-aliases.ts'
import { reconcileDates } from './reconcile-dates.ts'

export interface DecisionBy {
  readonly actor: string
  readonly reason: string | null
  readonly dryRun: boolean
}

export interface MeetingDecision {
  readonly number: number
  readonly words: string
  readonly counts: WriteCounts
  /** Racing dates that were decided anew. */
  readonly dates: number
  /** A name that the sources' confirmed match has taught. */
  readonly learned: VenueAlias | null
}

/** Says that two meetings are one, or that they are two. */
export function judgeMeetings(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: DecisionBy & {
    readonly a: string
    readonly b: string
    readonly verdict: Exclude<Verdict, 'set'>
  },
): Promise<MeetingDecision> {
  const { verdict } = request
  return applied(deps, request.dryRun, async (repositories, now) => {
    const [a, b] = [await live(repositories, request.a), await live(repositories, request.b)]
    const names = `${meetingWords(a.meeting)} and ${meetingWords(b.meeting)}`
    if (a.meeting.id === b.meeting.id) {
      throw new UsageError(
        `${meetingWords(a.meeting)} is one meeting already`,
        `\`harness reconcile split ${a.meeting.id}\` makes it two.`,
      )
    }
    if (verdict === 'same' && a.meeting.meetingDate !== b.meeting.meetingDate)
      throw new UsageError(`${names} are on different dates: they are two meetings`)
    const pairs = a.headers.flatMap((x) => b.headers.map((y) => [x.key, y.key] as const))
    await refuseAgainst(repositories, pairs, verdict, names)
    const learned =
      verdict === 'same' ? await learnedAlias(repositories, a.headers, b.headers) : null
    if (learned !== null) await repositories.aliases.add(learned)
    const words = `${verdict}: ${names}`
    const number = await write(repositories, request, now, {
      words,
      judgements: pairs.map(([x, y]) => ({ a: x, b: y, verdict })),
      more: learned === null ? {} : { alias: learned },
    })
    const outcome = await decidedAnew(repositories, [...a.headers, ...b.headers], learned, now)
    await refuseUnlessDone(repositories, pairs, verdict, names)
    return { number, words, learned, ...outcome }
  })
}

/** Takes the source meetings apart that were brought together: all of them, or one source's. */
export function splitMeeting(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: DecisionBy & { readonly meeting: string; readonly source: string | null },
): Promise<MeetingDecision> {
  return applied(deps, request.dryRun, async (repositories, now) => {
    const { meeting, headers } = await live(repositories, request.meeting)
    const name = meetingWords(meeting)
    if (headers.length < 2)
      throw new UsageError(`${name} comes from one source only: there is nothing to split`)
    const apart = ({ source }: ObservationHeader): boolean => source === request.source
    if (request.source !== null && !headers.some(apart))
      throw new UsageError(`${name} holds nothing of ${request.source}`)
    const pairs = headers.flatMap((x, index) =>
      headers
        .slice(index + 1)
        .filter((y) => request.source === null || apart(x) !== apart(y))
        .map((y) => [x.key, y.key] as const),
    )
    if (pairs.length === 0)
      throw new UsageError(`${name} holds only ${request.source}: nothing would be left of it`)
    const words = `split: ${name}`
    const number = await write(repositories, request, now, {
      words,
      judgements: pairs.map(([a, b]) => ({ a, b, verdict: 'different' })),
      more: {},
    })
    const outcome = await decidedAnew(repositories, headers, null, now)
    await refuseUnlessDone(repositories, pairs, 'different', name)
    return { number, words, learned: null, ...outcome }
  })
}

/** Takes a decision about meetings, or a correction, back: the one of that number, else the last. */
export function undoMeetingDecision(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: { readonly number: number | null; readonly dryRun: boolean },
): Promise<MeetingDecision> {
  return applied(deps, request.dryRun, async (repositories, now) => {
    const all = decisionsOf(await repositories.judgements.all()).filter(
      ({ kind }) => kind !== 'horse',
    )
    const decision =
      request.number === null
        ? all.findLast(({ retractedAt }) => retractedAt === null)
        : all.find(({ number }) => number === request.number)
    if (decision === undefined) {
      throw new UsageError(
        request.number === null
          ? 'there is no decision about meetings to undo'
          : `there is no decision ${request.number} about meetings`,
        '`harness reconcile list --decisions` shows them.',
      )
    }
    if (decision.retractedAt !== null)
      throw new UsageError(`decision ${decision.number} was undone on ${decision.retractedAt}`)
    await repositories.judgements.retract(
      decision.judgements.map(({ id }) => id),
      now,
    )
    const headers = await repositories.observations.findByKeys(meetingKeysOf(decision))
    const alias = aliasOf(decision.judgements[0]!)
    const forgotten = alias !== null && !(await isTaught(repositories, alias)) ? alias : null
    if (forgotten !== null) await repositories.aliases.remove(forgotten)
    const outcome = await decidedAnew(repositories, headers, forgotten, now)
    return { number: decision.number, words: decision.words, learned: null, ...outcome }
  })
}

/** Source keys of the meetings that a decision speaks of. */
export function meetingKeysOf({
  kind,
  judgements,
}: Pick<Decision, 'kind' | 'judgements'>): string[] {
  return judgements.flatMap((judgement) =>
    kind === 'correction' ? correctedMeeting(judgement) : [judgement.a, judgement.b],
  )
}

/** Keys of the meeting that a correction is part of. */
function correctedMeeting({ a, evidence }: Judgement): string[] {
  const { meeting } = JSON.parse(evidence) as { meeting?: unknown }
  return typeof meeting === 'string' ? [meeting] : [a]
}

/** Writes one decision's judgements; the id of the first is its number. */
export async function writeDecision(
  { judgements }: Repositories,
  by: { readonly actor: string; readonly reason: string | null; readonly now: string },
  draft: {
    readonly kind: Judgement['kind']
    readonly words: string
    readonly judgements: readonly Pick<Judgement, 'a' | 'b' | 'verdict'>[]
    /** What else goes into the evidence. */
    readonly more: Readonly<Record<string, unknown>>
  },
): Promise<number> {
  let first: number | null = null
  for (const judgement of draft.judgements) {
    const id = await judgements.add({
      ...judgement,
      kind: draft.kind,
      reason: by.reason,
      actor: by.actor,
      createdAt: by.now,
      evidence: JSON.stringify({ words: draft.words, decision: first, ...draft.more }),
    })
    first ??= id
  }
  return first!
}

/** Decides the days of these source meetings anew, and those on which an alias changes a place. */
async function decidedAnew(
  repositories: Repositories,
  headers: readonly ObservationHeader[],
  alias: VenueAlias | null,
  now: string,
): Promise<{ counts: WriteCounts; dates: number }> {
  const dates = new Set(headers.map(({ date }) => date))
  if (alias !== null) {
    for (const date of await reconcilePlaces(repositories, alias)) dates.add(date)
  }
  const { counts } = await reconcileDates(repositories, {
    dates: [...dates],
    touched: 'all',
    now,
  })
  return { counts, dates: dates.size }
}

function write(
  repositories: Repositories,
  by: DecisionBy,
  now: string,
  draft: Omit<Parameters<typeof writeDecision>[2], 'kind'>,
): Promise<number> {
  return writeDecision(repositories, { ...by, now }, { ...draft, kind: 'meeting' })
}

/** A meeting with its sources' headers, one a source key; a retired id is refused. */
async function live(
  repositories: Repositories,
  words: string,
): Promise<{
  meeting: Awaited<ReturnType<typeof findMeeting>>['meeting']
  headers: readonly ObservationHeader[]
}> {
  const { meeting, retiredId } = await findMeeting(repositories, words)
  if (retiredId !== null) {
    throw new UsageError(
      `meeting ${retiredId} was merged into ${meetingWords(meeting)} before`,
      `Say ${meeting.id} if that meeting is meant.`,
    )
  }
  const all = await repositories.observations.listByMeetings([meeting.id])
  const byKey = new Map(all.map((header) => [header.key, header]))
  return { meeting, headers: [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) }
}

type Pairs = readonly (readonly [string, string])[]

/** A person's word stands until it is taken back; it is not silently turned round. */
async function refuseAgainst(
  { judgements }: Repositories,
  pairs: Pairs,
  verdict: Verdict,
  names: string,
): Promise<void> {
  const said = decisionsOf(await judgements.active('meeting'))
  const about = said.find((decision) =>
    decision.judgements.some(
      ({ a, b, verdict: old }) =>
        old !== 'unsure' && pairs.some(([x, y]) => (a === x && b === y) || (a === y && b === x)),
    ),
  )
  if (about === undefined) return
  const isAgain = about.judgements.some(({ verdict: old }) => old === verdict)
  throw new UsageError(
    `${names}: decided ${isAgain ? 'so ' : ''}before, as decision ${about.number} (${about.words})`,
    isAgain ? undefined : `Take that back first: \`harness reconcile undo ${about.number}\`.`,
  )
}

async function refuseUnlessDone(
  { observations }: Repositories,
  pairs: Pairs,
  verdict: Verdict,
  names: string,
): Promise<void> {
  if (verdict === 'unsure') return
  const headers = await observations.findByKeys(pairs.flat())
  const meetingOf = new Map(headers.map(({ key, meetingId }) => [key, meetingId]))
  const isDone = pairs.every(
    ([a, b]) => (meetingOf.get(a) === meetingOf.get(b)) === (verdict === 'same'),
  )
  if (isDone) return
  throw new UsageError(
    `${names}: other decisions stand against it`,
    '`harness reconcile list --decisions` shows them.',
  )
}

/** True while another decision that counts has taught the same alias. */
async function isTaught({ judgements }: Repositories, alias: VenueAlias): Promise<boolean> {
  const active = await judgements.active('meeting')
  return active.some((judgement) => {
    const other = aliasOf(judgement)
    return other !== null && other.text === alias.text && other.source === alias.source
  })
}
