import { type ExpressionBuilder, sql } from 'kysely'
import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  LinkRow,
  Redirect,
} from '../../domain/masters.ts'
import { groupBy } from '../../domain/group-by.ts'
import type { IdentifierScheme } from '../../domain/observation.ts'
import type { HorseChanges, HorseRepository, LinkKeys } from '../../repositories/horses.ts'
import { forChunks, inChunks, withoutNul, type Executor } from '../row-writer.ts'
import type { Schema } from '../schema.ts'
import type { LinksTable } from '../schema/evidence.ts'
import {
  horsesInOrder,
  writeContested,
  writeHorses,
  writeIdentifiers,
  writeNames,
} from './horse-rows.ts'
import { sharedTexts, toLink, writeLinks } from './link-rows.ts'
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

  async findLinks(keys: LinkKeys): Promise<LinkRow[]> {
    const owners = await this.owners(keys)
    const links = await this.linksOfHorses(owners.map(({ horseId }) => horseId))
    if (keys.sourceKeys.length === 0) return links
    const found = new Map(links.map((link) => [link.starterId, link]))
    for (const link of await this.#linksOfStarts(keys.sourceKeys)) found.set(link.starterId, link)
    return [...found.values()].sort((a, b) => a.starterId - b.starterId)
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
      .where((eb) => carries(eb, wanted))
      .unionAll(
        this.#db
          .selectFrom('contested_identifiers')
          .select(['scheme', 'value', 'horse_id as horseId'])
          .where((eb) => carries(eb, wanted)),
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
    const shared = sharedTexts()
    for (let last = 0, more = true; more;) {
      const rows = await this.#db
        .selectFrom('links')
        .selectAll()
        .where('starter_id', '>', last)
        .orderBy('starter_id')
        .limit(linksPerPage)
        .execute()
      for (const row of rows) links.push(toLink(row, shared))
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
    await forChunks(replaced, (ids) =>
      db.deleteFrom('contested_identifiers').where('horse_id', 'in', ids).execute(),
    )
    await writeIdentifiers(db, changes.identifiers)
    await writeContested(db, changes.contested)
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

  /**
   * Starts that a judgement names. By their smallest key there is an index; a start that got a smaller
   * key since is looked for without one, which is rare and worth less than an index on every start.
   */
  async #linksOfStarts(sourceKeys: readonly string[]): Promise<LinkRow[]> {
    const wanted = new Map<'source_key' | 'manual_key' | 'tab_entrant_id', string[]>([
      ['source_key', [...sourceKeys]],
      ['manual_key', sourceKeys.filter((key) => key.startsWith('manual:'))],
      [
        'tab_entrant_id',
        sourceKeys.filter((key) => key.startsWith(entrantPrefix)).map(withoutPrefix),
      ],
    ])
    const rows: LinksTable[] = []
    for (const [column, values] of wanted) {
      const some = await inChunks(values, (chunk) =>
        this.#db.selectFrom('links').selectAll().where(column, 'in', chunk).execute(),
      )
      rows.push(...some)
    }
    return linksInOrder(rows)
  }
}

interface WantedIdentifiers {
  readonly scheme: string
  readonly values: readonly string[]
}

function carries(
  eb: ExpressionBuilder<Schema, 'horse_identifiers' | 'contested_identifiers'>,
  wanted: readonly WantedIdentifiers[],
) {
  return eb.or(
    wanted.map(({ scheme, values }) =>
      eb.and([eb('scheme', '=', scheme), eb('value', 'in', values)]),
    ),
  )
}

const entrantPrefix = 'tab:entrant:'
const withoutPrefix = (key: string): string => key.slice(entrantPrefix.length)

/** By code unit, as JavaScript sorts: the databases' collations differ. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const linksInOrder = (rows: readonly LinksTable[]): LinkRow[] =>
  rows.map((row) => toLink(row)).sort((a, b) => a.starterId - b.starterId)
