import { isoInstant } from '../../domain/dates.ts'
import type { DecisionDraft } from '../../domain/decisions.ts'
import { Cluster } from '../../domain/horses/cluster.ts'
import { questionKeys } from '../../domain/horses/horse-changes.ts'
import { planHorses } from '../../domain/horses/plan-horses.ts'
import { separate, unite } from '../../domain/horses/separate.ts'
import type { ReviewItem } from '../../domain/masters.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { clusterOf } from './horse-clusters.ts'
import { loadNeighbourhood } from './link-horses.ts'
import type { AppDeps } from '../ports.ts'
import { decideHorses, type DecisionOutcome } from './write-decision.ts'

/** The two sides of a question, as linking sees them now. */
export interface QuestionSides {
  readonly subject: Cluster
  readonly other: Cluster
}

/** Open questions about horses that are not put off, those with most starts behind them first. */
export async function openHorseQuestions(deps: AppDeps): Promise<ReviewItem[]> {
  const now = isoInstant(deps.clock.now())
  return deps.unitOfWork.read(async ({ reviews }) => {
    const snoozed = new Set((await reviews.snoozed('horse', now)).map(keyOf))
    return (await reviews.list({ kind: 'horse' })).filter((item) => !snoozed.has(keyOf(item)))
  })
}

/** What a question is about; null when it has been settled since. */
export async function questionSides(
  repositories: Repositories,
  item: ReviewItem,
): Promise<QuestionSides | null> {
  const open = await repositories.reviews.ofSubjects('horse', [item.subjectId])
  if (!open.some((one) => keyOf(one) === keyOf(item))) return null
  const { code, otherId } = item
  if (code === 'masters-may-be-one') {
    return otherId === null
      ? null
      : {
          subject: await clusterOf(repositories, item.subjectId),
          other: await clusterOf(repositories, otherId),
        }
  }
  const judgements = await repositories.judgements.active('horse')
  const keys = item.other === null ? [item.subject] : [item.subject, item.other]
  const links = [...(await loadNeighbourhood(repositories, [], keys, judgements)).values()]
  const { questions } = planHorses({ starters: links, links, judgements, redirects: [] })
  for (const question of questions) {
    if (question.code !== code) continue
    if (question.code === 'name-changed') {
      if (question.from.sourceKey !== item.subject) continue
      const { cluster, to } = question
      const after = cluster.starters.filter(({ nameKey }) => nameKey === to.nameKey)
      const before = cluster.starters.filter(({ nameKey }) => nameKey !== to.nameKey)
      const idsOf = (starter: (typeof after)[number]) => cluster.idsOf(starter)
      return { subject: Cluster.of(before, idsOf), other: Cluster.of(after, idsOf) }
    }
    const { subject, other } = questionKeys(question.subject, question.other)
    if (subject === item.subject && other === item.other) return question
  }
  return null
}

/** Questions that rest on the same evidence look alike: same reason, same veto, same things known. */
export function evidencePattern(item: ReviewItem): string {
  const evidence = JSON.parse(item.evidence) as Record<string, unknown>
  const known = (side: unknown): string =>
    side === null || typeof side !== 'object'
      ? ''
      : Object.entries(side)
          .filter(([key]) => ['sires', 'dams', 'foaled', 'ids'].includes(key))
          .map(([key, value]) => `${key}:${Object.keys(value as object).length > 0}`)
          .join(',')
  return [item.code, evidence['veto'], known(evidence['subject']), known(evidence['other'])].join(
    '|',
  )
}

export type HorseAnswer = 'same' | 'different' | 'unsure'

/** Writes one answer to one or more questions: one decision, which one undo takes back. */
export async function answerQuestions(
  deps: AppDeps,
  request: {
    readonly items: readonly ReviewItem[]
    readonly answer: HorseAnswer
    readonly actor: string
    readonly reason: string | null
  },
): Promise<DecisionOutcome | null> {
  const now = isoInstant(deps.clock.now())
  return deps.unitOfWork.run(async (repositories) => {
    const judgements: DecisionDraft['judgements'][number][] = []
    const names: string[] = []
    for (const item of request.items) {
      const sides = await questionSides(repositories, item)
      if (sides === null) continue
      judgements.push(...verdicts(item, sides, request.answer))
      names.push(sides.subject.starters[0]!.name)
    }
    if (judgements.length === 0) return null
    const { answer, actor, reason } = request
    const more = names.length > 1 ? ` and ${names.length - 1} more` : ''
    const words = `${answer}: ${names[0]}${more} (${request.items[0]!.code})`
    return decideHorses(repositories, { words, reason, judgements }, { actor, now })
  })
}

function verdicts(
  item: ReviewItem,
  { subject, other }: QuestionSides,
  answer: HorseAnswer,
): DecisionDraft['judgements'] {
  const asked = { a: item.other ?? item.subject, b: item.subject }
  if (answer === 'unsure') return [{ ...asked, verdict: answer }]
  if (answer === 'same') return unite(other, asked.a, subject, asked.b)
  // What a name alone brought stands on the other side; elsewhere it is the start in question.
  const [part, rest] = item.code === 'possible-duplicate' ? [subject, other] : [other, subject]
  const bind = ['name-only', 'id-conflict', 'name-changed'].includes(item.code)
  const pairs = separate(part, rest, { bind })
  const said = pairs.some(
    ({ a, b }) => (a === asked.a && b === asked.b) || (a === asked.b && b === asked.a),
  )
  if (said) return pairs
  const whole = part === other ? asked : { a: asked.b, b: asked.a }
  return [...pairs, { ...whole, verdict: 'different' }]
}

const keyOf = ({ code, subject, other }: Pick<ReviewItem, 'code' | 'subject' | 'other'>): string =>
  `${code}|${subject}|${other ?? ''}`
