import { racingDate } from '../../domain/dates.ts'
import { decisionsOf } from '../../domain/decisions.ts'
import type { Source } from '../../domain/observation.ts'
import { type CorrectedValue, correctionsOf } from '../../domain/reconcile/corrections.ts'
import {
  explainCard,
  type FieldExplanation,
  isOverride,
  tellingKind,
} from '../../domain/reconcile/explain-card.ts'
import { isAmended } from '../../domain/reconcile/field-policy.ts'
import { type CardRuling, rulingInWords } from '../../domain/rulings/rulings-of-card.ts'
import { byKind, matchCard } from '../../domain/reconcile/matched-card.ts'
import type { DateRange } from '../../domain/dates.ts'
import type { MeetingRow } from '../../domain/masters.ts'
import { UsageError } from '../../errors.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { eventKind, inOrderSeen } from '../capture/capture-archive.ts'
import { type CardPlace, findOnCard } from './reconcile-corrections.ts'

/** One claim with where and when it was said. */
export interface TracedClaim {
  readonly source: Source | 'by-hand'
  readonly value: CorrectedValue
  readonly taken: boolean
  readonly said_at: string
  readonly confirmed_at: string | null
  readonly kind: string | null
  readonly url: string | null
  readonly hash: string | null
  /** File that the bytes were moved to; null: they are in place. */
  readonly archived_in: string | null
  readonly by: string | null
}

/** What the stewards decided, in short and in their own words, with where and when it was said. */
export interface TracedRuling extends Omit<TracedClaim, 'source' | 'value' | 'taken' | 'by'> {
  readonly words: string
  readonly text: string
  /** Whether the results page says so too; null where it says nothing that could be compared. */
  readonly agrees: boolean | null
}

export interface TracedField extends Omit<FieldExplanation, 'claims' | 'rulings' | 'keys'> {
  readonly claims: readonly TracedClaim[]
  readonly rulings: readonly TracedRuling[]
}

/** Every claim about a meeting, a race or a starter, and the rule that chose between them. */
export async function explainMeeting(
  repositories: Repositories,
  request: CardPlace & { readonly field: string | null },
): Promise<{ readonly words: string; readonly fields: readonly TracedField[] }> {
  const place = await findOnCard(repositories, request)
  const { card, raceId, starterId, level, words } = place
  const [explained] = await explainAll(repositories, [card.meeting])
  const headerKey = explained!.headers[0]!.key
  const key = place.key(headerKey)
  const chosen = explained!.fields.filter(({ level: own, keys }) =>
    level === 'meeting' && raceId === null && starterId === null
      ? own === 'meeting'
      : keys.includes(key),
  )
  const fields = chosen.filter(({ field }) => request.field === null || field === request.field)
  if (fields.length === 0) {
    throw new UsageError(
      request.field === null
        ? `no source says anything of ${words}`
        : `no source says the ${request.field} of ${words}`,
      `Told are: ${chosen.map(({ field }) => field).join(', ') || 'none'}.`,
    )
  }
  const documents = await documentsOf(repositories, explained!.headers)
  const answers = await answersOfRaces(repositories, explained!)
  const decisions = decisionsOf(await repositories.judgements.active('correction'))
  return {
    words,
    fields: fields.map((field) => traced(field, explained!, { documents, answers }, decisions)),
  }
}

/** One of HRNZ's values that was taken over TAB's. */
export interface Override {
  readonly id: number
  readonly date: string
  readonly venue: string
  readonly race: number | null
  readonly starter: string | null
  readonly field: string
  readonly tab: CorrectedValue
  readonly hrnz: CorrectedValue
  readonly confirmed_at: string
}

/** Every field on which HRNZ's later word stands against TAB's, newest meeting first. */
export async function listOverrides(
  repositories: Repositories,
  range: DateRange | undefined,
): Promise<Override[]> {
  const meetings = (await repositories.cards.list(range)).filter(
    ({ dataSource }) => dataSource === 'merged',
  )
  meetings.reverse()
  const all: Override[] = []
  // Trees are large: a year of them at once would be a hundred megabytes.
  for (let from = 0; from < meetings.length; from += batchSize) {
    for (const one of await explainAll(repositories, meetings.slice(from, from + batchSize))) {
      const confirmed = one.headers.find(({ source }) => source === 'hrnz_scraper')
      for (const { race, starter, field, value, claims } of one.fields.filter(isOverride)) {
        all.push({
          id: one.meeting.id,
          date: one.meeting.meetingDate,
          venue: one.meeting.venue,
          race,
          starter,
          field,
          tab: claims.find(({ source }) => source === 'tab_api')!.value,
          hrnz: value,
          confirmed_at: confirmed!.confirmedAt,
        })
      }
    }
  }
  return all
}

const batchSize = 50

interface Explained {
  readonly meeting: MeetingRow
  readonly headers: readonly ObservationHeader[]
  readonly trees: ReadonlyMap<number, Parameters<typeof matchCard>[0][number]>
  readonly fields: readonly FieldExplanation[]
}

