import type { Cluster } from './cluster.ts'
import { isOneSlip } from './search-names.ts'

/** One comparison, and how much it says: each bit doubles the odds that the two are one horse. */
export interface EvidenceStep {
  readonly what: string
  readonly bits: number
}

/**
 * The evidence for two horses being one, in bits (Fellegi and Sunter). Missing facts say nothing. Sire
 * and dam are one comparison: full siblings share both, so that the second parent tells little that
 * the first has not. An equal name says as much as it is rare. The other weights are estimates, not
 * measured from pairs of one identifier. They explain a question to a person; they link nothing.
 */
export function evidenceBits(
  a: Cluster,
  b: Cluster,
  known: { readonly horses: number; readonly ofTheName: number },
): readonly EvidenceStep[] {
  const horses = Math.max(2, known.horses)
  return [
    { what: 'any two horses', bits: -Math.log2(horses) },
    nameStep(a, b, Math.log2(horses / Math.max(1, known.ofTheName))),
    breedingStep(a, b),
    step('foal year', a.foalYears, b.foalYears, 3.5, -7),
    step('sex', a.sexLines, b.sexLines, 1, -8),
    step('gait', a.gaits, b.gaits, 0.5, -3),
  ].map(({ what, bits }) => ({ what, bits: Math.round(bits * 10) / 10 }))
}

/** The sum in one line: `any two horses −13.4 | name equal +14.2 | … | together +2.1`. */
export function bitsInWords(steps: readonly EvidenceStep[]): string {
  const total = steps.reduce((sum, { bits }) => sum + bits, 0)
  return [...steps, { what: 'together', bits: total }]
    .map(({ what, bits }) => `${what} ${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`)
    .join(' | ')
}

function nameStep(a: Cluster, b: Cluster, rarity: number): EvidenceStep {
  if (a.nameKeys.size === 0 || b.nameKeys.size === 0) return { what: 'name missing', bits: 0 }
  if ([...a.nameKeys].some((key) => b.nameKeys.has(key)))
    return { what: 'name equal', bits: rarity }
  const isSlip = [...a.nameKeys].some((one) =>
    [...b.nameKeys].some((two) => isOneSlip(one.replaceAll(' ', ''), two.replaceAll(' ', ''))),
  )
  // Most names one letter apart are two horses', and often brothers'.
  return isSlip ? { what: 'name one slip apart', bits: 4 } : { what: 'name differs', bits: -6 }
}

function breedingStep(a: Cluster, b: Cluster): EvidenceStep {
  const sire = agreement(a.sires, b.sires)
  const dam = agreement(a.dams, b.dams)
  if (sire === false || dam === false) return { what: 'breeding differs', bits: -10 }
  if (sire === true && dam === true) return { what: 'sire and dam equal', bits: 11.5 }
  if (dam === true) return { what: 'dam equal', bits: 10 }
  if (sire === true) return { what: 'sire equal', bits: 4.5 }
  return { what: 'breeding missing', bits: 0 }
}

function step<T>(
  what: string,
  a: ReadonlySet<T>,
  b: ReadonlySet<T>,
  equal: number,
  differs: number,
): EvidenceStep {
  const agrees = agreement(a, b)
  if (agrees === null) return { what: `${what} missing`, bits: 0 }
  return agrees
    ? { what: `${what} equal`, bits: equal }
    : { what: `${what} differs`, bits: differs }
}

/** Null where one of the two does not say. */
function agreement<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean | null {
  if (a.size === 0 || b.size === 0) return null
  return [...a].some((value) => b.has(value))
}
