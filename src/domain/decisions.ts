import { groupBy } from './group-by.ts'
import type { Judgement, Verdict } from './masters.ts'

/** One act of a person: the judgements that a merge, a split or an answer wrote together. */
export interface Decision {
  /** Id of its first judgement: what `undo` is told. */
  readonly number: number
  readonly kind: Judgement['kind']
  /** What was done, in words as they were at the time. */
  readonly words: string
  readonly reason: string | null
  readonly actor: string
  readonly createdAt: string
  readonly retractedAt: string | null
  readonly judgements: readonly Judgement[]
}

/** What one decision is going to write. */
export interface DecisionDraft {
  readonly words: string
  readonly reason: string | null
  readonly judgements: readonly {
    readonly a: string
    readonly b: string
    readonly verdict: Verdict
  }[]
}

/** A judgement's evidence: the words of its decision, and the decision's first judgement. */
export function decisionEvidence(words: string, first: number | null): string {
  return JSON.stringify({ words, decision: first })
}

/** Judgements by the decision that wrote them, oldest decision first. */
export function decisionsOf(judgements: readonly Judgement[]): Decision[] {
  const groups = groupBy(judgements, (judgement) => said(judgement).decision ?? judgement.id)
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([number, own]) => {
      const first = own[0]!
      return {
        number,
        kind: first.kind,
        words: said(first).words ?? `${first.verdict}: ${first.a} and ${first.b}`,
        reason: first.reason,
        actor: first.actor,
        createdAt: first.createdAt,
        retractedAt: own.every((one) => one.retractedAt !== null) ? first.retractedAt : null,
        judgements: own,
      }
    })
}

function said({ evidence }: Judgement): { words?: string; decision?: number } {
  try {
    const { words, decision } = JSON.parse(evidence) as Record<string, unknown>
    return {
      ...(typeof words === 'string' ? { words } : {}),
      ...(typeof decision === 'number' ? { decision } : {}),
    }
  } catch {
    // Evidence of other making; the judgement is a decision of its own then.
    return {}
  }
}
