import type { VenueAlias } from '../../domain/reconcile/venues.ts'
import type { AliasRepository } from '../../repositories/judgements.ts'
import { withoutNul, type Executor } from '../row-writer.ts'

export class KyselyAliasRepository implements AliasRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async all(): Promise<VenueAlias[]> {
    const rows = await this.#db.selectFrom('venue_aliases').selectAll().orderBy('id').execute()
    return rows.map((row) => ({
      source: row.source,
      kind: row.kind,
      text: row.text,
      venue: row.venue,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    }))
  }

  /** Replaces what the same text meant from the same day on. */
  async add(alias: VenueAlias): Promise<void> {
    const text = withoutNul(alias.text)
    await this.#db
      .deleteFrom('venue_aliases')
      .where('source', '=', alias.source)
      .where('kind', '=', alias.kind)
      .where('text', '=', text)
      .where('valid_from', alias.validFrom === null ? 'is' : '=', alias.validFrom)
      .execute()
    await this.#db
      .insertInto('venue_aliases')
      .values({
        source: alias.source,
        kind: alias.kind,
        text,
        venue: withoutNul(alias.venue),
        valid_from: alias.validFrom,
        valid_to: alias.validTo,
      })
      .execute()
  }

  async remove(alias: Pick<VenueAlias, 'source' | 'kind' | 'text'>): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('venue_aliases')
      .where('source', '=', alias.source)
      .where('kind', '=', alias.kind)
      .where('text', '=', withoutNul(alias.text))
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  }
}
