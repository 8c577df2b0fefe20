import { type Decision, decisionsOf } from '../../domain/decisions.ts'
import type { DateRange } from '../../domain/dates.ts'
import type { MeetingRow } from '../../domain/masters.ts'
import { rulingInWords } from '../../domain/rulings/rulings-of-card.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { findMeeting } from './find-meeting.ts'
import { meetingKeysOf } from './reconcile-decisions.ts'

export interface ListedMerge {
  readonly id: number
  readonly date: string
  readonly venue: string
  readonly rule: string
  /** Likeness of the venues and share of horses in common, 0 to 1; null where not known. */
  readonly venue_score: number | null
  readonly overlap: number | null
  readonly matched_at: string
  readonly club: string | null
}

/** Meetings that several source meetings were made into, the latest match first. */
export async function listMerges(
  { cards }: Repositories,
  filter: {
    readonly range?: DateRange | undefined
    /** Instant. */
    readonly since?: string | undefined
    readonly rule?: string | undefined
  },
): Promise<ListedMerge[]> {
  return (await cards.list(filter.range))
    .filter(
      ({ matchRule, matchedAt }) =>
        matchRule !== 'new' &&
        (filter.rule === undefined || matchRule === filter.rule) &&
        (filter.since === undefined || matchedAt >= filter.since),
    )
    .sort((a, b) => (a.matchedAt > b.matchedAt ? -1 : a.matchedAt < b.matchedAt ? 1 : b.id - a.id))
    .map((meeting) => ({
      id: meeting.id,
      date: meeting.meetingDate,
      venue: meeting.venue,
      rule: meeting.matchRule,
      ...scoreOf(meeting),
      matched_at: meeting.matchedAt,
      club: meeting.club,
    }))
}

/** Decisions about meetings and corrections, newest first; those taken back as well. */
export async function listDecisions({ judgements }: Repositories): Promise<Decision[]> {
  return decisionsOf(await judgements.all())
    .filter(({ kind }) => kind !== 'horse')
    .reverse()
}

/** One meeting with what it was made of and what was decided about it. */
export async function showMeeting(repositories: Repositories, words: string) {
  const { meeting, retiredId } = await findMeeting(repositories, words)
  const [card] = await repositories.cards.load([meeting.id])
  const headers = await repositories.observations.listByMeetings([meeting.id])
  const documents = await repositories.archive.get(
    headers.flatMap(({ documentId }) => documentId ?? []),
  )
  const urlOf = new Map(documents.map(({ id, url }) => [id, url]))
  const keys = new Set(headers.map(({ key }) => key))
  const decisions = (await listDecisions(repositories)).filter((decision) =>
    meetingKeysOf(decision).some((key) => keys.has(key)),
  )
  const races = card!.races
  return {
    ...meeting,
    matchEvidence: JSON.parse(meeting.matchEvidence) as unknown,
    ...scoreOf(meeting),
    retiredId,
    races: races.length,
    starters: races.reduce((sum, { starters }) => sum + starters.length, 0),
    sources: headers.map((header) => ({
      key: header.key,
      source: header.source,
      kind: header.kind,
      venue: header.venue,
      club: header.club,
      observed_at: header.observedAt,
      confirmed_at: header.confirmedAt,
      url: header.documentId === null ? null : (urlOf.get(header.documentId) ?? null),
    })),
    rulings: card!.rulings.map(({ starterId, raceId, documentId, ...ruling }) => {
      const { race, starters } = races.find((one) => one.race.id === raceId)!
      const starter = starters.find(({ id }) => id === starterId)!
      return {
        race: race.raceNumber,
        number: starter.number,
        horse: starter.horseName,
        words: rulingInWords(ruling),
        ...ruling,
        url: documentId === null ? null : (urlOf.get(documentId) ?? null),
      }
    }),
    decisions: decisions.map(({ number, words: said, actor, createdAt, retractedAt, reason }) => ({
      number,
      words: said,
      actor,
      reason,
      createdAt,
      retractedAt,
    })),
    questions: (await repositories.reviews.ofSubjects('meeting', [meeting.id])).map(
      ({ question }) => question,
    ),
  }
}

function scoreOf({ matchEvidence }: MeetingRow): Pick<ListedMerge, 'venue_score' | 'overlap'> {
  const evidence = JSON.parse(matchEvidence) as { venue?: number; overlap?: number | null }[]
  const pairs = Array.isArray(evidence) ? evidence : []
  const worst = (values: readonly (number | null | undefined)[]): number | null => {
    const known = values.filter((value) => typeof value === 'number')
    return known.length === 0 ? null : Math.round(Math.min(...known) * 1000) / 1000
  }
  return {
    venue_score: worst(pairs.map(({ venue }) => venue)),
    overlap: worst(pairs.map(({ overlap }) => overlap)),
  }
}
