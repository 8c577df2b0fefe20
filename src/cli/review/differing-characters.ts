/**
 * Positions at which two texts differ, by their longest common subsequence: what is left over on
 * either side. Case counts. Texts over 200 characters are compared no further.
 */
export function differingCharacters(
  a: string,
  b: string,
): { readonly a: ReadonlySet<number>; readonly b: ReadonlySet<number> } {
  const left = [...a].slice(0, 200)
  const right = [...b].slice(0, 200)
  // lengths[i][j]: the longest common subsequence of what follows i and j.
  const lengths = Array.from({ length: left.length + 1 }, () =>
    Array.from({ length: right.length + 1 }, () => 0),
  )
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        left[i] === right[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const differing = { a: new Set(left.keys()), b: new Set(right.keys()) }
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) {
      differing.a.delete(i++)
      differing.b.delete(j++)
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++
    else j++
  }
  return differing
}
