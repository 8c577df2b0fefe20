export type Row = readonly string[]

/** One table of the report. */
export interface Section {
  readonly title: string
  readonly head: Row
  readonly rows: readonly Row[]
  readonly notes: readonly string[]
}

/** As Markdown, which reads well on a terminal too: the first column to the left, numbers right. */
export function markdownTable({ title, head, rows, notes }: Section): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => [...(row[column] ?? '')].length)),
  )
  const line = (row: Row): string =>
    `| ${widths
      .map((width, column) => {
        const text = row[column] ?? ''
        const blank = ' '.repeat(width - [...text].length)
        return column === 0 ? text + blank : blank + text
      })
      .join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const words = notes.length === 0 ? [] : ['', ...notes]
  return [`**${title}**`, '', line(head), rule, ...rows.map(line), ...words].join('\n')
}

export function ratio(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0)
}

export function milliseconds(value: number): string {
  if (value < 1000) return `${value.toFixed(0)} ms`
  return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`
}

export function integer(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
