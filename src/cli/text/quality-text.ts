import type { QualityMetric } from '../../domain/quality/quality-metrics.ts'
import type { QualityFinding } from '../../repositories/reports.ts'
import { type Column, type Format, renderPairs, renderRows, type Row } from './render.ts'

const metricColumns: readonly Column[] = [
  { key: 'status', title: 'STATUS' },
  { key: 'id', title: 'RULE' },
  { key: 'scope', title: 'SCOPE' },
  { key: 'numerator', title: 'FOUND', align: 'right' },
  { key: 'denominator', title: 'OF', align: 'right' },
  { key: 'notYet', title: 'NOT YET', align: 'right' },
  { key: 'next', title: 'NEXT' },
]

/** The metrics; in a table the commands stand below it, each whole. */
export async function metricsText(
  metrics: readonly QualityMetric[],
  format: Format,
): Promise<string> {
  const rows = metrics.map((metric) => ({
    ...metric,
    next: metric.status === 'ok' ? '' : metric.next,
  }))
  if (format !== 'table') return await renderRows(rows, metricColumns, format)
  const isBroken = metrics.some(({ scope }) => scope !== 'all')
  const shown = metricColumns.filter(({ key }) => key !== 'next' && (key !== 'scope' || isBroken))
  const next = rows
    .filter(({ scope, status }) => scope === 'all' && status !== 'ok')
    .map((metric) => [metric.id, metric.next] as const)
  const why = rows
    .filter(({ reasons }) => reasons !== undefined)
    .map(({ id, reasons = {} }) => [id, reasonsText(reasons)] as const)
    .filter(([, text]) => text !== '')
  return [
    await renderRows(rows, shown, format),
    ...(why.length === 0 ? [] : [`\nWhy\n${renderPairs(why)}`]),
    ...(next.length === 0 ? [] : [`\nWhat to do next\n${renderPairs(next)}`]),
  ].join('')
}

/** The most frequent ones; --json has them all. */
function reasonsText(reasons: Readonly<Record<string, number>>): string {
  const found = Object.entries(reasons)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
  const rest = found.slice(mostReasons).reduce((sum, [, count]) => sum + count, 0)
  return [...found.slice(0, mostReasons), ...(rest === 0 ? [] : [['other', rest] as const])]
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')
}

const mostReasons = 3

const findingColumns: readonly Column[] = [
  { key: 'date', title: 'DATE' },
  { key: 'venue', title: 'VENUE' },
  { key: 'meeting', title: 'MEETING', align: 'right' },
  { key: 'race', title: 'RACE', align: 'right' },
  { key: 'number', title: 'NO', align: 'right' },
  { key: 'name', title: 'NAME' },
  { key: 'start', title: 'START', align: 'right' },
  { key: 'horse', title: 'HORSE', align: 'right' },
  { key: 'detail', title: 'WHAT', wraps: true },
]

/** What a rule found; a table leaves out the columns that no row has anything in. */
export async function findingsText(
  {
    findings,
    next,
  }: { readonly findings: readonly QualityFinding[]; readonly next: string | null },
  format: Format,
): Promise<string> {
  if (format !== 'table' || next === null)
    return await renderRows(rowsOf(findings), findingColumns, format)
  const told = ({ key }: Column) =>
    findings.some((finding) => (finding[key as keyof QualityFinding] ?? '') !== '')
  const table = await renderRows(rowsOf(findings), findingColumns.filter(told), format)
  return `${table}\nWhat to do next\n${next}\n`
}

const rowsOf = (findings: readonly QualityFinding[]): Row[] =>
  findings.map((finding) => ({ ...finding }))
