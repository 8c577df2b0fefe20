import { safeJson, safeLine } from './safe-text.ts'
import { wrap } from './wrap.ts'

export const formats = ['table', 'json', 'ndjson', 'csv'] as const
export type Format = (typeof formats)[number]

export type Row = Readonly<Record<string, unknown>>

/** One column of a listing. `key` is the field in JSON and the head in CSV. */
export interface Column {
  readonly key: string
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Goes on in further lines where it would be cut: the text that the row is read for. */
  readonly wraps?: true
}

/** A listing as text that ends in a line feed; empty text when there is nothing to show. */
export async function renderRows(
  rows: readonly Row[],
  columns: readonly Column[],
  format: Format,
  width = terminalWidth(),
): Promise<string> {
  switch (format) {
    case 'json':
      return `${safeJson(rows, 2)}\n`
    case 'ndjson':
      return rows.map((row) => `${safeJson(row)}\n`).join('')
    case 'csv':
      return csv(rows, columns)
    case 'table':
      return rows.length === 0 ? '' : await table(rows, columns, width)
  }
}

/** Columns of the terminal; 80 where there is none, so that a mail from cron can be read. */
export function terminalWidth(env: NodeJS.ProcessEnv = process.env): number {
  const told = Number(env['COLUMNS'])
  if (Number.isInteger(told) && told >= 20 && told <= 1000) return told
  return process.stdout.isTTY ? Math.max(process.stdout.columns ?? 80, 20) : 80
}

/** Name and value, one pair a line, values in one column. */
export function renderPairs(pairs: readonly (readonly [string, unknown])[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}\n`).join('')
}

async function table(
  rows: readonly Row[],
  columns: readonly Column[],
  width: number,
): Promise<string> {
  // Loaded only when a table is drawn: JSON and CSV do not wait for it.
  const { default: Table } = await import('cli-table3')
  const cells = rows.map((row) => columns.map((column) => cellText(row[column.key])))
  const natural = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => [...(line[index] ?? '')].length)),
  )
  const isWhole = columns.map((_, index) => cells.every((line) => isFigure(line[index] ?? '')))
  const sizes = fitted(natural, isWhole, width - columns.length * gap)
  const grid = new Table({
    head: columns.map((column) => column.title),
    colWidths: sizes.map((size) => size + gap),
    colAligns: columns.map((column) => column.align ?? 'left'),
    chars: bareRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
  })
  grid.push(
    ...cells.map((line) =>
      line.map((text, index) =>
        columns[index]?.wraps === true ? wrapped(text, sizes[index] ?? 0) : text,
      ),
    ),
  )
  return `${grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

const wrapped = (text: string, width: number): string =>
  wrap(text, width)
    .map((line) => line.trimEnd())
    .join('\n')

const gap = 2
const bareRules = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
    ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
)

/** A number, a date, a time: half of it says something else, so it is cut last. */
const isFigure = (text: string): boolean => /^[\d\s.,:%+-]{0,20}$/.test(text)

/**
 * Takes what is too much from the widest columns, a letter at a time; none below four. Columns of
 * figures stay whole as long as there is text to cut.
 */
function fitted(natural: readonly number[], isWhole: readonly boolean[], room: number): number[] {
  const sizes = [...natural]
  let excess = sizes.reduce((sum, size) => sum + size, 0) - room
  for (const whole of [false, true]) {
    while (excess > 0) {
      const widest = Math.max(0, ...sizes.filter((_, index) => isWhole[index] === whole))
      if (widest <= 4) break
      sizes[sizes.findIndex((size, index) => size === widest && isWhole[index] === whole)]! -= 1
      excess -= 1
    }
  }
  return sizes
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return safeLine(typeof value === 'object' ? safeJson(value) : String(value))
}

function csv(rows: readonly Row[], columns: readonly Column[]): string {
  const lines = [
    columns.map((column) => column.key),
    ...rows.map((row) => columns.map(({ key }) => row[key])),
  ]
  return lines.map((line) => `${line.map(csvField).join(',')}\n`).join('')
}

/**
 * One field. A spreadsheet runs a text that begins with `=`, `+`, `-` or `@` as a formula, some also
 * their full-width letters: such a text gets a quote mark in front. One that has quote marks there
 * already gets one more, so that whoever takes one away reads what was said. Numbers are left as
 * they are.
 */
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  // Judged as it will stand there: what is stripped in front must not lay bare an equals sign.
  const bare = safeLine(typeof value === 'object' ? safeJson(value) : String(value))
  const risky = /^'*[=+\-@＝＋－＠]/.test(bare) && !/^[+-]?\d{1,20}(\.\d{1,20})?$/.test(bare)
  const text = risky ? `'${bare}` : bare
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * One line of `count` fields. Nearly all rows of an export are plain: printable ASCII without comma
 * and quote mark, no formula's start, no space at an end. One look at the joined row settles that;
 * fifty looks at its fields would take as long as reading it.
 */
export function csvLines(count: number): (row: readonly unknown[]) => string {
  const field = '(?:[0-9A-Za-z][ !#-+\\--~]*)?'
  const plain = new RegExp(`^${field}(?:,${field}){${count - 1}}$`)
  return (row) => {
    const line = row.join(',')
    const settled = plain.test(line) && !line.includes(' ,') && !line.endsWith(' ')
    return settled ? line : row.map(csvField).join(',')
  }
}
