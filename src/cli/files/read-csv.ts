import { UsageError } from '../../errors.ts'

/** Rows of a CSV text (RFC 4180, quotes doubled, a line feed inside quotes) by the names of its head. */
export function readCsv(text: string): Record<string, string>[] {
  const [head, ...rows] = csvRows(text.replace(/^\ufeff/, ''))
  if (head === undefined) throw new UsageError('the file is empty')
  return rows.map((cells, index) => {
    if (cells.length !== head.length)
      throw new UsageError(
        `line ${index + 2} has ${cells.length} fields, the head has ${head.length}`,
      )
    return Object.fromEntries(head.map((name, at) => [name.trim(), cells[at]!]))
  })
}

function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endRow = (): void => {
    row.push(cell)
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    if (isQuoted) {
      if (letter !== '"') cell += letter
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else isQuoted = false
    } else if (letter === '"' && cell === '') isQuoted = true
    else if (letter === ',') {
      row.push(cell)
      cell = ''
    } else if (letter === '\n') endRow()
    else if (letter !== '\r') cell += letter
  }
  if (isQuoted) throw new UsageError('a quote in the file is not closed')
  endRow()
  return rows
}
