import { resolve } from 'node:path'
import { Flags } from '@oclif/core'
import { delayFor, isPostgres } from '../cli/config.ts'
import type { Context } from '../cli/context.ts'
import { nightDigest } from '../cli/night-digest.ts'
import type { Finished } from '../cli/write-summary.ts'
import { WritingCommand } from '../cli/writing-command.ts'

export default class Nightly extends WritingCommand<typeof Nightly> {
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

  override async run(): Promise<void> {
    const context = await this.context()
    await context.ping('start')
    let exitCode = 1
    try {
      await super.run()
      exitCode = Number(process.exitCode ?? 0)
    } finally {
      const { wentWell } = await import('../app/nightly-notice.ts')
      await context.ping(wentWell(exitCode) ? 'success' : 'fail')
    }
  }

  protected async work(context: Context): Promise<Finished> {
    const { days, keep, backup, 'max-minutes': maxMinutes } = this.flags
    const { settings } = context.config
    const { runNightly } = await import('../app/nightly.ts')
    const { nightlySteps } = await import('../app/nightly-steps.ts')
    const steps = nightlySteps(context.nightlyDeps, {
      days,
      paceMs: delayFor(settings, settings.hrnzUrl),
      maxMinutes,
      backup:
        this.flags['no-backup'] || isPostgres(settings.db)
          ? null
          : { file: resolve(backup ?? `${settings.db}.nightly`), keep },
    })
    const { nightlyNotice } = await import('../app/nightly-notice.ts')
    const previous = await context.database.runs.lastEnded(this.commandName)
    const result = await runNightly({ ...context.nightlyDeps, underLock: context.underLock }, steps)
    const notice = nightlyNotice(previous?.exitCode ?? undefined, result)
    // Whether the notice arrives changes nothing about the night.
    if (notice !== undefined)
      await context.sendNotice(notice).catch((error: Error) => context.log.warn(error.message))
    return await nightDigest(result)
  }
}
