import { sql } from 'kysely'
import type { Redirect } from '../../domain/masters.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'

/** Ids that were merged away. Rows always point at a live id, so that SQL needs no second look. */
export class RedirectTable {
  readonly #db: Executor
  readonly #kind: Redirect['kind']

  constructor(db: Executor, kind: Redirect['kind']) {
    this.#db = db
    this.#kind = kind
  }

  async resolve(ids: readonly number[]): Promise<Map<number, number>> {
    const resolved = new Map((await this.#live(ids)).map((id) => [id, id]))
    const retired = ids.filter((id) => !resolved.has(id))
    const rows = await inChunks(retired, (chunk) =>
      this.#db
        .selectFrom('redirects')
        .select(['old_id', 'id'])
        .where('kind', '=', this.#kind)
        .where('old_id', 'in', chunk)
        .execute(),
    )
    const targets = new Set(await this.#live(rows.map(({ id }) => id)))
    for (const { old_id, id } of rows) if (targets.has(id)) resolved.set(old_id, id)
    return resolved
  }

  async redirect(redirects: readonly Redirect[]): Promise<void> {
    if (redirects.length === 0) return
    const given = new Map(redirects.map((redirect) => [redirect.oldId, redirect]))
    const known = new Map<number, Redirect>()
    for (const redirect of [
      ...(await this.#load('id', [...given.keys()])),
      ...(await this.#load(
        'old_id',
        [...given.values()].map(({ id }) => id),
      )),
    ]) {
      known.set(redirect.oldId, redirect)
    }
    const revived = new Set<number>()
    for (const { oldId, id } of given.values()) {
      // Merging the other way round again: what the older redirect retired is alive.
      if (!given.has(id) && endOf(id, known) === oldId) revived.add(id)
    }
    const all = new Map([...known, ...given])
    for (const id of revived) all.delete(id)
    const changed = [...all.values()]
      .map((redirect) => ({ ...redirect, id: endOf(redirect.id, all) }))
      .filter(({ oldId, id }) => oldId !== id)
    await this.revive([...revived])
    await write(this.#db, changed)
  }

  async revive(ids: readonly number[]): Promise<void> {
    await forChunks(ids, (chunk) =>
      this.#db
        .deleteFrom('redirects')
        .where('kind', '=', this.#kind)
        .where('old_id', 'in', chunk)
        .execute(),
    )
  }

  async redirectsTo(ids: readonly number[]): Promise<Redirect[]> {
    return this.#load('id', ids)
  }

  async #live(ids: readonly number[]): Promise<number[]> {
    const table = this.#kind === 'meeting' ? 'meetings' : 'horses'
    const rows = await inChunks(ids, async (chunk) => {
      const query = sql<{ id: number }>`
        select id from ${sql.table(table)} where id in (${sql.join(chunk)})`
      return (await query.execute(this.#db)).rows
    })
    return rows.map(({ id }) => id)
  }

  async #load(column: 'id' | 'old_id', ids: readonly number[]): Promise<Redirect[]> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('redirects')
        .selectAll()
        .where('kind', '=', this.#kind)
        .where(column, 'in', chunk)
        .execute(),
    )
    return rows
      .map((row) => ({
        kind: row.kind,
        oldId: row.old_id,
        id: row.id,
        retiredAt: row.retired_at,
        anchor: row.anchor,
      }))
      .sort((a, b) => a.oldId - b.oldId)
  }
}

/** Follows redirects to the last id; a ring ends where it would start again. */
function endOf(id: number, redirects: ReadonlyMap<number, Redirect>): number {
  const seen = new Set<number>()
  let end = id
  for (let next = redirects.get(end); next !== undefined; next = redirects.get(end)) {
    if (seen.has(next.id)) break
    seen.add(end)
    end = next.id
  }
  return end
}

const write = rowWriter<'redirects', Redirect>({
  table: 'redirects',
  key: ['kind', 'old_id'],
  values: {
    kind: (row) => row.kind,
    old_id: (row) => row.oldId,
    id: (row) => row.id,
    retired_at: (row) => instant(row.retiredAt),
    anchor: (row) => row.anchor,
  },
})
