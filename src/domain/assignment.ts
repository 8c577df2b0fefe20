/**
 * The one-to-one pairing of rows with columns that has the greatest total score (Hungarian method,
 * O(n³)). `score(row, column)` is 0 or more; pairs of score 0 are left unpaired. Greedy pairing
 * would let the first row take the partner that a later one needs.
 */
export function assign(
  rows: number,
  columns: number,
  score: (row: number, column: number) => number,
): { row: number; column: number; score: number }[] {
  const size = Math.max(rows, columns)
  if (rows === 0 || columns === 0) return []
  let top = 0
  const gain: number[][] = []
  for (let row = 0; row < rows; row++) {
    const line = Array.from({ length: columns }, (_, column) => score(row, column))
    top = Math.max(top, ...line)
    gain.push(line)
  }
  const cost = (row: number, column: number): number => top - (gain[row]?.[column] ?? 0)

  // Potentials and matching, 1-based with 0 as the free column.
  const rowPotential = new Float64Array(size + 1)
  const columnPotential = new Float64Array(size + 1)
  const rowOfColumn = new Int32Array(size + 1)
  const previous = new Int32Array(size + 1)
  for (let row = 1; row <= size; row++) {
    rowOfColumn[0] = row
    let column = 0
    const slack = new Float64Array(size + 1).fill(Infinity)
    const used = new Uint8Array(size + 1)
    do {
      used[column] = 1
      const current = rowOfColumn[column]!
      let delta = Infinity
      let next = 0
      for (let other = 1; other <= size; other++) {
        if (used[other]) continue
        const reduced =
          cost(current - 1, other - 1) - rowPotential[current]! - columnPotential[other]!
        if (reduced < slack[other]!) {
          slack[other] = reduced
          previous[other] = column
        }
        if (slack[other]! < delta) {
          delta = slack[other]!
          next = other
        }
      }
      for (let other = 0; other <= size; other++) {
        if (used[other]) {
          rowPotential[rowOfColumn[other]!]! += delta
          columnPotential[other]! -= delta
        } else {
          slack[other]! -= delta
        }
      }
      column = next
    } while (rowOfColumn[column] !== 0)
    while (column !== 0) {
      const before = previous[column]!
      rowOfColumn[column] = rowOfColumn[before]!
      column = before
    }
  }

  const pairs: { row: number; column: number; score: number }[] = []
  for (let column = 1; column <= columns; column++) {
    const row = rowOfColumn[column]! - 1
    const value = gain[row]?.[column - 1] ?? 0
    if (value > 0) pairs.push({ row, column: column - 1, score: value })
  }
  return pairs.sort((a, b) => a.row - b.row)
}
