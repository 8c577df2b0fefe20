/** How a name was found, best first. */
export type NameFit = 'exact' | 'spaces' | 'begins' | 'contains' | 'slip'
const fits: readonly NameFit[] = ['exact', 'spaces', 'begins', 'contains', 'slip']

export interface NameHit {
  readonly horseId: number
  /** The name under which it was found: an old one, perhaps. */
  readonly nameKey: string
  readonly fit: NameFit
}

/**
 * Finds name keys that a person may have meant: the name itself, without regard to spaces, as a
 * beginning or a part, or with one slip of typing (a letter wrong, missing, too many, or two swapped).
 * One hit a horse, the best; in order of fit, then of name.
 */
export function searchNames(
  wanted: string,
  names: readonly { readonly horseId: number; readonly nameKey: string }[],
): NameHit[] {
  const best = new Map<number, NameHit>()
  if (wanted === '') return []
  for (const { horseId, nameKey } of names) {
    const fit = fitOf(wanted, nameKey)
    if (fit === null) continue
    const known = best.get(horseId)
    if (known !== undefined && fits.indexOf(known.fit) <= fits.indexOf(fit)) continue
    best.set(horseId, { horseId, nameKey, fit })
  }
  return [...best.values()].sort(
    (a, b) =>
      fits.indexOf(a.fit) - fits.indexOf(b.fit) ||
      (a.nameKey < b.nameKey ? -1 : a.nameKey > b.nameKey ? 1 : a.horseId - b.horseId),
  )
}

function fitOf(wanted: string, name: string): NameFit | null {
  if (name === wanted) return 'exact'
  const [a, b] = [wanted.replaceAll(' ', ''), name.replaceAll(' ', '')]
  if (a === b) return 'spaces'
  if (name.startsWith(wanted)) return 'begins'
  // A letter or two is part of nearly every name.
  if (wanted.length >= 3 && name.includes(wanted)) return 'contains'
  return a.length >= 3 && isOneSlip(a, b) ? 'slip' : null
}

/** Whether two texts are one slip of typing apart. */
export function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const rest = (text: string, from: number): string => text.slice(from)
  if (a.length > b.length) return rest(a, at + 1) === rest(b, at)
  if (b.length > a.length) return rest(b, at + 1) === rest(a, at)
  const swapped = a[at] === b[at + 1] && a[at + 1] === b[at]
  return rest(a, at + 1) === rest(b, at + 1) || (swapped && rest(a, at + 2) === rest(b, at + 2))
}
