import type { PooledStarter } from '../masters.ts'
import { identifierKey, nameKey } from '../names.ts'
import type { IdentifierScheme } from '../observation.ts'
import { tabEntrantKey } from '../source-keys.ts'

/** Schemes of which a horse has one value at a time. */
export const trustedSchemes: readonly IdentifierScheme[] = [
  'hrnz_guid',
  'tab_horse:nz',
  'tab_horse:intl',
]
export const allSchemes: readonly IdentifierScheme[] = [
  'tab_horse:nz',
  'tab_horse:intl',
  'hrnz_guid',
  'hrnz_number',
  'harness_nz_horse_id',
]

export type SexLine = 'male' | 'female'
type IdsOf = (starter: PooledStarter) => PooledStarter['ids']

/** Starters that are taken for one horse, with what all of them together say of it. */
export class Cluster {
  readonly starters: PooledStarter[] = []
  readonly nameKeys = new Set<string>()
  readonly ids = new Map<IdentifierScheme, Set<string>>()
  readonly sires = new Set<string>()
  readonly dams = new Set<string>()
  readonly foalYears = new Set<number>()
  readonly sexLines = new Set<SexLine>()
  readonly gaits = new Set<string>()
  /** `name|sire|dam` of members that have all three. */
  readonly breedings = new Set<string>()
  /** Races with an unscratched start. */
  readonly races = new Set<number>()
  /** Racing date → start instants (epoch ms) of starts that were run, where known. */
  readonly ranOn = new Map<string, number[]>()
  /** Source keys and identifiers of all members: what judgements speak of. */
  readonly keys = new Set<string>()
  firstDate = '9999-12-31'
  lastDate = '0000-01-01'
  smallestKey = '\uffff'

  readonly #idsOf: IdsOf

  constructor(idsOf: IdsOf = (starter) => starter.ids) {
    this.#idsOf = idsOf
  }

  static of(starters: readonly PooledStarter[], idsOf?: IdsOf): Cluster {
    const cluster = new Cluster(idsOf)
    for (const starter of starters) cluster.add(starter)
    return cluster
  }

  add(starter: PooledStarter): void {
    this.starters.push(starter)
    for (const key of sourceKeysOf(starter)) this.keys.add(key)
    if (starter.sourceKey < this.smallestKey) this.smallestKey = starter.sourceKey
    if (starter.nameKey !== '') this.nameKeys.add(starter.nameKey)
    const ids = this.#idsOf(starter)
    for (const scheme of allSchemes) {
      const value = ids[scheme]
      if (value === undefined) continue
      this.keys.add(identifierKey({ scheme, value }))
      const known = this.ids.get(scheme)
      if (known === undefined) this.ids.set(scheme, new Set([value]))
      else known.add(value)
    }
    const sire = parentKey(starter.sire)
    const dam = parentKey(starter.dam)
    if (sire !== '') this.sires.add(sire)
    if (dam !== '') this.dams.add(dam)
    const breeding = breedingKey(starter)
    if (breeding !== null) this.breedings.add(breeding)
    if (starter.foaledOn !== null) this.foalYears.add(Number(starter.foaledOn.slice(0, 4)))
    const line = sexLine(starter.sex)
    if (line !== null) this.sexLines.add(line)
    if (starter.gait !== null) this.gaits.add(starter.gait)
    if (starter.phase === 'scratched' || starter.phase === 'abandoned') return
    this.races.add(starter.raceId)
    if (starter.date < this.firstDate) this.firstDate = starter.date
    if (starter.date > this.lastDate) this.lastDate = starter.date
    if (starter.phase !== 'ran') return
    const times = this.ranOn.get(starter.date) ?? []
    if (starter.startTime !== null) times.push(Date.parse(starter.startTime))
    this.ranOn.set(starter.date, times)
  }

  /** The identifiers that count for a member: not those that a person said are another horse's. */
  idsOf(starter: PooledStarter): PooledStarter['ids'] {
    return this.#idsOf(starter)
  }

  absorb(other: Cluster): void {
    for (const starter of other.starters) this.add(starter)
  }

  /** 3 ids and breeding, 2 one of them, 1 something else besides the name, 0 a name alone. */
  get strength(): number {
    const score = Number(this.ids.size > 0) + Number(this.breedings.size > 0)
    if (score > 0) return score + 1
    return this.sires.size + this.dams.size + this.foalYears.size > 0 ? 1 : 0
  }

  get hasTrustedId(): boolean {
    return trustedSchemes.some((scheme) => this.ids.has(scheme))
  }

  /** The text by which a judgement names this horse: a trusted identifier, else its earliest start. */
  get anchor(): string {
    for (const scheme of trustedSchemes) {
      const values = this.ids.get(scheme)
      if (values !== undefined) return identifierKey({ scheme, value: [...values].sort()[0]! })
    }
    return this.smallestKey
  }
}

/** Spaces do not tell parents apart: `Rock N Roll` and `Rock n'Roll`. Empty when unknown. */
export function parentKey(name: string | null): string {
  return name === null ? '' : nameKey(name).replaceAll(' ', '')
}

export function breedingKey(starter: PooledStarter): string | null {
  if (starter.nameKey === '' || starter.sire === null || starter.dam === null) return null
  return `${starter.nameKey}|${parentKey(starter.sire)}|${parentKey(starter.dam)}`
}

/** Colt, horse, gelding and rig are one line, filly and mare the other; null when not said. */
export function sexLine(sex: string | null): SexLine | null {
  switch (sex?.trim().toLowerCase()[0]) {
    case 'c':
    case 'h':
    case 'g':
    case 's':
    case 'r':
      return 'male'
    case 'f':
    case 'm':
      return 'female'
    default:
      return null
  }
}

/** All keys under which sources and judgements know a starter. */
export function sourceKeysOf(starter: PooledStarter): string[] {
  const keys = [starter.sourceKey]
  if (starter.tabEntrantId !== null) keys.push(tabEntrantKey(starter.tabEntrantId))
  if (starter.manualKey !== null) keys.push(starter.manualKey)
  return keys
}

/** Everything that tells starters apart, as one text; `ids`: the identifiers that count for it. */
export function profileOf(starter: PooledStarter, ids: PooledStarter['ids']): string {
  // A name alone is weak: paces and trots under one name may be two horses'.
  const gait = Object.keys(ids).length === 0 ? starter.gait : null
  return [
    starter.nameKey,
    gait,
    parentKey(starter.sire),
    parentKey(starter.dam),
    starter.foaledOn?.slice(0, 4),
    sexLine(starter.sex),
    ids['tab_horse:nz'],
    ids['tab_horse:intl'],
    ids.hrnz_guid,
    ids.hrnz_number,
    ids.harness_nz_horse_id,
  ].join('|')
}
