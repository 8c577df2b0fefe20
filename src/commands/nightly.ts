import { resolve } from 'node:path'
import { delayFor } from '../cli/context/config.ts'
import { isPostgres } from '../cli/context/setting-values.ts'
import type { Context } from '../cli/context/context.ts'
import { nightDigest } from '../cli/text/night-digest.ts'
import { nightlyFlags } from '../cli/command/nightly-flags.ts'
import { ScheduledCommand } from '../cli/command/scheduled-command.ts'
import type { Finished } from '../cli/command/write-summary.ts'
import type { Ended } from '../cli/command/writing-command.ts'
import type { AlertLook } from '../domain/alerts/decide-alerts.ts'
import type { QualityMetric } from '../domain/quality/quality-metrics.ts'

export default class Nightly extends ScheduledCommand<typeof Nightly> {
  static override description = `Finds and reads new pages of HRNZ, reads TAB's late results and corrections, \
matches meetings and horses, looks at the quality, writes the dashboard, and takes a backup. A step that fails keeps none of the others \
from being done; the exit code is that of the worst. After a week's last night its digest is sent to HARNESS_NOTIFY_URL.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --quiet',
    '<%= config.bin %> <%= command.id %> --backup /backups/harness.db --keep 7 --max-minutes 120',
  ]
  static override flags = nightlyFlags
  static override summary = "do a night's work: one line for cron"

  #metrics: readonly QualityMetric[] = []

  protected override async ownLook({ exitCode, outcome }: Ended): Promise<AlertLook> {
    const { nightlyLook } = await import('../app/nightly/nightly-look.ts')
    return nightlyLook({ exitCode, outcome }, this.#metrics)
  }

  protected override async tellMore(context: Context): Promise<void> {
    const { tellWeek } = await import('../app/report/report-week.ts')
    const { database, clock, owner } = context
    await tellWeek({ ...database, clock, sendNotice: owner.sendNotice })
  }

  protected async work(context: Context): Promise<Finished> {
    const { days, keep, backup, dashboard, 'max-minutes': maxMinutes } = this.flags
    const { settings } = context.config
    const { runNightly } = await import('../app/nightly/nightly.ts')
    const { nightlySteps } = await import('../app/nightly/nightly-steps.ts')
    // What a server keeps has no folder to lie in.
    const place = (said: string | undefined, name: string): string | null =>
      said === undefined
        ? isPostgres(settings.db)
          ? null
          : `${settings.db}${name}`
        : resolve(said)
    const copy = isPostgres(settings.db) ? null : place(backup, '.nightly')
    const steps = nightlySteps(context.nightlyDeps, {
      days,
      paceMs: delayFor(settings, settings.hrnzUrl),
      maxMinutes,
      onMeasured: (metrics) => (this.#metrics = metrics),
      database: context.databaseName,
      dashboard: this.flags['no-dashboard'] ? null : place(dashboard, '.dashboard.html'),
      backup: this.flags['no-backup'] || copy === null ? null : { file: copy, keep },
    })
    const deps = { ...context.nightlyDeps, underLock: context.locks.under }
    const result = await runNightly(deps, steps)
    return await nightDigest(result)
  }
}
