import { sql } from 'kysely'
import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  LinkRow,
  Redirect,
} from '../../domain/masters.ts'
import { groupBy } from '../../domain/group-by.ts'
import type { IdentifierScheme } from '../../domain/observation.ts'
import type { HorseChanges, HorseRepository, LinkKeys } from '../../repositories/repositories.ts'
import {
  forChunks,
  inChunks,
  maxParameters,
  rowWriter,
  withoutNul,
  type Executor,
} from '../row-writer.ts'
import type { HorsesTable, LinksTable } from '../schema.ts'
import { identifierColumns, toLink, writeLinks } from './link-rows.ts'
import { RedirectTable } from './redirect-table.ts'

/**
 * Rows of one page of `allLinks`. The rows as read are garbage once they are mapped: few enough of
 * them die young, where the collector hardly notices, and a page of 20,000 doubles the memory.
 */
const linksPerPage = 2_000

export class KyselyHorseRepository implements HorseRepository {
  readonly #db: Executor
  readonly #redirects: RedirectTable

  constructor(db: Executor) {
    this.#db = db
    this.#redirects = new RedirectTable(db, 'horse')
  }

  /** One statement with a branch for each column asked for, each answered by its own index. */
  async findLinks(keys: LinkKeys): Promise<LinkRow[]> {
    const wanted = columnsOf(keys)
    const size = [...wanted.values()].reduce((sum, values) => sum + values.length, 0)
    if (size === 0) return []
    if (size <= maxParameters) {
      const rows = await this.#db
        .selectFrom('links')
        .selectAll()
        .where((eb) => eb.or([...wanted].map(([column, values]) => eb(column, 'in', values))))
        .execute()
      return linksInOrder(rows)
    }
    const rows = new Map<number, LinksTable>()
    for (const [column, values] of wanted) {
      const some = await inChunks(values, (chunk) =>
        this.#db.selectFrom('links').selectAll().where(column, 'in', chunk).execute(),
      )
      for (const row of some) rows.set(row.starter_id, row)
    }
    return linksInOrder([...rows.values()])
  }

  async owners(
    keys: Pick<LinkKeys, 'nameKeys' | 'identifiers'>,
  ): Promise<{ key: string; horseId: number }[]> {
    const named = await inChunks(keys.nameKeys, (chunk) =>
      this.#db
        .selectFrom('horse_names')
        .select(['name_key as key', 'horse_id as horseId'])
        .where('name_key', 'in', chunk)
        .execute(),
    )
    const schemes = groupBy(keys.identifiers, (identifier) => identifier.scheme)
    const wanted = [...schemes].map(([scheme, own]) => ({
      scheme,
      values: own.map(({ value }) => withoutNul(value)),
    }))
    if (wanted.length === 0) return named
    const identified = await this.#db
      .selectFrom('horse_identifiers')
      .select(['scheme', 'value', 'horse_id as horseId'])
      .where((eb) =>
        eb.or(
          wanted.map(({ scheme, values }) =>
            eb.and([eb('scheme', '=', scheme), eb('value', 'in', values)]),
          ),
        ),
      )
      .execute()
    return [
      ...named,
      ...identified.map(({ scheme, value, horseId }) => ({ key: `${scheme}:${value}`, horseId })),
    ]
  }

  async linksOfStarters(starterIds: readonly number[]): Promise<LinkRow[]> {
    const rows = await inChunks(starterIds, (ids) =>
      this.#db.selectFrom('links').selectAll().where('starter_id', 'in', ids).execute(),
    )
    return linksInOrder(rows)
  }

  async linksOfHorses(horseIds: readonly number[]): Promise<LinkRow[]> {
    const rows = await inChunks(horseIds, (ids) =>
      this.#db.selectFrom('links').selectAll().where('horse_id', 'in', ids).execute(),
    )
    return linksInOrder(rows)
  }

  async allLinks(): Promise<LinkRow[]> {
    const links: LinkRow[] = []
    for (let last = 0, more = true; more;) {
      const rows = await this.#db
        .selectFrom('links')
        .selectAll()
        .where('starter_id', '>', last)
        .orderBy('starter_id')
        .limit(linksPerPage)
        .execute()
      for (const row of rows) links.push(toLink(row))
      last = rows.at(-1)?.starter_id ?? last
      more = rows.length === linksPerPage
    }
    return links
  }

