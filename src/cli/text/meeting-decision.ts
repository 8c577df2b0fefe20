import type { WriteCounts } from '../../app/counts.ts'
import type { Finished } from '../command/write-summary.ts'

/** How a decision about meetings, a correction or a change of aliases ends. */
export function meetingDecisionFinished(
  outcome: {
    readonly number?: number
    readonly words: string
    readonly counts: WriteCounts
    readonly dates?: number
    readonly learned?: { readonly text: string; readonly venue: string } | null
  },
  how: { readonly dryRun: boolean; readonly undone?: boolean },
): Finished {
  const { number, words, counts, dates, learned } = outcome
  const again =
    dates === undefined ? '' : `; ${dates} racing ${dates === 1 ? 'date' : 'dates'} decided anew`
  const taught = learned == null ? '' : `; learned that ${learned.text} is ${learned.venue}`
  const said =
    how.undone === true
      ? `decision ${number} ${how.dryRun ? 'would be' : 'is'} taken back: ${words}`
      : how.dryRun
        ? `would do: ${words}`
        : number === undefined
          ? words
          : `decision ${number}: ${words}`
  const undo =
    how.dryRun || how.undone === true || number === undefined
      ? ''
      : `; \`harness reconcile undo ${number}\` takes it back`
  return {
    counts,
    warnings: [],
    partial: false,
    outcome: `${said}${again}${taught}${undo}`,
    json: {
      counts,
      warnings: [],
      dryRun: how.dryRun,
      decision: { number: how.dryRun ? null : (number ?? null), words },
      dates: dates ?? null,
      learned: learned ?? null,
    },
  }
}
