import type { Command } from '@oclif/core'
import { InterruptedError } from '../../errors.ts'
import { HarnessCommand } from './base-command.ts'
import { maskedDatabaseUrl } from '../context/config.ts'
import { isPostgres } from '../context/setting-values.ts'
import type { Context, Job } from '../context/context.ts'
import { describeError, printReport } from './report-error.ts'
import { safeJson, safeText } from '../text/safe-text.ts'
import { type Finished, warningLines, writeSummary } from './write-summary.ts'

/** What a run left with, and why. */
export interface Ended {
  readonly exitCode: number
  readonly outcome: string
}

/**
 * A command that changes the database. It runs under its job's lock, on a database that has been
 * brought up to date, and leaves a row that says what it did, also when it fails.
 */
export abstract class WritingCommand<T extends typeof Command> extends HarnessCommand<T> {
  /** Runs of one job exclude each other; null where the unit of work alone is protection enough. */
  static job: Job | null = null
  /** A watcher is ended by SIGTERM as a matter of course: exit 0 instead of 130. */
  static endsOnTerm = false

  protected readonly stopsAtOnce = false

  /** Whether this run does its job together with others: said by a command's flag --share. */
  protected get isShared(): boolean {
    return (this.flags as { readonly share?: boolean }).share === true
  }

  protected abstract work(context: Context): Promise<Finished>

  async run(): Promise<Ended> {
    const context = await this.context()
    const { job } = this.ctor as unknown as typeof WritingCommand
    const store = await context.openForWriting(job, this.isShared)
    const run = await store.runs.start({
      command: this.commandName,
      argv: this.argv.map(withoutPassword).join(' '),
      version: this.config.version,
      ...context.runInfo,
      startedAt: new Date(context.clock.now()).toISOString(),
    })
    context.runId = run
    const finish = (exitCode: number, outcome: string, counters: unknown): Promise<void> =>
      store.runs.finish(run, {
        endedAt: new Date(context.clock.now()).toISOString(),
        exitCode,
        outcome: safeText(outcome).slice(0, 2000),
        counters: JSON.stringify(counters),
      })
    let finished: Finished
    try {
      finished = this.#ended(await this.work(context))
    } catch (error) {
      const ended = this.#endedByTerm(error)
      if (ended === undefined) {
        const report = describeError(error, {
          command: this.commandName,
          version: this.config.version,
          interrupted: this.interruption.received !== undefined,
        })
        // The work's own failure is what the user must hear of, not that its row was not written.
        await finish(report.exitCode, report.message, {}).catch((failure: unknown) =>
          context.log.error('the run could not be put on record', { failure }),
        )
        throw error
      }
      finished = ended
    } finally {
      context.progress.stop()
    }
    const exitCode = finished.stopped?.exitCode ?? (finished.partial ? 3 : 0)
    const outcome = finished.stopped?.message ?? finished.outcome
    await finish(exitCode, outcome, finished.counts)
    await this.#print(finished, run)
    process.exitCode = exitCode
    return { exitCode, outcome }
  }

  /** Work that heard the signal and came to an end by itself is interrupted all the same. */
  #ended(finished: Finished): Finished {
    const { received } = this.interruption
    if (received === undefined || finished.stopped !== undefined) return finished
    return this.#mayEndBy(received) ? finished : { ...finished, stopped: new InterruptedError() }
  }

  #endedByTerm(error: unknown): Finished | undefined {
    const { received } = this.interruption
    if (received === undefined || !this.#mayEndBy(received)) return undefined
    if (!(error instanceof InterruptedError)) return undefined
    return { counts: {}, warnings: [], partial: false, outcome: 'ended by SIGTERM' }
  }

  #mayEndBy(signal: NodeJS.Signals): boolean {
    return signal === 'SIGTERM' && (this.ctor as unknown as typeof WritingCommand).endsOnTerm
  }

  async #print(finished: Finished, run: number): Promise<void> {
    const { counts, warnings, stopped } = finished
    const report =
      stopped === undefined
        ? undefined
        : describeError(stopped, { command: this.commandName, version: this.config.version })
    if (this.flags.json) {
      const body = finished.json ?? { counts, warnings }
      const error = report === undefined ? {} : { error: report }
      this.writeData(`${safeJson({ run, ...body, ...error }, 2)}\n`)
      return
    }
    for (const line of warningLines(warnings)) this.say(line)
    if (finished.streamed === true) this.say(finished.outcome)
    else if (!this.flags.quiet) this.writeData(safeText(await writeSummary(finished)))
    if (report !== undefined) printReport(report)
  }
}

/** The command line goes on record; a password in it does not. */
function withoutPassword(word: string): string {
  const [, flag = '', value = ''] = /^(--\w+=)?(.*)$/s.exec(word) ?? []
  return isPostgres(value) ? flag + maskedDatabaseUrl(value) : word
}