  async load(ids: readonly number[]): Promise<HorseRow[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('horses').selectAll().where('id', 'in', chunk).execute(),
    )
    return horsesInOrder(rows)
  }

  async identifiers(ids: readonly number[]): Promise<HorseIdentifierRow[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('horse_identifiers').selectAll().where('horse_id', 'in', chunk).execute(),
    )
    return rows
      .map((row) => ({
        horseId: row.horse_id,
        scheme: row.scheme as IdentifierScheme,
        value: row.value,
      }))
      .sort(
        (a, b) => a.horseId - b.horseId || compare(a.scheme, b.scheme) || compare(a.value, b.value),
      )
  }

  async names(ids: readonly number[]): Promise<HorseName[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('horse_names').selectAll().where('horse_id', 'in', chunk).execute(),
    )
    return rows
      .map((row) => ({
        horseId: row.horse_id,
        nameKey: row.name_key,
        name: row.name,
        firstSeen: row.first_seen,
        lastSeen: row.last_seen,
      }))
      .sort(
        (a, b) =>
          a.horseId - b.horseId || compare(a.firstSeen, b.firstSeen) || compare(a.name, b.name),
      )
  }

  async findByNameKey(nameKey: string): Promise<HorseRow[]> {
    const rows = await this.#db
      .selectFrom('horses')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb('normalized_name', '=', nameKey),
          eb(
            'id',
            'in',
            eb.selectFrom('horse_names').select('horse_id').where('name_key', '=', nameKey),
          ),
        ]),
      )
      .execute()
    return horsesInOrder(rows)
  }

  async apply(changes: HorseChanges): Promise<void> {
    const db = this.#db
    await writeHorses(db, changes.horses)
    await writeLinks(db, changes.links)
    const starterIds = changes.links.map(({ starterId }) => starterId)
    await forChunks(starterIds, (ids) =>
      db
        .updateTable('starters')
        .from('links')
        .set((eb) => ({ horse_id: eb.ref('links.horse_id') }))
        .whereRef('links.starter_id', '=', 'starters.id')
        .where('starters.id', 'in', ids)
        .where(sql<boolean>`starters.horse_id is distinct from links.horse_id`)
        .execute(),
    )
    const replaced = [...changes.replace, ...changes.deleteHorses]
    await forChunks(replaced, (ids) =>
      db.deleteFrom('horse_identifiers').where('horse_id', 'in', ids).execute(),
    )
    await writeIdentifiers(db, changes.identifiers)
    await forChunks(replaced, (ids) =>
      db.deleteFrom('horse_names').where('horse_id', 'in', ids).execute(),
    )
    await writeNames(db, changes.names)
    await forChunks(changes.deleteHorses, (ids) =>
      db.deleteFrom('horses').where('id', 'in', ids).execute(),
    )
  }

  resolve(ids: readonly number[]): Promise<Map<number, number>> {
    return this.#redirects.resolve(ids)
  }

  redirect(redirects: readonly Redirect[]): Promise<void> {
    return this.#redirects.redirect(redirects)
  }

  revive(ids: readonly number[]): Promise<void> {
    return this.#redirects.revive(ids)
  }

  redirectsTo(ids: readonly number[]): Promise<Redirect[]> {
    return this.#redirects.redirectsTo(ids)
  }
}

/** The columns of `links` in which the keys stand; only those that are asked for. */
function columnsOf(keys: LinkKeys): Map<keyof LinksTable, string[]> {
  const wanted = new Map<keyof LinksTable, string[]>()
  const want = (column: keyof LinksTable, value: string): void => {
    const values = wanted.get(column)
    if (values === undefined) wanted.set(column, [withoutNul(value)])
    else values.push(withoutNul(value))
  }
  for (const key of keys.nameKeys) want('name_key', key)
  for (const key of keys.sourceKeys) {
    want('source_key', key)
    // A judgement may name a starter by a key that is not its smallest, or no longer.
    if (key.startsWith('manual:')) want('manual_key', key)
    if (key.startsWith(entrantPrefix)) want('tab_entrant_id', withoutPrefix(key))
  }
  for (const { scheme, value } of keys.identifiers) want(identifierColumns[scheme], value)
  return wanted
}

const entrantPrefix = 'tab:entrant:'
const withoutPrefix = (key: string): string => key.slice(entrantPrefix.length)

/** By code unit, as JavaScript sorts: the databases' collations differ. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const linksInOrder = (rows: readonly LinksTable[]): LinkRow[] =>
  rows.map(toLink).sort((a, b) => a.starterId - b.starterId)

const horsesInOrder = (rows: readonly HorsesTable[]): HorseRow[] =>
  rows.map(toHorse).sort((a, b) => a.id - b.id)

const toHorse = (row: HorsesTable): HorseRow => ({
  id: row.id,
  name: row.name,
  normalizedName: row.normalized_name,
  sire: row.sire,
  dam: row.dam,
  damSire: row.dam_sire,
  sex: row.sex,
  colour: row.colour,
  country: row.country,
  foaledOn: row.foaled_on,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  raceCount: row.race_count,
  tally: row.tally,
})

const writeHorses = rowWriter<'horses', HorseRow>({
  table: 'horses',
  key: ['id'],
  values: {
    id: (row) => row.id,
    name: (row) => row.name,
    normalized_name: (row) => row.normalizedName,
    sire: (row) => row.sire,
    dam: (row) => row.dam,
    dam_sire: (row) => row.damSire,
    sex: (row) => row.sex,
    colour: (row) => row.colour,
    country: (row) => row.country,
    foaled_on: (row) => row.foaledOn,
    first_seen: (row) => row.firstSeen,
    last_seen: (row) => row.lastSeen,
    race_count: (row) => row.raceCount,
    tally: (row) => row.tally,
  },
})

const writeIdentifiers = rowWriter<'horse_identifiers', HorseIdentifierRow>({
  table: 'horse_identifiers',
  key: ['scheme', 'value'],
  values: {
    horse_id: (row) => row.horseId,
    scheme: (row) => row.scheme,
    value: (row) => row.value,
  },
})

const writeNames = rowWriter<'horse_names', HorseName>({
  table: 'horse_names',
  key: ['horse_id', 'name_key'],
  values: {
    horse_id: (row) => row.horseId,
    name_key: (row) => row.nameKey,
    name: (row) => row.name,
    first_seen: (row) => row.firstSeen,
    last_seen: (row) => row.lastSeen,
  },
})
