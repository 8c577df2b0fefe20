import { type RaceObservation, type Source, sourceOrder } from '../observation.ts'
import { nameKey } from '../names.ts'
import { columnName, noCorrections } from './corrections.ts'
import { explainCard, starterFields } from './explain-card.ts'
import { type FieldPolicy, meetingPolicies, racePolicies } from './field-policy.ts'
import type { BySource, MatchedCard, MatchedRace } from './matched-card.ts'

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

/** Races or starters that not every source has, or values in which they differ. */
export type DifferenceKind = 'races' | 'starters' | 'values'

/** One of them, in the sources' words. */
export interface Difference {
  readonly kind: DifferenceKind
  readonly race: number | null
  readonly starter: string | null
  readonly words: string
}

/** An imported file may hold what one of the others said: its agreement bears nothing out. */
const compared: readonly Source[] = sourceOrder.filter((source) => source !== 'manual')

/**
 * Each source has a language of its own for these (`Fr3` and `3`, `MBL PCE`, `Tui Raceway`): they
 * nearly always differ, and would hide the differences that matter.
 */
const inOwnWords = new Set(['barrier', 'class_text', 'finish_raw', 'margin_raw', 'name', 'venue'])

/** Compares value by value what the sources say; empty where only one says anything. */
export function compareSources(card: MatchedCard): FieldAgreement[] {
  const sources = withCard(card)
  if (sources.length < 2) return []
  const startersOf = (races: readonly MatchedRace[]) =>
    races.flatMap((race) => race.starters.map(({ by }) => saidOf(by, sources)))
  const races = card.races.map(({ by }) => saidOf(by, sources))
  const held = races.filter((said) => !isCalledOff(said))
  const shared = card.races.filter(({ by }) => isShared(saidOf(by, sources), sources))
  return [
    ...agreementOf('meetings', meetingPolicies, [saidOf(card.by, sources)]),
    rowsOf('races', held, sources.length),
    ...agreementOf('races', racePolicies, races),
    rowsOf('starters', startersOf(shared), sources.length),
    ...agreementOf('starters', starterFields, startersOf(card.races)),
  ]
}

/** The differences that `compareSources` counts, one by one. */
export function listDifferences(card: MatchedCard): Difference[] {
  const sources = withCard(card)
  if (sources.length < 2) return []
  const rows = card.races.flatMap((race): Difference[] => {
    const told = saidOf(race.by, sources)
    const number = told[0]?.number ?? null
    if (isCalledOff(told)) return []
    if (told.length < sources.length) return alone('races', race.by, sources, number, null)
    if (!isShared(told, sources)) return []
    return race.starters.flatMap(({ by }) => {
      const [said, ...others] = saidOf(by, sources)
      if (said === undefined || others.length === sources.length - 1) return []
      return alone('starters', by, sources, number, `${said.number ?? '-'} ${said.horseName}`)
    })
  })
  const values = explainCard(card, false, noCorrections).flatMap(
    ({ race, starter, field, claims }): Difference[] => {
      const own = claims.filter(({ source }) => sources.includes(source))
      if (inOwnWords.has(field) || own.every(({ value }) => isSame(value, own[0]?.value))) return []
      const words = own.map(({ source, value }) => `${source} ${value ?? '-'}`).join(', ')
      return [{ kind: 'values', race, starter, words: `${field}: ${words}` }]
    },
  )
  return [...rows, ...values]
}

function alone(
  kind: 'races' | 'starters',
  by: BySource<unknown>,
  sources: readonly Source[],
  race: number | null,
  starter: string | null,
): Difference[] {
  const has = sources.filter((source) => by[source] !== undefined)
  return has.length === 0 ? [] : [{ kind, race, starter, words: `only ${has.join(', ')}` }]
}

/** The same number, or the same words: case and punctuation say nothing of a horse or a driver. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'string' && typeof b === 'string' && nameKey(a) === nameKey(b))
}

/** A stewards' report alone is no card: that it names no starters says nothing of them. */
function withCard({ by }: MatchedCard): Source[] {
  return compared.filter((source) => by[source]?.races.some(hasStarters))
}

const hasStarters = ({ starters }: RaceObservation): boolean => starters.length > 0

/** Of a race that one source alone has, each of its starters would be one more difference. */
const isShared = (told: readonly RaceObservation[], sources: readonly Source[]): boolean =>
  told.length === sources.length && told.every(hasStarters) && !isCalledOff(told)

/** Nobody has to tell of a race that was not held. */
const isCalledOff = (told: readonly RaceObservation[]): boolean =>
  told.some(({ status }) => status === 'abandoned' || status === 'postponed')

function saidOf<Observation>(by: BySource<Observation>, sources: readonly Source[]): Observation[] {
  return sources.flatMap((source) => by[source] ?? [])
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
  return Object.entries(policies).flatMap(([name, { read }]) => {
    const field = columnName(name)
    if (inOwnWords.has(field)) return []
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
          isOther ||= !isSame(value, first)
        }
      }
      if (others > 0) told += 1
      if (isOther) differ += 1
    }
    return told === 0 ? [] : [{ field: `${table}.${field}`, told, differ }]
  })
}
