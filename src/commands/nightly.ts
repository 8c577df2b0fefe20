import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { delayFor, isPostgres } from '../cli/config.ts'
import type { Context } from '../cli/context.ts'
import { nightDigest } from '../cli/night-digest.ts'
import { ScheduledCommand } from '../cli/scheduled-command.ts'
import type { Finished } from '../cli/write-summary.ts'
import type { Ended } from '../cli/writing-command.ts'
import type { AlertLook } from '../domain/alerts/decide-alerts.ts'
import type { QualityMetric } from '../domain/quality/quality-metrics.ts'

export default class Nightly extends ScheduledCommand<typeof Nightly> {
  static override description = `Finds and reads new pages of HRNZ, reads TAB's late results and corrections, \
matches meetings and horses, looks at the quality, and takes a backup. A step that fails keeps none of the others \
from being done; the exit code is that of the worst. HARNESS_PING_URL is told of the start and of the end.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --quiet',
    '<%= config.bin %> <%= command.id %> --backup /backups/harness.db --keep 7 --max-minutes 120',
  ]
  static override flags = {
    days: Flags.integer({
      min: 1,
      max: 400,
      default: 7,
      helpValue: 'N',
      summary: 'Look for meetings of the last N racing dates.',
    }),
    'max-minutes': Flags.integer({ min: 1, helpValue: 'N', summary: 'Scrape for N minutes.' }),
    backup: Flags.string({
      helpValue: 'FILE',
      summary: 'Where the backup goes; beside the database when nothing is said.',
    }),
    keep: Flags.integer({
      min: 1,
      max: 1000,
      default: 3,
      helpValue: 'N',
      summary: 'Backups to keep, FILE.1 the one before.',
    }),
    'no-backup': Flags.boolean({ summary: 'Take no backup.', exclusive: ['backup'] }),
  }
  static override summary = "do a night's work: one line for cron"

  #metrics: readonly QualityMetric[] = []

  protected override async ownLook({ exitCode, outcome }: Ended): Promise<AlertLook> {
    const { nightlyLook } = await import('../app/nightly-look.ts')
    return nightlyLook({ exitCode, outcome }, this.#metrics)
  }

  protected async work(context: Context): Promise<Finished> {
    const { days, keep, backup, 'max-minutes': maxMinutes } = this.flags
    const { settings } = context.config
    const { runNightly } = await import('../app/nightly.ts')
    const { nightlySteps } = await import('../app/nightly-steps.ts')
    const steps = nightlySteps(context.nightlyDeps, {
      onMeasured: (metrics) => (this.#metrics = metrics),
      days,
      paceMs: delayFor(settings, settings.hrnzUrl),
      maxMinutes,
      backup:
        this.flags['no-backup'] || isPostgres(settings.db)
          ? null
          : { file: resolve(backup ?? `${settings.db}.nightly`), keep },
    })
    const deps = { ...context.nightlyDeps, underLock: context.underLock }
    const result = await runNightly(deps, steps)
    return await nightDigest(result)
  }
}
