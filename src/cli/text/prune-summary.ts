import type { PruneCounts } from '../../app/care/prune-database.ts'
import type { Room } from '../command/give-back-room.ts'
import { megabytes } from '../../domain/megabytes.ts'
import type { Finished } from '../command/write-summary.ts'

/** What `db prune` removed, or would remove, and what it leaves alone. */
export function prunedSummary(
  counts: PruneCounts,
  { days, dryRun }: { readonly days: number; readonly dryRun: boolean },
  { freedBytes, text }: Room,
): Finished {
  const { readings, lists, bytes, runs, requestTimes } = counts
  const total = readings + lists + runs + requestTimes
  const lines = [
    `${readings} readings of pages of meetings: the next reading says the same`,
    `${lists} lists: a later one is there`,
    `${runs} runs: the latest of each command and exit code stays`,
    `${requestTimes} counts of response times`,
    'never: what TAB said, the latest reading of a page, what is in an archive, decisions',
  ]
  const outcome =
    total === 0
      ? `nothing to do: nothing older than ${days} days can be done without`
      : dryRun
        ? `would remove this much of what is older than ${days} days, ${megabytes(bytes)} of bodies; nothing was changed`
        : `removed what is older than ${days} days, ${megabytes(bytes)} of bodies${text}`
  return {
    counts: { ...counts, freedBytes },
    json: { dryRun, days, ...counts, freedBytes },
    lines,
    warnings: [],
    partial: false,
    outcome,
  }
}
