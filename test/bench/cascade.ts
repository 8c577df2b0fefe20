import BetterSqlite3 from 'better-sqlite3'
import { type Generated, Kysely, SqliteDialect, type Transaction } from 'kysely'
import type { MeetingObservation, StarterObservation } from '../../src/domain/observation.ts'
import type { Figures } from './figures.ts'
import { parsePacked, readPacked, type Selection } from './packed-world.ts'

interface Tables {
  horses: {
    id: Generated<number>
    tab_entrant_id: string | null
    tab_horse_id: string | null
    harness_nz_horse_id: string | null
    name: string
    normalized_name: string
    sire: string | null
    dam: string | null
    dam_sire: string | null
    sex: string | null
    colour: string | null
    country: string | null
    first_seen: string
    last_seen: string
    race_count: number
  }
  runners: {
    id: Generated<number>
    race_id: number
    number: number
    horse_id: number
    horse_name: string
    barrier: string | null
    handicap_m: number | null
    driver: string | null
    trainer: string | null
    scratched: number
    finish_position: number | null
    time_ms: number | null
    margin_raw: string | null
    stake_cents: number | null
  }
}

/**
 * The other yardstick: the horse matching that the design started from, as it was drawn. Six
 * questions at most, one after the other, then the runner, the check of the race count and the
 * horse; kysely as it comes, one transaction a starter. Meetings and races are given to it.
 */
export async function runCascade(
  options: Selection & { readonly database: string; readonly stock?: boolean },
): Promise<Figures> {
  const raw = new BetterSqlite3(options.database)
  raw.pragma('foreign_keys = on')
  // Our own settings, so that the code alone is compared; or SQLite's, which wait for the disk at
  // every commit, as a program does that sets nothing.
  if (options.stock !== true) {
    raw.pragma('journal_mode = wal')
    raw.pragma('synchronous = normal')
  }
  raw.exec(schema)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  let race = raw.prepare('select coalesce(max(race_id), 0) from runners').pluck().get() as number
  let apply = 0
  let starters = 0
  for (const packed of readPacked(options)) {
    const meetings = parsePacked(packed).map(({ observation }) => observation)
    const started = performance.now()
    for (const meeting of meetings) {
      for (const { starters: runners } of meeting.races) {
        race++
        for (const [index, runner] of runners.entries()) {
          await db
            .transaction()
            .execute((trx) => addRunner(trx, meeting, race, runner.number ?? 100 + index, runner))
          starters++
        }
      }
    }
    apply += performance.now() - started
  }
  await db.destroy()
  return { apply, starters }
}

async function addRunner(
  trx: Transaction<Tables>,
  meeting: MeetingObservation,
  raceId: number,
  number: number,
  runner: StarterObservation,
): Promise<void> {
  const horseId = await findOrCreateHorse(trx, meeting.date, runner)
  const before = await trx
    .selectFrom('runners')
    .select('id')
    .where('horse_id', '=', horseId)
    .where('race_id', '=', raceId)
    .executeTakeFirst()
  const row = {
    horse_id: horseId,
    horse_name: runner.horseName,
    barrier: runner.barrier ?? null,
    handicap_m: runner.handicapM ?? null,
    driver: runner.driver ?? null,
    trainer: runner.trainer ?? null,
    scratched: runner.scratched === true ? 1 : 0,
    finish_position: runner.finishPosition ?? null,
    time_ms: runner.timeMs ?? null,
    margin_raw: runner.marginRaw ?? null,
    stake_cents: runner.stakeCents ?? null,
  }
  await trx
    .insertInto('runners')
    .values({ race_id: raceId, number, ...row })
    .onConflict((conflict) => conflict.columns(['race_id', 'number']).doUpdateSet(row))
    .execute()
  await trx
    .updateTable('horses')
    .set((eb) => ({
      last_seen: meeting.date,
      ...(before === undefined ? { race_count: eb('race_count', '+', 1) } : {}),
    }))
    .where('id', '=', horseId)
    .execute()
}

async function findOrCreateHorse(
  trx: Transaction<Tables>,
  date: string,
  runner: StarterObservation,
): Promise<number> {
  const idOf = (prefix: string): string | null =>
    runner.identifiers?.find(({ scheme }) => scheme.startsWith(prefix))?.value ?? null
  const known = {
    tab_entrant_id: runner.tabEntrantId ?? null,
    tab_horse_id: idOf('tab_horse'),
    harness_nz_horse_id: idOf('hrnz'),
  }
  for (const column of ['tab_entrant_id', 'tab_horse_id', 'harness_nz_horse_id'] as const) {
    const value = known[column]
    if (value === null) continue
    const found = await trx
      .selectFrom('horses')
      .select('id')
      .where(column, '=', value)
      .executeTakeFirst()
    if (found !== undefined) return found.id
  }
  const normalized = runner.horseName.toLowerCase().replace(/['’]/g, '').replace(/\s+/g, ' ').trim()
  if (runner.sire !== undefined && runner.dam !== undefined) {
    const found = await trx
      .selectFrom('horses')
      .select('id')
      .where('normalized_name', '=', normalized)
      .where('sire', '=', runner.sire)
      .where('dam', '=', runner.dam)
      .executeTakeFirst()
    if (found !== undefined) return found.id
  }
  const byName = await trx
    .selectFrom('horses')
    .select('id')
    .where('normalized_name', '=', normalized)
    .executeTakeFirst()
  if (byName !== undefined) return byName.id
  const created = await trx
    .insertInto('horses')
    .values({
      ...known,
      name: runner.horseName,
      normalized_name: normalized,
      sire: runner.sire ?? null,
      dam: runner.dam ?? null,
      dam_sire: runner.damSire ?? null,
      sex: runner.sex ?? null,
      colour: runner.colour ?? null,
      country: runner.country ?? null,
      first_seen: date,
      last_seen: date,
      race_count: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return created.id
}

const schema = `
  create table if not exists horses (
    id integer primary key, tab_entrant_id text unique, tab_horse_id text unique,
    harness_nz_horse_id text unique, name text not null, normalized_name text not null, sire text,
    dam text, dam_sire text, sex text, colour text, country text, first_seen text not null,
    last_seen text not null, race_count integer not null
  );
  create index if not exists horses_breeding on horses (normalized_name, sire, dam);
  create table if not exists runners (
    id integer primary key, race_id integer not null, number integer not null,
    horse_id integer not null references horses (id), horse_name text not null, barrier text,
    handicap_m integer, driver text, trainer text, scratched integer not null,
    finish_position integer, time_ms integer, margin_raw text, stake_cents integer,
    unique (race_id, number)
  );
  create index if not exists runners_horse_id on runners (horse_id, race_id);
`
