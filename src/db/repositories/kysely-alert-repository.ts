import type { Kysely } from 'kysely'
import type { Alert } from '../../domain/alerts/decide-alerts.ts'
import type { AlertRepository, DigestRepository, WatchFacts } from '../../repositories/watching.ts'
import { instant, instantOrNull } from '../instants.ts'
import { mappingErrors } from '../map-database-error.ts'
import { rowWriter } from '../row-writer.ts'
import type { Schema } from '../schema.ts'
import { readWatchFacts } from './watch-facts.ts'

const writeAlerts = rowWriter<'alerts', Alert>({
  table: 'alerts',
  values: {
    rule: ({ rule }) => rule,
    subject: ({ subject }) => subject.slice(0, 300),
    state: ({ state }) => state,
    opened_at: ({ openedAt }) => instant(openedAt),
    recovered_at: ({ recoveredAt }) => instantOrNull(recoveredAt),
    value: ({ value }) => value.slice(0, 1000),
    clear_looks: ({ clearLooks }) => clearLooks,
    told: ({ told }) => told,
    told_at: ({ toldAt }) => instantOrNull(toldAt),
  },
  key: ['rule', 'subject'],
})

/** Alerts, and the weeks whose digest has arrived: what the owner was told. */
export class KyselyAlertRepository implements AlertRepository, DigestRepository {
  readonly #db: Kysely<Schema>
  readonly #target: string

  constructor(db: Kysely<Schema>, target: string) {
    this.#db = db
    this.#target = target
  }

  async all(): Promise<Alert[]> {
    const rows = await this.#db
      .selectFrom('alerts')
      .selectAll()
      .orderBy('rule')
      .orderBy('subject')
      .execute()
    return rows.map((row) => ({
      rule: row.rule,
      subject: row.subject,
      state: row.state,
      openedAt: row.opened_at,
      recoveredAt: row.recovered_at,
      value: row.value,
      clearLooks: row.clear_looks,
      told: row.told,
      toldAt: row.told_at,
    }))
  }

  save(alerts: readonly Alert[]): Promise<void> {
    return mappingErrors(this.#target, () =>
      this.#db.transaction().execute(async (db) => {
        await writeAlerts(db, alerts)
      }),
    )
  }

  facts(at: { readonly since: string; readonly overdue: string }): Promise<WatchFacts> {
    return readWatchFacts(this.#db, at)
  }

  async isTold(week: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('digests')
      .select('week')
      .where('week', '=', week)
      .executeTakeFirst()
    return row !== undefined
  }

  told(week: string, at: string): Promise<void> {
    return mappingErrors(this.#target, () =>
      this.#db.transaction().execute(async (db) => {
        await db
          .insertInto('digests')
          .values({ week, told_at: instant(at) })
          .onConflict((conflict) => conflict.column('week').doNothing())
          .execute()
      }),
    )
  }
}
