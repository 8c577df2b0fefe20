import type { Warning, WriteCounts, WriteResult } from '../../app/counts.ts'
import type { HarnessError } from '../../errors.ts'
import { renderRows, type Row } from '../text/render.ts'

/**
 * How a writing command ended. A use case's WriteResult is one as it is; commands with counts of
 * their own give `lines` and `json` as well.
 */
export interface Finished extends Omit<WriteResult, 'counts'> {
  readonly counts: WriteCounts | Readonly<Record<string, unknown>>
  /** Lines for a person, in place of the table of counts. */
  readonly lines?: readonly string[]
  /** Stdout has had its lines already; the sentence that says what was done goes to stderr. */
  readonly streamed?: boolean
  /** In place of `{run, counts, warnings}` under --json; `run` is added to it. */
  readonly json?: Readonly<Record<string, unknown>>
  /** What ended the work early: its exit code wins, the counts are printed all the same. */
  readonly stopped?: HarnessError
}

const kinds = ['meetings', 'races', 'starters'] as const
const columns = ['created', 'updated', 'unchanged', 'merged', 'skipped', 'failed'] as const

/** What was done, as a person reads it: the counts, then the sentence that says why. */
export async function writeSummary(finished: Finished): Promise<string> {
  const counts = finished.counts
  const body =
    finished.lines === undefined
      ? isWriteCounts(counts)
        ? await countLines(counts)
        : ''
      : finished.lines.map((line) => `${line}\n`).join('')
  return `${body}${finished.outcome}\n`
}

/** Warnings as lines; the same code is shown a few times only, the rest is counted. */
export function warningLines(warnings: readonly Warning[], most = 5): string[] {
  const codes = [...new Set(warnings.map((warning) => warning.code))]
  const groups = codes.map((code) => warnings.filter((warning) => warning.code === code))
  return groups.flatMap((group) => {
    const shown = group
      .slice(0, most)
      .map(({ code, subject, message }) => `warning: ${subject}: ${message} [${code}]`)
    const left = group.length - shown.length
    return left > 0
      ? [...shown, `warning: ${left} more [${group[0]?.code}]; --json lists all`]
      : shown
  })
}

async function countLines(counts: WriteCounts): Promise<string> {
  const rows: Row[] = kinds.map((kind) => ({ kind, ...counts[kind] }))
  const table = await renderRows(
    rows,
    [
      { key: 'kind', title: '' },
      ...columns.map((key) => ({ key, title: key, align: 'right' as const })),
    ],
    'table',
  )
  const { created, linked, review } = counts.horses
  const requests = Object.entries(counts.requests).filter(([, count]) => count > 0)
  const sent = requests.map(([outcome, count]) => `${count} ${outcome}`).join(', ')
  // Scripts and eyes look for the same lines after every write, a table of noughts included.
  return `${table}horses: ${created} created, ${linked} starts linked, ${review} to review\n${
    sent === '' ? '' : `requests: ${sent}\n`
  }`
}

function isWriteCounts(counts: Finished['counts']): counts is WriteCounts {
  return kinds.every((kind) => typeof counts[kind] === 'object') && 'horses' in counts
}
