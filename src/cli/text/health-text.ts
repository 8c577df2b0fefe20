import type { HealthRow } from '../../app/report/report-health.ts'
import { type Column, renderRows, type Row } from './render.ts'
import { megabytes } from '../../domain/megabytes.ts'

/** `report health` for a person at 80 columns: a table for each kind of line, with its own columns. */
export async function healthText(rows: readonly HealthRow[]): Promise<string> {
  const of = (...topics: HealthRow['topic'][]): Row[] =>
    rows.filter(({ topic }) => topics.includes(topic)).map((row) => ({ ...row }))
  const sized = rows
    .filter(({ topic }) => topic === 'database')
    .map(({ subject, bytes, note }) => ({ subject, size: size(bytes), note }))
  const grown = rows
    .filter(({ topic }) => topic === 'growth')
    .map(({ day, count, bytes }) => ({ day, count, size: size(bytes) }))
  const tables = [
    await renderRows(of('alert', 'source', 'issues', 'queue', 'missed'), told, 'table'),
    await renderRows(of('requests'), asked, 'table'),
    await renderRows(grown, growth, 'table'),
    await renderRows(sized, room, 'table'),
  ]
  return tables.filter((table) => table !== '').join('\n')
}

const size = (bytes: number | null): string => (bytes === null ? '' : megabytes(bytes))

const figures = (...columns: readonly (readonly [key: string, title: string])[]): Column[] =>
  columns.map(([key, title]) => ({ key, title, align: 'right' }))

const note: Column = { key: 'note', title: 'NOTE', wraps: true }
const told: readonly Column[] = [
  { key: 'topic', title: 'TOPIC' },
  { key: 'subject', title: 'SUBJECT' },
  ...figures(['count', 'COUNT'], ['failed', 'FAILED']),
  note,
]
const asked: readonly Column[] = [
  { key: 'subject', title: 'REQUESTS TO' },
  { key: 'day', title: 'DAY' },
  ...figures(['count', 'COUNT'], ['failed', 'FAILED'], ['p50_ms', 'P50 MS'], ['p95_ms', 'P95 MS']),
  note,
]
const growth: readonly Column[] = [
  { key: 'day', title: 'GROWTH ON' },
  ...figures(['count', 'DOCUMENTS'], ['size', 'AS SENT']),
]
const room: readonly Column[] = [
  { key: 'subject', title: 'DATABASE' },
  ...figures(['size', 'SIZE']),
  note,
]
