import { isoInstant } from '../../domain/dates.ts'
import type { MasterCard, ReviewItem } from '../../domain/masters.ts'
import { nameKey } from '../../domain/names.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { AppDeps } from '../ports.ts'

/** Open questions about meetings that are not put off, the likeliest first. */
export async function openMeetingQuestions(deps: AppDeps): Promise<ReviewItem[]> {
  const now = isoInstant(deps.clock.now())
  return deps.unitOfWork.read(async ({ reviews }) => {
    const snoozed = new Set((await reviews.snoozed('meeting', now)).map(keyOf))
    return (await reviews.list({ kind: 'meeting' })).filter((item) => !snoozed.has(keyOf(item)))
  })
}

/** One side of a question: the meeting as it stands, and what its sources say of it. */
export interface MeetingSide {
  readonly card: MasterCard
  readonly headers: readonly ObservationHeader[]
  readonly pages: readonly string[]
  readonly horses: readonly string[]
}

/** Both sides as they stand; null when the question has been settled since. */
export async function meetingSides(
  repositories: Repositories,
  item: ReviewItem,
): Promise<readonly [MeetingSide, MeetingSide] | null> {
  const headers = await repositories.observations.findByKeys([item.subject, item.other ?? ''])
  const idOf = (key: string | null): number | null =>
    headers.find((header) => header.key === key)?.meetingId ?? null
  const [left, right] = [idOf(item.subject), idOf(item.other)]
  if (left === null || right === null || left === right) return null
  const open = await repositories.reviews.ofSubjects('meeting', [left, right])
  if (!open.some((one) => keyOf(one) === keyOf(item))) return null
  return [await sideOf(repositories, left), await sideOf(repositories, right)]
}

async function sideOf(repositories: Repositories, id: number): Promise<MeetingSide> {
  const card = (await repositories.cards.load([id]))[0]!
  const headers = await repositories.observations.listByMeetings([id])
  const documents = await repositories.archive.get(
    headers.flatMap(({ documentId }) => documentId ?? []),
  )
  const horses = card.races.flatMap(({ starters }) =>
    starters.map(({ horseName }) => nameKey(horseName)),
  )
  return { card, headers, pages: documents.map(({ url }) => url), horses }
}

const keyOf = ({ code, subject, other }: Pick<ReviewItem, 'code' | 'subject' | 'other'>): string =>
  `${code}|${subject}|${other ?? ''}`
