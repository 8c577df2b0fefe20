import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  LinkRow,
  Redirect,
} from '../domain/masters.ts'
import type { IdentifierScheme } from '../domain/observation.ts'

/** Keys by which starts can belong together. */
export interface LinkKeys {
  readonly nameKeys: readonly string[]
  readonly identifiers: readonly { scheme: IdentifierScheme; value: string }[]
  /** Source keys that judgements name. */
  readonly sourceKeys: readonly string[]
}

export interface HorseChanges {
  readonly links: readonly LinkRow[]
  readonly horses: readonly HorseRow[]
  readonly deleteHorses: readonly number[]
  readonly identifiers: readonly HorseIdentifierRow[]
  /** Identifiers that these horses carry as well, but another horse owns. */
  readonly contested: readonly HorseIdentifierRow[]
  readonly names: readonly HorseName[]
  /** Horses whose identifiers and names above are full sets; to those of others they are added. */
  readonly replace: readonly number[]
}

export interface HorseRepository {
  /** All links of horses that carry one of the keys; one round, the caller closes the set. */
  findLinks(keys: LinkKeys): Promise<LinkRow[]>
  /** Horses that carry the keys, contested ones included, as (key, horse); `key` is the name key or `scheme:value`. */
  owners(
    keys: Pick<LinkKeys, 'nameKeys' | 'identifiers'>,
  ): Promise<{ readonly key: string; readonly horseId: number }[]>
  linksOfStarters(starterIds: readonly number[]): Promise<LinkRow[]>
  linksOfHorses(horseIds: readonly number[]): Promise<LinkRow[]>
  /** Every link, ordered by starter id: `match --all`. */
  allLinks(): Promise<LinkRow[]>
  load(ids: readonly number[]): Promise<HorseRow[]>
  identifiers(ids: readonly number[]): Promise<HorseIdentifierRow[]>
  names(ids: readonly number[]): Promise<HorseName[]>
  findByNameKey(nameKey: string): Promise<HorseRow[]>
  /** Writes links (and `starters.horse_id` with them), horses, identifiers and names; then deletes. */
  apply(changes: HorseChanges): Promise<void>
  resolve(ids: readonly number[]): Promise<Map<number, number>>
  redirect(redirects: readonly Redirect[]): Promise<void>
  revive(ids: readonly number[]): Promise<void>
  redirectsTo(ids: readonly number[]): Promise<Redirect[]>
}
