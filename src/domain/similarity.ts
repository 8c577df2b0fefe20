/**
 * How alike two texts are, 0 to 1: twice the matched characters over all characters, the matches
 * found by longest common block first (Ratcliff and Obershelp, as Python's difflib computes it).
 */
export function sequenceRatio(a: string, b: string): number {
  const total = a.length + b.length
  if (total === 0) return 1
  return (2 * matchedCharacters(a, 0, a.length, b, 0, b.length)) / total
}

/**
 * How alike two texts are word by word, 0 to 1: words are paired with their most similar partner.
 * Order of words does not count; a word that only one side has does.
 */
export function wordRatio(a: string, b: string): number {
  const left = a.split(' ')
  const right = b.split(' ')
  const free = new Set(right.keys())
  let sum = 0
  for (const word of left) {
    let best = 0
    let bestIndex = -1
    for (const index of free) {
      const ratio = sequenceRatio(word, right[index] ?? '')
      if (ratio > best) [best, bestIndex] = [ratio, index]
    }
    if (best < 0.8) continue
    free.delete(bestIndex)
    sum += best
  }
  return (2 * sum) / (left.length + right.length)
}

function matchedCharacters(
  a: string,
  aFrom: number,
  aTo: number,
  b: string,
  bFrom: number,
  bTo: number,
): number {
  let best = 0
  let aStart = aFrom
  let bStart = bFrom
  for (let i = aFrom; i < aTo - best; i++) {
    for (let j = bFrom; j < bTo - best; j++) {
      let length = 0
      while (i + length < aTo && j + length < bTo && a[i + length] === b[j + length]) length++
      if (length > best) [best, aStart, bStart] = [length, i, j]
    }
  }
  if (best === 0) return 0
  return (
    best +
    matchedCharacters(a, aFrom, aStart, b, bFrom, bStart) +
    matchedCharacters(a, aStart + best, aTo, b, bStart + best, bTo)
  )
}
