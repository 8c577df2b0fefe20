import { type Decision, type DecisionDraft, decisionEvidence } from '../../domain/decisions.ts'
import { sourceKeysOf } from '../../domain/horses/cluster.ts'
import type { LinkRow } from '../../domain/masters.ts'
import { identifierKey } from '../../domain/names.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { linkHorses, loadNeighbourhood } from './link-horses.ts'

/** Starts that went from one horse to another. */
export interface Move {
  readonly from: number
  readonly to: number
  readonly name: string
  readonly starts: number
}

export interface DecisionOutcome {
  readonly number: number
  readonly words: string
  readonly moves: readonly Move[]
  /** Starter id → horse id after it, of every start that hangs together with the decision. */
  readonly horseOf: ReadonlyMap<number, number>
}

/** Writes a decision and links anew what it speaks of. */
export async function decideHorses(
  repositories: Repositories,
  draft: DecisionDraft,
  by: { readonly actor: string; readonly now: string; readonly createdAt?: string },
): Promise<DecisionOutcome> {
  let first: number | null = null
  for (const judgement of draft.judgements) {
    const id = await repositories.judgements.add({
      ...judgement,
      kind: 'horse',
      reason: draft.reason,
      actor: by.actor,
      createdAt: by.createdAt ?? by.now,
      evidence: decisionEvidence(draft.words, first),
    })
    first ??= id
  }
  const keys = draft.judgements.flatMap(({ a, b }) => [a, b])
  return { number: first!, words: draft.words, ...(await relinked(repositories, keys, by.now)) }
}

/** Takes a decision back and links anew what it spoke of. */
export async function retractDecision(
  repositories: Repositories,
  decision: Decision,
  all: readonly Decision[],
  now: string,
): Promise<DecisionOutcome & { readonly dependents: readonly Decision[] }> {
  const keys = decision.judgements.flatMap(({ a, b }) => [a, b])
  const around = await neighbours(repositories, keys)
  const known = new Set([...around.values()].flatMap(keysOf))
  const dependents = all.filter(
    (other) =>
      other.number > decision.number &&
      other.retractedAt === null &&
      other.judgements.some(({ a, b }) => known.has(a) || known.has(b)),
  )
  await repositories.judgements.retract(
    decision.judgements.map(({ id }) => id),
    now,
  )
  return {
    number: decision.number,
    words: decision.words,
    dependents,
    ...(await relinked(repositories, keys, now, around)),
  }
}

/** Links anew what hangs together with the keys; tells what moved. */
export async function relinked(
  repositories: Repositories,
  keys: readonly string[],
  now: string,
  before?: ReadonlyMap<number, LinkRow>,
): Promise<Pick<DecisionOutcome, 'moves' | 'horseOf'>> {
  const around = before ?? (await neighbours(repositories, keys))
  await linkHorses(repositories, { starters: [], deleted: [], keys }, now)
  const after = await repositories.horses.linksOfStarters([...around.keys()])
  const moves = new Map<string, { from: number; to: number; name: string; starts: number }>()
  for (const link of after) {
    const from = around.get(link.starterId)!.horseId
    if (from === link.horseId) continue
    const key = `${from}|${link.horseId}`
    const known = moves.get(key)
    if (known !== undefined) known.starts++
    else moves.set(key, { from, to: link.horseId, name: link.name, starts: 1 })
  }
  return {
    moves: [...moves.values()],
    horseOf: new Map(after.map((link) => [link.starterId, link.horseId])),
  }
}

async function neighbours(
  repositories: Repositories,
  keys: readonly string[],
): Promise<Map<number, LinkRow>> {
  const judgements = await repositories.judgements.active('horse')
  return loadNeighbourhood(repositories, [], keys, judgements)
}

function keysOf(link: LinkRow): string[] {
  const ids = Object.entries(link.ids).map(([scheme, value]) =>
    identifierKey({ scheme: scheme as keyof LinkRow['ids'], value }),
  )
  return [...sourceKeysOf(link), ...ids]
}
