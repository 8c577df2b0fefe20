import type { HarnessError } from '../../errors.ts'
import { addCounts, noCounts, type WriteResult } from '../counts.ts'

/** Several pieces of one run as one result; what ended the first that was ended, ended them all. */
export function sumResults(
  results: readonly (WriteResult & { readonly stopped?: HarnessError })[],
): WriteResult & { readonly stopped?: HarnessError } {
  const counts = noCounts()
  for (const result of results) addCounts(counts, result.counts)
  const stopped = results.find((result) => result.stopped !== undefined)?.stopped
  return {
    counts,
    warnings: results.flatMap(({ warnings }) => warnings),
    partial: results.some(({ partial }) => partial),
    outcome: results.map(({ outcome }) => outcome).join('; '),
    ...(stopped === undefined ? {} : { stopped }),
  }
}
