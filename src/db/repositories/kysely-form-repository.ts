import { sql } from 'kysely'
import type { FormLine } from '../../domain/horses/form-line.ts'
import type { HorseIdentifierRow, HorseRow } from '../../domain/masters.ts'
import type { FormRepository } from '../../repositories/form.ts'
import { type Executor, inChunks } from '../row-writer.ts'
import { KyselyHorseRepository } from './kysely-horse-repository.ts'

export class KyselyFormRepository implements FormRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async lines(starterIds: readonly number[]): Promise<FormLine[]> {
    const rows = await inChunks(starterIds, (chunk) =>
      this.#db
        .selectFrom('starts')
        .select((eb) => [
          ...columns,
          eb
            .selectFrom('odds_snapshots')
            .innerJoin('tab_entrants', 'tab_entrants.id', 'odds_snapshots.entrant')
            .select('fixed_win_cents')
            .whereRef('tab_entrants.tab_entrant_id', '=', 'starts.tab_entrant_id')
            .where('fixed_win_cents', 'is not', null)
            .orderBy('odds_snapshots.last_seen', 'desc')
            .limit(1)
            .as('price_cents'),
        ])
        .where('starter_id', 'in', chunk)
        .execute(),
    )
    return rows
      .map((row) => ({
        starterId: row.starter_id,
        raceId: row.race_id,
        date: row.meeting_date,
        venue: row.venue,
        raceNumber: row.race_number,
        distanceM: row.distance_m,
        startType: row.start_type,
        gait: row.gait,
        barrier: row.barrier,
        handicapM: row.handicap_m,
        scratched: row.scratched === 1,
        finishPosition: row.finish_position,
        finishRaw: row.finish_raw,
        timeMs: row.time_ms,
        mileRateMs: row.mile_rate_ms,
        marginRaw: row.margin_raw,
        driver: row.driver,
        trainer: row.trainer,
        priceCents: row.price_cents,
        dataSource: row.data_source,
        hrnzUrl: row.hrnz_url,
        rule: row.link_rule,
      }))
      .sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.starterId - b.starterId))
  }

  allNames(): Promise<{ horseId: number; nameKey: string }[]> {
    return this.#db
      .selectFrom('horse_names')
      .select(['horse_id as horseId', 'name_key as nameKey'])
      .orderBy('name_key')
      .orderBy('horse_id')
      .execute()
  }

  async offspring(name: string): Promise<HorseRow[]> {
    const rows = await this.#db
      .selectFrom('horses')
      .select('id')
      .where((eb) =>
        eb.or([
          eb(sql`lower(sire)`, 'like', sql`lower(${prefix(name)})`),
          eb(sql`lower(dam)`, 'like', sql`lower(${prefix(name)})`),
        ]),
      )
      .execute()
    return this.#load(rows.map(({ id }) => id))
  }

  async countHorses(): Promise<number> {
    const { total } = await this.#db
      .selectFrom('horses')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }

  async withDamAndFoaling(): Promise<HorseRow[]> {
    const rows = await this.#db
      .selectFrom('horses')
      .select('id')
      .where('dam', 'is not', null)
      .where('foaled_on', 'is not', null)
      .execute()
    return this.#load(rows.map(({ id }) => id))
  }

  async pastStarts(
    identifiers: readonly HorseIdentifierRow[],
  ): Promise<{ date: string; track: string | null }[]> {
    const rows = await inChunks(identifiers, (chunk) =>
      this.#db
        .selectFrom('past_starts')
        .select(['racing_date as date', 'track'])
        .where((eb) =>
          eb.or(
            chunk.map(({ scheme, value }) =>
              eb.and([eb('horse_scheme', '=', scheme), eb('horse_number', '=', value)]),
            ),
          ),
        )
        .execute(),
    )
    return rows.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0))
  }

  #load(ids: readonly number[]): Promise<HorseRow[]> {
    return new KyselyHorseRepository(this.#db).load(ids)
  }
}

/** Marks and countries may follow a parent's name; the caller compares name keys. */
const prefix = (name: string): string => `${name.replace(/[^A-Za-z0-9 ]/g, '_').slice(0, 3)}%`

const columns = [
  'starter_id',
  'race_id',
  'meeting_date',
  'venue',
  'race_number',
  'distance_m',
  'start_type',
  'gait',
  'barrier',
  'handicap_m',
  'scratched',
  'finish_position',
  'finish_raw',
  'time_ms',
  'mile_rate_ms',
  'margin_raw',
  'driver',
  'trainer',
  'data_source',
  'hrnz_url',
  'link_rule',
] as const
