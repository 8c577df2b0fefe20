import { Cluster } from '../domain/horses/cluster.ts'
import { describeHorse } from '../domain/horses/describe-horse.ts'
import { isAnswered, questionKeys, sideOf } from '../domain/horses/horse-changes.ts'
import { possibleRenames } from '../domain/horses/possible-renames.ts'
import { findVeto } from '../domain/horses/vetoes.ts'
import { groupBy } from '../domain/group-by.ts'
import type { Judgement, ReviewItem } from '../domain/masters.ts'
import type { Repositories } from '../repositories/repositories.ts'

/**
 * Asks about horses that may be one under two names. They share no name and no identifier, so no
 * neighbourhood holds both: this looks over all horses at once, when horses are matched. Returns how
 * many questions are new.
 */
export async function askRenames(
  { form, horses, reviews }: Repositories,
  judgements: readonly Judgement[],
): Promise<number> {
  const pairs = possibleRenames(await form.withDamAndFoaling())
  const ids = [...new Set(pairs.flatMap(({ before, after }) => [before.id, after.id]))]
  const links = groupBy(await horses.linksOfHorses(ids), ({ horseId }) => horseId)
  const items = pairs.flatMap(({ before, after }): ReviewItem[] => {
    const [subject, other] = [
      Cluster.of(links.get(before.id) ?? []),
      Cluster.of(links.get(after.id) ?? []),
    ]
    // Two values of one scheme are two horses: an identifier does not change with the name.
    if (findVeto(subject, other, { soft: true }) !== undefined) return []
    const item: ReviewItem = {
      kind: 'horse',
      code: 'masters-may-be-one',
      ...questionKeys(subject, other),
      subjectId: before.id,
      otherId: after.id,
      question: `${describeHorse(before)} stopped racing before ${after.name}, of the same dam and year, began. One horse, renamed?`,
      evidence: JSON.stringify({ veto: null, subject: sideOf(subject), other: sideOf(other) }),
      priority: before.raceCount + after.raceCount,
    }
    return isAnswered(item, judgements) ? [] : [item]
  })
  const known = await reviews.replaceCode('horse', 'masters-may-be-one', items)
  return items.length - known
}
