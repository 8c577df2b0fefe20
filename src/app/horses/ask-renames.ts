import { Cluster } from '../../domain/horses/cluster.ts'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import { isAnswered, questionKeys, sideOf } from '../../domain/horses/horse-changes.ts'
import { possibleRenames } from '../../domain/horses/possible-renames.ts'
import { spelledApart } from '../../domain/horses/spelled-apart.ts'
import { findVeto } from '../../domain/horses/vetoes.ts'
import { groupBy } from '../../domain/group-by.ts'
import type { HorseRow, Judgement, ReviewItem } from '../../domain/masters.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** Two horses that may be one under two names. */
interface Pair {
  readonly before: HorseRow
  readonly after: HorseRow
  readonly because: 'renamed' | 'spaces'
}

interface Side {
  readonly horse: HorseRow
  readonly cluster: Cluster
}

/**
 * Asks about horses that may be one under two names. They share no name and no identifier, so no
 * neighbourhood holds both: this looks over all horses at once, when horses are matched. Returns how
 * many questions are new.
 */
export async function askRenames(
  repositories: Repositories,
  judgements: readonly Judgement[],
): Promise<number> {
  const { form, horses, reviews } = repositories
  const apart = await pairsSpelledApart(repositories)
  const asked = new Set(apart.map(pairKey))
  const renames = possibleRenames(await form.withDamAndFoaling())
    .map((pair): Pair => ({ ...pair, because: 'renamed' }))
    .filter((pair) => !asked.has(pairKey(pair)))
  const pairs = [...apart, ...renames]
  const ids = [...new Set(pairs.flatMap(({ before, after }) => [before.id, after.id]))]
  const links = groupBy(await horses.linksOfHorses(ids), ({ horseId }) => horseId)
  const items = pairs.flatMap(({ because, ...pair }): ReviewItem[] => {
    const sides = [pair.before, pair.after].map((horse) => ({
      horse,
      cluster: Cluster.of(links.get(horse.id) ?? []),
    }))
    // Neither comes before the other: the question must not depend on which was read first.
    if (because === 'spaces') sides.sort((a, b) => (a.cluster.anchor < b.cluster.anchor ? -1 : 1))
    const [{ horse: before, cluster: subject }, { horse: after, cluster: other }] = sides as [
      Side,
      Side,
    ]
    // Two values of one scheme are two horses: an identifier does not change with the name.
    if (findVeto(subject, other, { soft: true }) !== undefined) return []
    const item: ReviewItem = {
      kind: 'horse',
      code: 'masters-may-be-one',
      ...questionKeys(subject, other),
      subjectId: before.id,
      otherId: after.id,
      question:
        because === 'renamed'
          ? `${describeHorse(before)} stopped racing before ${after.name}, of the same dam and year, began. One horse, renamed?`
          : `${describeHorse(before)} and ${describeHorse(after)} differ in the spaces of their names. One horse?`,
      evidence: JSON.stringify({
        veto: null,
        because,
        subject: sideOf(subject),
        other: sideOf(other),
      }),
      priority: before.raceCount + after.raceCount,
    }
    return isAnswered(item, judgements) ? [] : [item]
  })
  const known = await reviews.replaceCode('horse', 'masters-may-be-one', items)
  return items.length - known
}

const pairKey = ({ before, after }: Pair): string =>
  before.id < after.id ? `${before.id} ${after.id}` : `${after.id} ${before.id}`

async function pairsSpelledApart({ form, horses }: Repositories): Promise<Pair[]> {
  const pairs = spelledApart(await form.allNames())
  const rows = await horses.load([...new Set(pairs.flat())])
  const rowOf = new Map(rows.map((horse) => [horse.id, horse]))
  return pairs.map(([one, other]) => ({
    before: rowOf.get(one)!,
    after: rowOf.get(other)!,
    because: 'spaces',
  }))
}
