import type {
  CaptureCycle,
  CaptureRecordRepository,
  MissedWindow,
} from '../../repositories/market.ts'
import { instant, instantOrNull } from '../instants.ts'
import { rowWriter, withoutNul, type Executor } from '../row-writer.ts'

export class KyselyCaptureRecordRepository implements CaptureRecordRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async addMissed(windows: readonly MissedWindow[]): Promise<void> {
    await writeMissed(this.#db, windows)
  }

  async missed({ since }: { readonly since: string }): Promise<MissedWindow[]> {
    const rows = await this.#db
      .selectFrom('missed_windows')
      .selectAll()
      .where('due_at', '>=', instant(since))
      .orderBy('due_at')
      .execute()
    return rows.map((row) => ({
      subject: row.subject,
      dueAt: row.due_at,
      date: row.racing_date,
      raceNumber: row.race_number,
      lookedAt: row.looked_at,
      reason: row.reason,
      cause: row.cause,
    }))
  }

  async addCycle(cycle: CaptureCycle): Promise<void> {
    await this.#db
      .insertInto('capture_cycles')
      .values({
        started_at: instant(cycle.startedAt),
        ended_at: instant(cycle.endedAt),
        next_at: instantOrNull(cycle.nextAt),
        races_read: cycle.racesRead,
        changed: cycle.changed,
        failed: cycle.failed,
        error_code: cycle.errorCode,
        outcome: withoutNul(cycle.outcome).slice(0, 300),
      })
      .execute()
  }

  async lastCycle(): Promise<CaptureCycle | undefined> {
    const row = await this.#db
      .selectFrom('capture_cycles')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row === undefined) return undefined
    return {
      startedAt: row.started_at,
      endedAt: row.ended_at,
      nextAt: row.next_at,
      racesRead: row.races_read,
      changed: row.changed,
      failed: row.failed,
      errorCode: row.error_code,
      outcome: row.outcome,
    }
  }

  async forgetCycles(before: string): Promise<void> {
    await this.#db.deleteFrom('capture_cycles').where('ended_at', '<', instant(before)).execute()
  }
}

const writeMissed = rowWriter<'missed_windows', MissedWindow>({
  table: 'missed_windows',
  key: ['subject', 'due_at'],
  ignoreExisting: true,
  values: {
    subject: ({ subject }) => subject,
    due_at: ({ dueAt }) => instant(dueAt),
    racing_date: ({ date }) => date,
    race_number: ({ raceNumber }) => raceNumber,
    looked_at: ({ lookedAt }) => instant(lookedAt),
    reason: ({ reason }) => reason.slice(0, 200),
    cause: ({ cause }) => cause.slice(0, 200),
  },
})
