import { resolve } from 'node:path'
import type { AlertLook } from '../../domain/alerts/decide-alerts.ts'
import { DatabaseError } from '../../errors.ts'
import type { Context } from '../context/context.ts'
import { describeError } from './report-error.ts'
import type { Ended } from './writing-command.ts'

/**
 * After a scheduled run: a look at what alerts watch, and the metrics file. Neither can fail the
 * run that it comes after: what goes wrong is a warning.
 */
export async function tellOfRun(
  context: Context,
  told: { readonly look: AlertLook | null; readonly metricsFile: string | null },
): Promise<void> {
  const { look, metricsFile } = told
  if (look !== null && !context.signal.aborted)
    await quietly(context, 'alerts', () => tellOfLook(context, look))
  if (metricsFile !== null && context.isOpen && !context.signal.aborted)
    await quietly(context, 'the metrics file', () => writeMetrics(context, metricsFile))
}

/**
 * Whoever ends a run waits for nothing more, and one that never began, say on the database of a newer
 * version, must write nothing there.
 */
export function mayTell(context: Context): boolean {
  return context.runId !== undefined && !context.signal.aborted
}

/** Tells the owner something, with nobody else telling them the same; never throws. */
export async function tellQuietly(
  context: Context,
  what: string,
  tell: () => Promise<void>,
): Promise<void> {
  await quietly(context, what, () => context.locks.alone('alerts', tell, context.signal))
}

/** The look, or the night's failure alone where nothing can be put on record. */
async function tellOfLook(context: Context, look: AlertLook): Promise<void> {
  if (!mayTell(context)) return await tellWithoutRecord(context, look)
  try {
    await context.locks.alone('alerts', () => lookForAlerts(context, look), context.signal)
  } catch (error) {
    if (error instanceof DatabaseError) await tellWithoutRecord(context, look)
    throw error
  }
}

/**
 * On a full disk, or on a database that does not open, nobody can know what was told before: once a
 * night is bearable, after every run of `capture` it would not be.
 */
async function tellWithoutRecord({ owner }: Context, { sightings }: AlertLook): Promise<void> {
  const night = sightings.find(({ rule, level }) => rule === 'nightly' && level === 'error')
  if (night === undefined) return
  await owner.sendNotice({
    level: 'problem',
    title: 'harness: the night went wrong',
    message: `error: ${night.value}\nit cannot be put on record, so it is told each night; see \`harness doctor\``,
  })
}

async function lookForAlerts(context: Context, look: AlertLook): Promise<void> {
  const { lookForAlerts: lookOnce } = await import('../../app/nightly/look-for-alerts.ts')
  await lookOnce(context.lookDeps, look)
}

async function writeMetrics(context: Context, file: string): Promise<void> {
  const { collectMetrics } = await import('../../app/nightly/collect-metrics.ts')
  const { expositionText } = await import('../../domain/metrics/exposition.ts')
  const { writeWhole } = await import('../../app/write-whole.ts')
  const metrics = await collectMetrics({ ...context.database, clock: context.clock })
  await writeWhole(file, expositionText(metrics))
}

async function quietly(context: Context, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    context.log.warn(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export interface ToldRun {
  /** As it is typed: `db backup`. */
  readonly command: string
  /** A run that lasts for days has a heartbeat in place of a beginning and an end. */
  readonly lasts: boolean
}

/** A run of which the dead man's switch hears the start and the end; `afterwards` comes between. */
export async function toldRun(
  context: Context,
  { command, lasts }: ToldRun,
  work: () => Promise<Ended>,
  afterwards: (ended: Ended) => Promise<void>,
): Promise<Ended> {
  if (!lasts) await context.owner.ping(command, 'start')
  let ended: Ended = { exitCode: 1, outcome: 'ended before its time' }
  try {
    ended = await work()
    return ended
  } catch (error) {
    const interrupted = context.signal.aborted
    const report = describeError(error, { command, version: context.version, interrupted })
    ended = { exitCode: report.exitCode, outcome: report.message }
    throw error
  } finally {
    await afterwards(ended)
    // Of one that lasts, or of the other one that keeps it from working, there is a heartbeat.
    const goesOn = lasts && (ended.exitCode === 0 || ended.exitCode === 4)
    if (!goesOn) await context.owner.ping(command, ended)
  }
}

/** The flag's file, else that of the settings; null where nobody wants one. */
export function metricsFileOf(context: Context, flag: string | undefined): string | null {
  return flag === undefined ? context.config.settings.metricsFile : resolve(flag)
}
