import type { ParseIssue } from '../../domain/observation.ts'
import type { MatchedCard } from '../../domain/reconcile/matched-card.ts'
import type { CardPlan, DocumentOf, NumberedCard } from '../../domain/reconcile/plan-card.ts'
import { rulingIssueCodes } from '../../domain/rulings/rulings-of-card.ts'
import { storable } from '../../domain/storable.ts'
import type { CardChanges } from '../../repositories/cards.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** A starter may have come from another of these meetings: all go first, then what is to be. */
export function rulingChanges(
  plans: readonly { readonly plan: CardPlan }[],
  numbered: readonly NumberedCard[],
): Pick<CardChanges, 'rulingsOf' | 'rulings'> {
  const changed = numbered.flatMap((card, index) =>
    card.rulingsChanged ? [{ card, before: plans[index]!.plan.before?.rulings ?? [] }] : [],
  )
  const rulings = changed.flatMap(({ card }) => card.rulings)
  const before = changed.flatMap((one) => one.before)
  return { rulings, rulingsOf: [...rulings, ...before].map(({ starterId }) => starterId) }
}

/** Puts on record with their documents what in the stewards' words does not go with the cards. */
export function settleRulingIssues(
  { issues }: Repositories,
  plans: readonly {
    readonly members: readonly ObservationHeader[]
    readonly card: MatchedCard
  }[],
  now: string,
): Promise<ParseIssue[]> {
  const documents = plans.flatMap(({ members }) =>
    members.flatMap(({ source, kind, date, documentId }) =>
      source === 'hrnz_scraper' &&
      documentId !== null &&
      (kind === 'stewards' || kind === 'results')
        ? [{ documentId, source, date }]
        : [],
    ),
  )
  const told = plans.flatMap(({ members, card }) => {
    const documentOf = documentsOf(members)
    return (card.rulingIssues ?? []).flatMap(({ toldBy, issue }) => {
      const documentId = documentOf(toldBy)
      return documentId === null ? [] : [{ documentId, issue }]
    })
  })
  return issues.settle(rulingIssueCodes, documents, storable(told), now)
}

/** Where each observation of a meeting was archived. */
export const documentsOf =
  (members: readonly ObservationHeader[]): DocumentOf =>
  ({ key, kind }) =>
    members.find((member) => member.key === key && member.kind === kind)?.documentId ?? null
