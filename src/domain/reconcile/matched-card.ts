import {
  type DocumentKind,
  type MeetingObservation,
  type RaceObservation,
  type Source,
  sourceOrder,
  type StarterObservation,
} from '../observation.ts'
import { type CardRuling, type RulingIssue, withRulings } from '../rulings/rulings-of-card.ts'
import { matchRaces } from './match-races.ts'
import { matchStarters } from './match-starters.ts'

/** What each source says of one thing; a source that says nothing of it is absent. */
export type BySource<T> = { readonly [source in Source]?: T }

export interface MatchedStarter {
  readonly by: BySource<StarterObservation>
  /** What the stewards decided of it; absent where nothing is told. */
  readonly rulings?: readonly CardRuling[]
}
export interface MatchedRace {
  readonly by: BySource<RaceObservation>
  readonly starters: readonly MatchedStarter[]
}
export interface MatchedCard {
  readonly by: BySource<MeetingObservation>
  readonly races: readonly MatchedRace[]
  /** What in the stewards' words does not go with the card; absent where all does. */
  readonly rulingIssues?: readonly RulingIssue[]
}

/** Within one source: field by field results > stewards > fields. */
const kindOrder: readonly DocumentKind[] = ['card', 'results', 'stewards', 'fields', 'import']

/** Sorts one source's documents, the better first. */
export function byKind(a: DocumentKind, b: DocumentKind): number {
  return kindOrder.indexOf(a) - kindOrder.indexOf(b)
}

/** Lays the observations of one meeting over each other, race by race and starter by starter. */
export function matchCard(observations: readonly MeetingObservation[]): MatchedCard {
  let card: MatchedCard = { by: {}, races: [] }
  for (const source of sourceOrder) {
    const said = observations.filter((observation) => observation.source === source)
    if (said.length === 0) continue
    card = addSource(card, source, combineKinds(said))
  }
  return withRulings(card, observations)
}

function addSource(card: MatchedCard, source: Source, said: MeetingObservation): MatchedCard {
  const known = card.races.map((race) => firstOf(race.by)!)
  const pairs = matchRaces(known, said.races)
  const taken = new Set(pairs.map((pair) => pair.right))
  const raceOf = new Map(pairs.map((pair) => [pair.left, said.races[pair.right]!]))
  const races: MatchedRace[] = card.races.map((race, index) => {
    const other = raceOf.get(index)
    return other === undefined ? race : addRace(race, source, other)
  })
  said.races.forEach((race, index) => {
    if (!taken.has(index)) races.push(addRace({ by: {}, starters: [] }, source, race))
  })
  return { by: { ...card.by, [source]: said }, races }
}

function addRace(race: MatchedRace, source: Source, said: RaceObservation): MatchedRace {
  const known = race.starters.map((starter) => firstOf(starter.by)!)
  const pairs = matchStarters(known, said.starters)
  const taken = new Set(pairs.map((pair) => pair.right))
  const starterOf = new Map(pairs.map((pair) => [pair.left, said.starters[pair.right]!]))
  const starters: MatchedStarter[] = race.starters.map((starter, index) => {
    const other = starterOf.get(index)
    return other === undefined ? starter : { by: { ...starter.by, [source]: other } }
  })
  said.starters.forEach((starter, index) => {
    if (!taken.has(index)) starters.push({ by: { [source]: starter } })
  })
  return { by: { ...race.by, [source]: said }, starters }
}

export function firstOf<T>(by: BySource<T>): T | undefined {
  for (const source of sourceOrder) if (by[source] !== undefined) return by[source]
  return undefined
}

/** One source's documents of a meeting as one statement, the better kind field by field. */
function combineKinds(observations: readonly MeetingObservation[]): MeetingObservation {
  const [best, ...others] = [...observations].sort(
    (a, b) => byKind(a.kind, b.kind) || (a.key < b.key ? -1 : 1),
  )
  return others.reduce((sum, next) => {
    const raceOf = new Map(
      matchRaces(sum.races, next.races).map((pair) => [pair.left, pair.right] as const),
    )
    const races = sum.races.map((race, index) => {
      const other = raceOf.get(index)
      return other === undefined ? race : combineRaces(race, next.races[other]!)
    })
    const taken = new Set(raceOf.values())
    const more = next.races.filter((_, index) => !taken.has(index))
    return { ...next, ...sum, races: [...races, ...more] }
  }, best!)
}

/**
 * Starters are paired as between sources: a name that stands twice in a race is two starters. What is
 * left of one key is one starter all the same: two documents may name two sires, and a start under
 * one key twice would be a horse twice in its race.
 */
function combineRaces(race: RaceObservation, other: RaceObservation): RaceObservation {
  const starterOf = new Map(
    matchStarters(race.starters, other.starters).map((pair) => [pair.left, pair.right] as const),
  )
  const paired = new Set(starterOf.values())
  race.starters.forEach(({ key }, index) => {
    const same = other.starters.findIndex((one, at) => one.key === key && !paired.has(at))
    if (same < 0 || starterOf.has(index)) return
    starterOf.set(index, same)
    paired.add(same)
  })
  const starters = race.starters.map((starter, index) => {
    const known = starterOf.get(index)
    return known === undefined ? starter : { ...other.starters[known], ...starter }
  })
  const more = other.starters.filter((_, index) => !paired.has(index))
  return { ...other, ...race, starters: [...starters, ...more] }
}
