import { daysBetween } from '../dates.ts'
import { sequenceRatio } from '../similarity.ts'
import type { Cluster } from './cluster.ts'
import { vetoes } from './vetoes.ts'

/** What speaks for and against two horses being one, a sentence each. */
export function compareHorses(a: Cluster, b: Cluster): string[] {
  const agree = <T>(what: string, x: ReadonlySet<T>, y: ReadonlySet<T>): string[] =>
    x.size === 0 || y.size === 0
      ? []
      : [...x].some((value) => y.has(value))
        ? [`Both have the same ${what}.`]
        : []
  return [
    namesInWords(a, b),
    ...agree('sire', a.sires, b.sires),
    ...agree('dam', a.dams, b.dams),
    ...agree('foal year', a.foalYears, b.foalYears),
    ...agree('gait', a.gaits, b.gaits),
    ...[...a.ids].flatMap(([scheme, values]) =>
      agree(schemeInWords(scheme), values, b.ids.get(scheme) ?? none),
    ),
    careersInWords(a, b),
    ...vetoes
      .filter((veto) => veto.rings(a, b))
      .map((veto) => `Against it (${veto.kind}, ${veto.id}): ${veto.text}.`),
  ]
}

/** `TAB nz` of `tab_horse:nz`, `HRNZ guid` of `hrnz_guid`: the source and its kind of number. */
export function schemeInWords(scheme: string): string {
  return scheme.replace('tab_horse:', 'TAB ').replace('hrnz_', 'HRNZ ')
}

const none: ReadonlySet<string> = new Set()

function namesInWords(a: Cluster, b: Cluster): string {
  if ([...a.nameKeys].some((key) => b.nameKeys.has(key))) return 'Both race under one name.'
  const [one] = a.nameKeys
  const [two] = b.nameKeys
  if (one === undefined || two === undefined) return 'One of them has no name.'
  const alike = Math.round(100 * sequenceRatio(one.replaceAll(' ', ''), two.replaceAll(' ', '')))
  return `Their names differ (${alike} % alike).`
}

function careersInWords(a: Cluster, b: Cluster): string {
  if (a.races.size === 0 || b.races.size === 0) return 'One of them has no start yet.'
  const [first, second] = a.firstDate <= b.firstDate ? [a, b] : [b, a]
  if (second.firstDate <= first.lastDate) return 'Their careers overlap in time.'
  const days = daysBetween(first.lastDate, second.firstDate)
  return `One career begins ${days} days after the other ends.`
}
