import type { DecisionOutcome } from '../../app/horses/write-decision.ts'
import { noCounts } from '../../app/counts.ts'
import type { Finished } from '../command/write-summary.ts'

/** Who decides, as judgements record it. */
export function actorName(env: NodeJS.ProcessEnv = process.env): string {
  return (env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? 'user').slice(0, 60)
}

/** A decision's outcome as a writing command ends: what moved, then what to do about it. */
export function decisionFinished(
  outcome: DecisionOutcome,
  how: { readonly dryRun: boolean; readonly undone?: boolean; readonly lines?: readonly string[] },
): Finished {
  const { number, words, moves } = outcome
  const moved = moves.map(
    ({ from, to, name, starts }) =>
      `${how.dryRun ? 'would move' : 'moved'} ${starts} ${starts === 1 ? 'start' : 'starts'} of ${name} from horse ${from} to horse ${to}`,
  )
  const counts = noCounts()
  counts.starters.updated = moves.reduce((sum, move) => sum + move.starts, 0)
  const next = how.undone
    ? `decision ${number} ${how.dryRun ? 'would be taken back' : 'taken back'}: ${words}`
    : how.dryRun
      ? `would decide: ${words}`
      : `decision ${number}: ${words}; \`harness horses undo ${number}\` takes it back`
  return {
    counts,
    warnings: [],
    partial: false,
    outcome: next,
    lines: [...(how.lines ?? []), ...(moved.length === 0 ? ['no start moves'] : moved)],
    json: {
      counts,
      warnings: [],
      dryRun: how.dryRun,
      decision: { number: how.dryRun && !how.undone ? null : number, words },
      moves,
    },
  }
}
