import { sql, type Kysely, type Selectable } from 'kysely'
import type { CommandHistory, Run, RunRepository, Worker } from '../../repositories/operations.ts'
import { instant } from '../instants.ts'
import { mappingErrors } from '../map-database-error.ts'
import { isPostgres, withoutNul, type Executor } from '../row-writer.ts'
import type { Schema } from '../schema.ts'
import type { RunsTable } from '../schema/operations.ts'
import { workersAtWork } from '../workers.ts'

export class KyselyRunRepository implements RunRepository {
  readonly #db: Kysely<Schema>
  readonly #target: string

  constructor(db: Kysely<Schema>, target: string) {
    this.#db = db
    this.#target = target
  }

  start(run: Parameters<RunRepository['start']>[0]): Promise<number> {
    return this.#write(async (db) => {
      const { id } = await db
        .insertInto('runs')
        .values({
          command: run.command,
          argv: withoutNul(run.argv),
          version: run.version,
          host: run.host,
          pid: run.pid,
          started_at: instant(run.startedAt),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    })
  }

  finish(id: number, end: Parameters<RunRepository['finish']>[1]): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('runs')
        .set({
          ended_at: instant(end.endedAt),
          exit_code: end.exitCode,
          outcome: withoutNul(end.outcome),
          counters: withoutNul(end.counters),
        })
        .where('id', '=', id)
        .execute()
    })
  }

  async latest(): Promise<Run[]> {
    const rows = await this.#db
      .selectFrom('runs')
      .selectAll()
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('runs')
          .select(({ fn }) => fn.max('id').as('id'))
          .groupBy('command'),
      )
      .orderBy('id', 'desc')
      .execute()
    return rows.map(toRun)
  }

  async history(): Promise<CommandHistory[]> {
    const commands = await this.#db
      .selectFrom('runs')
      .select((eb) => [
        'command',
        eb.fn.max('id').as('last'),
        sql<string | null>`max(case when exit_code = 0 then ended_at end)`.as('lastSuccess'),
      ])
      .where('ended_at', 'is not', null)
      .groupBy('command')
      .orderBy('command')
      .execute()
    const rows = await this.#db
      .selectFrom('runs')
      .selectAll()
      .where('id', 'in', [0, ...commands.map(({ last }) => Number(last))])
      .execute()
    const byCommand = new Map(rows.map((row) => [row.command, row]))
    return commands.flatMap(({ command, lastSuccess }) => {
      const row = byCommand.get(command)
      return row === undefined ? [] : [{ command, lastEnded: toRun(row), lastSuccess }]
    })
  }

  async workers(): Promise<Worker[]> {
    if (!isPostgres(this.#db)) return []
    const rows = await this.#db
      .selectFrom('runs')
      .leftJoin('pages', 'pages.claimed_by', 'runs.id')
      .select(['runs.id', 'command', 'host', 'pid', 'started_at', 'url', 'racing_date', 'club'])
      .where('runs.id', 'in', workersAtWork)
      .orderBy('runs.id')
      .execute()
    return rows.map(({ id, command, host, pid, started_at, url, racing_date, club }) => ({
      id,
      command,
      host,
      pid,
      startedAt: started_at,
      page: url === null ? null : { url, date: racing_date, club },
    }))
  }

  #write<T>(work: (db: Executor) => Promise<T>): Promise<T> {
    return mappingErrors(this.#target, () => this.#db.transaction().execute(work))
  }
}

function toRun(row: Selectable<RunsTable>): Run {
  return {
    id: row.id,
    command: row.command,
    argv: row.argv,
    version: row.version,
    host: row.host,
    pid: row.pid,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    exitCode: row.exit_code,
    outcome: row.outcome,
    counters: row.counters,
  }
}
