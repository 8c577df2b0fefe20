import { daysBetween } from '../dates.ts'
import { type Cluster, trustedSchemes } from './cluster.ts'

/**
 * Reasons why two clusters are not one horse. A hard veto forbids every rule, identifiers included;
 * a soft one forbids linking by name alone. Only a judgement passes a veto.
 */
export interface Veto {
  readonly id: string
  readonly kind: 'hard' | 'soft'
  readonly text: string
  readonly rings: (a: Cluster, b: Cluster) => boolean
}

/** Starts closer together than this cannot be one horse's. A race lasts two to four minutes. */
const turnaroundMs = 15 * 60_000
/** No standardbred races before it is one, or much past fourteen. Years; the career in days. */
export const raceAge = { min: 1, max: 15, careerDays: 14 * 366 }

export const vetoes: readonly Veto[] = [
  {
    id: 'same-race',
    kind: 'hard',
    text: 'both start in one race',
    rings: (a, b) => anyShared(a.races, b.races),
  },
  {
    id: 'times-overlap',
    kind: 'hard',
    text: 'two of their starts were run at the same time',
    rings: (a, b) => timesOverlap(a.ranOn, b.ranOn),
  },
  {
    id: 'other-identifier',
    kind: 'hard',
    text: 'they have different identifiers in one scheme',
    rings: (a, b) =>
      trustedSchemes.some((scheme) => disjoint(a.ids.get(scheme), b.ids.get(scheme))),
  },
  {
    id: 'other-sire',
    kind: 'hard',
    text: 'they have different sires',
    rings: (a, b) => disjoint(a.sires, b.sires),
  },
  {
    id: 'other-dam',
    kind: 'hard',
    text: 'they have different dams',
    rings: (a, b) => disjoint(a.dams, b.dams),
  },
  {
    id: 'other-foal-year',
    kind: 'hard',
    text: 'they were foaled in different years',
    rings: (a, b) => disjoint(a.foalYears, b.foalYears),
  },
  {
    id: 'sex-line',
    kind: 'hard',
    text: 'one is male, the other female',
    rings: (a, b) => disjoint(a.sexLines, b.sexLines),
  },
  {
    id: 'age-impossible',
    kind: 'soft',
    text: 'the one was too young or too old for the other one’s starts',
    rings: (a, b) => ageImpossible(a, b) || ageImpossible(b, a),
  },
  {
    id: 'career-too-long',
    kind: 'soft',
    text: 'together their careers last longer than a horse races',
    rings: (a, b) =>
      a.races.size > 0 &&
      b.races.size > 0 &&
      daysBetween(earlier(a.firstDate, b.firstDate), later(a.lastDate, b.lastDate)) >
        raceAge.careerDays,
  },
  {
    id: 'two-meetings-one-day',
    kind: 'soft',
    text: 'they ran different races on one day',
    rings: (a, b) => anyShared(a.ranOn, b.ranOn),
  },
  {
    id: 'other-gait',
    kind: 'soft',
    text: 'one paces, the other trots',
    rings: (a, b) => disjoint(a.gaits, b.gaits),
  },
]

/** The first veto that rings, hard ones first; `soft: false` asks for hard ones only. */
export function findVeto(a: Cluster, b: Cluster, options: { soft: boolean }): Veto | undefined {
  return vetoes.find((veto) => (options.soft || veto.kind === 'hard') && veto.rings(a, b))
}

/** Both known and nothing in common. A cluster that a person joined may hold two values. */
function disjoint<T>(a: ReadonlySet<T> | undefined, b: ReadonlySet<T> | undefined): boolean {
  if (a === undefined || b === undefined || a.size === 0 || b.size === 0) return false
  return !anyShared(a, b)
}

function anyShared<T>(
  a: { readonly size: number; has(value: T): boolean; keys(): Iterable<T> },
  b: { readonly size: number; has(value: T): boolean; keys(): Iterable<T> },
): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  for (const value of small.keys()) if (large.has(value)) return true
  return false
}

/** Starts of one racing date, run less than a turnaround apart. */
function timesOverlap(
  a: ReadonlyMap<string, readonly number[]>,
  b: ReadonlyMap<string, readonly number[]>,
): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  for (const [date, times] of small) {
    for (const time of times) {
      if (large.get(date)?.some((other) => Math.abs(time - other) < turnaroundMs) === true)
        return true
    }
  }
  return false
}

/** True when `horse`, foaled in known years, was never of racing age at the starts of `starts`. */
function ageImpossible(horse: Cluster, starts: Cluster): boolean {
  if (horse.foalYears.size === 0 || starts.races.size === 0) return false
  const years = [...horse.foalYears]
  const first = Number(starts.firstDate.slice(0, 4))
  const last = Number(starts.lastDate.slice(0, 4))
  return years.every((year) => first - year < raceAge.min || last - year > raceAge.max)
}

const earlier = (a: string, b: string): string => (a < b ? a : b)
const later = (a: string, b: string): string => (a > b ? a : b)
