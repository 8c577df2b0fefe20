import { sourceOrder } from '../observation.ts'
import { columnName } from './corrections.ts'
import { starterFields } from './explain-card.ts'
import { type FieldPolicy, meetingPolicies, racePolicies } from './field-policy.ts'
import type { BySource, MatchedCard } from './matched-card.ts'

/** How far the sources say the same of one meeting's card in one column. */
export interface FieldAgreement {
  /**
   * `races.distance_m`: a table's column. `races` and `starters`: the rows themselves, where `told`
   * is how many there are and `differ` how many of them not every source has.
   */
  readonly field: string
  /** Values that several sources tell. */
  readonly told: number
  readonly differ: number
}

/** An imported file may hold what one of the others said: its agreement bears nothing out. */
const compared = sourceOrder.filter((source) => source !== 'manual')

/** Compares value by value what the sources say; empty where only one says anything. */
export function compareSources(card: MatchedCard): FieldAgreement[] {
  const sources = saidOf(card.by).length
  if (sources < 2) return []
  const races = card.races.map(({ by }) => saidOf(by))
  // Of a race that one source alone has, no starter can be compared.
  const starters = card.races
    .filter((_, index) => races[index]!.length === sources)
    .flatMap((race) => race.starters.map(({ by }) => saidOf(by)))
  return [
    ...agreementOf('meetings', meetingPolicies, [saidOf(card.by)]),
    rowsOf('races', races, sources),
    ...agreementOf('races', racePolicies, races),
    rowsOf('starters', starters, sources),
    ...agreementOf('starters', starterFields, starters),
  ]
}

function saidOf<Observation>(by: BySource<Observation>): Observation[] {
  return compared.flatMap((source) => by[source] ?? [])
}

function rowsOf(field: string, all: readonly unknown[][], sources: number): FieldAgreement {
  const rows = all.filter((said) => said.length > 0)
  return { field, told: rows.length, differ: rows.filter((said) => said.length < sources).length }
}

function agreementOf<Observation>(
  table: 'meetings' | 'races' | 'starters',
  policies: Readonly<Record<string, FieldPolicy<Observation, unknown>>>,
  rows: readonly (readonly Observation[])[],
): FieldAgreement[] {
  return Object.entries(policies).flatMap(([field, { read }]) => {
    let told = 0
    let differ = 0
    for (const said of rows) {
      let first: unknown
      let others = 0
      let isOther = false
      for (const observation of said) {
        const value = read(observation)
        if (value === undefined) continue
        if (first === undefined) first = value
        else {
          others += 1
          isOther ||= value !== first
        }
      }
      if (others > 0) told += 1
      if (isOther) differ += 1
    }
    return told === 0 ? [] : [{ field: `${table}.${columnName(field)}`, told, differ }]
  })
}
