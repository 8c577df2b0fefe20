import { compareSources, type FieldAgreement } from '../../domain/reconcile/compare-sources.ts'
import { type MatchedCard, matchCard } from '../../domain/reconcile/matched-card.ts'
import type { CareFinding } from '../../repositories/care.ts'
import type { ObservationRepository } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** Keeps how far the sources agree on these meetings; what is the same as before is not written. */
export async function writeAgreement(
  observations: ObservationRepository,
  cards: ReadonlyMap<number, MatchedCard>,
): Promise<void> {
  const before = await observations.agreement([...cards.keys()])
  const changed = new Map<number, readonly FieldAgreement[]>()
  for (const [id, card] of cards) {
    const agreement = compareSources(card)
    if (!isSame(before.get(id) ?? [], agreement)) changed.set(id, agreement)
  }
  await observations.saveAgreement(changed)
}

/** Meetings whose kept counts are not what their sources say; null where there is none. */
export async function checkAgreement({
  observations,
  cards,
}: Repositories): Promise<CareFinding | null> {
  const meetings = await cards.list()
  const wrong: string[] = []
  // Trees are large: those of all years at once would be gigabytes.
  for (let from = 0; from < meetings.length; from += meetingsAtOnce) {
    const ids = meetings.slice(from, from + meetingsAtOnce).map(({ id }) => id)
    const headers = await observations.listByMeetings(ids)
    const kept = await observations.agreement(ids)
    const told = ids.filter((id) => {
      const own = headers.filter(({ meetingId }) => meetingId === id)
      return kept.has(id) || new Set(own.map(({ source }) => source)).size > 1
    })
    const trees = await observations.loadTrees(
      headers.flatMap(({ id, meetingId }) => (told.includes(meetingId ?? 0) ? [id] : [])),
    )
    for (const id of told) {
      const said = headers.flatMap((header) =>
        header.meetingId === id ? (trees.get(header.id) ?? []) : [],
      )
      if (!isSame(kept.get(id) ?? [], compareSources(matchCard(said)))) wrong.push(String(id))
    }
  }
  return wrong.length === 0
    ? null
    : {
        check: 'source-agreement',
        message: 'meetings are kept with other differences between the sources than there are',
        count: wrong.length,
        examples: wrong.slice(0, 5),
        next: 'decide again: `harness reconcile`',
      }
}

const meetingsAtOnce = 50

function isSame(a: readonly FieldAgreement[], b: readonly FieldAgreement[]): boolean {
  const text = (rows: readonly FieldAgreement[]) =>
    rows
      .map(({ field, told, differ }) => `${field} ${told} ${differ}`)
      .sort()
      .join()
  return text(a) === text(b)
}
