import { type Command, Flags } from '@oclif/core'
import type { AlertLook } from '../../domain/alerts/decide-alerts.ts'
import { HarnessCommand } from './base-command.ts'
import type { Context } from '../context/context.ts'
import { mayTell, metricsFileOf, tellOfRun, tellQuietly, toldRun } from './tell-of-run.ts'
import { type Ended, WritingCommand } from './writing-command.ts'

export const metricsFileFlag = {
  'metrics-file': Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: 'PATH',
    summary: 'Leave figures for Prometheus there (HARNESS_METRICS_FILE).',
  }),
}

/** With these a person is at work, not cron: nobody else is to be told. */
const byHand = ['dry-run', 'wanted', 'file', 'reparse']

/** How often a run that lasts for days tells that it is alive, at most. Shown milliseconds. */
const heartbeatMs = 10 * 60_000

/**
 * A command that cron runs: it tells its dead man's switch of the start and the end, looks for
 * alerts, and leaves its figures for Prometheus.
 */
export abstract class ScheduledCommand<T extends typeof Command> extends WritingCommand<T> {
  static override baseFlags = { ...HarnessCommand.baseFlags, ...metricsFileFlag }
  #lastBeat = Number.NEGATIVE_INFINITY

  /** What the command knows that is not in the database. */
  protected async ownLook(ended: Ended): Promise<AlertLook> {
    const { watchRun } = await import('../../domain/alerts/watch-run.ts')
    return { rules: new Set([this.commandName]), sightings: [watchRun(this.commandName, ended)] }
  }

  /** What its end is the time for besides. */
  protected tellMore?(context: Context): Promise<void>

  override async run(): Promise<Ended> {
    if (byHand.some((flag) => this.#has(flag))) return await super.run()
    const context = await this.context()
    return await toldRun(
      context,
      { command: this.commandName, lasts: this.#has('watch') },
      () => super.run(),
      async (ended) => {
        await this.#tell(context, await this.ownLook(ended))
        if (this.tellMore === undefined || !mayTell(context)) return
        await tellQuietly(context, 'the digest', async () => this.tellMore?.(context))
      },
    )
  }

  /** A sign of life of a run that lasts, at its own pace; `isWell`: the switch hears of it. */
  protected async beat(context: Context, isWell: boolean, outcome: string): Promise<void> {
    const now = context.clock.now()
    if (now - this.#lastBeat < heartbeatMs) return
    this.#lastBeat = now
    const alive = { exitCode: 0, outcome }
    if (isWell) await context.owner.ping(this.commandName, alive)
    await this.#tell(context, await this.ownLook(alive))
  }

  #has(flag: string): boolean {
    const { [flag]: value } = this.flags as Readonly<Record<string, unknown>>
    return value !== undefined && value !== false
  }

  async #tell(context: Context, look: AlertLook): Promise<void> {
    const flag = (this.flags as { 'metrics-file'?: string })['metrics-file']
    await tellOfRun(context, { look, metricsFile: metricsFileOf(context, flag) })
  }
}
