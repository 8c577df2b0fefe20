import { counted } from '../../domain/counted.ts'
import type { ArchivedRows, previewArchive } from '../../app/care/archive-history.ts'
import type { Room } from '../command/give-back-room.ts'
import { megabytes } from '../../domain/megabytes.ts'
import type { Finished } from '../command/write-summary.ts'

/** What `db archive` did. */
export function archivedSummary(
  before: string,
  { file, warnings, ...moved }: ArchivedRows,
  { freedBytes, text }: Room,
): Finished {
  const { documents, bytes, prices } = moved
  return {
    counts: { ...moved, freedBytes },
    json: { file, before, ...moved, freedBytes, warnings },
    warnings,
    partial: warnings.length > 0,
    outcome:
      documents + prices === 0
        ? `nothing to do: nothing of before ${before} is left to move${text}`
        : `${counted(documents, 'document')} (${megabytes(bytes)}) and ${counted(prices, 'price')} of before ${before} are in ${file}, read back and found the same${text}`,
  }
}

export function previewSummary(
  before: string,
  { file, open, ...rows }: Awaited<ReturnType<typeof previewArchive>>,
): Finished {
  const { documents, bytes, prices } = rows
  const stay = open === 0 ? '' : `; ${open} documents stay: their pages are still read`
  return {
    counts: {},
    json: { dryRun: true, file, before, ...rows, open },
    warnings: [],
    partial: false,
    outcome: `would move ${counted(documents, 'document')} (${megabytes(bytes)}) and ${counted(prices, 'price')} of before ${before} to ${file}${stay}; nothing was changed`,
  }
}