async function explainAll(
  { observations, judgements }: Repositories,
  meetings: readonly MeetingRow[],
): Promise<Explained[]> {
  const all = await observations.listByMeetings(meetings.map(({ id }) => id))
  const trees = await observations.loadTrees(all.map(({ id }) => id))
  const corrections = correctionsOf(await judgements.active('correction'))
  return meetings.map((meeting) => {
    const headers = all.filter(({ meetingId }) => meetingId === meeting.id)
    const official = headers.find(
      ({ source, kind }) => source === 'hrnz_scraper' && kind === 'results',
    )
    const confirmedOn = official === undefined ? null : racingDate(Date.parse(official.confirmedAt))
    const card = matchCard(headers.map(({ id }) => trees.get(id)!))
    const isLate = isAmended(meeting.meetingDate, confirmedOn)
    return { meeting, headers, trees, fields: explainCard(card, isLate, corrections) }
  })
}

async function documentsOf(
  { archive }: Repositories,
  headers: readonly ObservationHeader[],
): Promise<Map<number, ArchivedDocument>> {
  const documents = await archive.get(headers.flatMap(({ documentId }) => documentId ?? []))
  return new Map(documents.map((document) => [document.id, document]))
}

/**
 * TAB answers for each race by itself, and its list of meetings says no placing: the newest answer of
 * a race is where its values stand. By the race's key.
 */
async function answersOfRaces(
  { archive }: Repositories,
  { headers, trees }: Explained,
): Promise<Map<string, ArchivedDocument>> {
  const answers = new Map<string, ArchivedDocument>()
  for (const { id, source, date } of headers) {
    if (source !== 'tab_api') continue
    const range = { from: date, to: date }
    const listed = inOrderSeen(await archive.list({ source, kind: eventKind, range }))
    for (const { key } of trees.get(id)!.races) {
      const answer = listed.findLast(({ url }) => url.includes(key.replace('tab:event:', '')))
      if (answer !== undefined) answers.set(key, answer)
    }
  }
  return answers
}

function traced(
  { claims, rulings, keys, ...explanation }: FieldExplanation,
  { headers, trees }: Explained,
  archived: {
    readonly documents: ReadonlyMap<number, ArchivedDocument>
    readonly answers: ReadonlyMap<string, ArchivedDocument>
  },
  corrections: ReturnType<typeof decisionsOf>,
): TracedField {
  const { rule, value, field } = explanation
  const byHand = corrections.findLast(({ judgements }) =>
    judgements.some(({ a, b }) => keys.includes(a) && b === field),
  )
  const told = claims.map((claim): TracedClaim => {
    const own = headers
      .filter(({ source }) => source === claim.source)
      .sort((a, b) => byKind(a.kind, b.kind))
    const kind = tellingKind(
      own.map(({ id }) => trees.get(id)!),
      claim.key,
      field,
    )
    // What no page says of the starter itself is what the stewards said of it.
    const header = own.find((one) => one.kind === (kind ?? rulings[0]?.toldBy.kind)) ?? own[0]!
    const race = trees.get(header.id)!.races.find(({ number }) => number === explanation.race)
    const answer = race === undefined ? undefined : archived.answers.get(race.key)
    const document =
      answer ?? (header.documentId === null ? undefined : archived.documents.get(header.documentId))
    return {
      source: claim.source,
      value: claim.value,
      taken: claim.source === explanation.source,
      said_at: answer?.fetchedAt ?? header.observedAt,
      confirmed_at: answer?.lastSeenAt ?? header.confirmedAt,
      kind: header.kind,
      url: document?.url ?? null,
      hash: document?.hash ?? null,
      archived_in: document?.archivedIn ?? null,
      by: null,
    }
  })
  const ruled = rulings.map((ruling) => tracedRuling(ruling, headers, archived.documents))
  if (rule !== 'by-hand' || byHand === undefined)
    return { ...explanation, claims: told, rulings: ruled }
  const hand: TracedClaim = {
    source: 'by-hand',
    value,
    taken: true,
    said_at: byHand.createdAt,
    confirmed_at: null,
    kind: null,
    url: null,
    hash: null,
    archived_in: null,
    by: `${byHand.actor}, decision ${byHand.number}: ${byHand.reason ?? ''}`,
  }
  return { ...explanation, claims: [hand, ...told], rulings: ruled }
}

function tracedRuling(
  { toldBy, reason, text, agrees, ...ruling }: CardRuling,
  headers: readonly ObservationHeader[],
  documents: ReadonlyMap<number, ArchivedDocument>,
): TracedRuling {
  const header = headers.find(({ key, kind }) => key === toldBy.key && kind === toldBy.kind)!
  const document = header.documentId === null ? undefined : documents.get(header.documentId)
  return {
    words: [rulingInWords(ruling), ...(reason === null ? [] : [reason])].join(', '),
    text,
    agrees,
    said_at: header.observedAt,
    confirmed_at: header.confirmedAt,
    kind: header.kind,
    url: document?.url ?? null,
    hash: document?.hash ?? null,
    archived_in: document?.archivedIn ?? null,
  }
}
