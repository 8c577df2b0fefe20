import { statSync } from 'node:fs'
import type { Alert } from '../../domain/alerts/decide-alerts.ts'
import type { archiveHint } from '../../domain/archive-hint.ts'
import { holds } from '../../domain/scraping/host-hold.ts'
import type { HostState, Run, Worker } from '../../repositories/operations.ts'
import type { CaptureCycle } from '../../repositories/market.ts'
import type { Page } from '../../repositories/pages.ts'
import { isPostgres } from '../context/setting-values.ts'
import type { Context } from '../context/context.ts'

/** Where things stand, as `status --json` gives it. Null: there is nothing to look at yet. */
export interface StatusReport {
  readonly database: {
    readonly location: string
    readonly exists: boolean
    readonly sizeBytes: number | null
    readonly schema: string | null
    readonly schemaState: 'missing' | 'behind' | 'newer' | 'current'
  }
  readonly holdings: Holdings | null
  readonly next: string
}

interface Holdings {
  readonly counts: Readonly<Record<string, number>>
  readonly lastDate: string | null
  readonly questions: { readonly meetings: number; readonly horses: number }
  /** `due`: how many of them may be read now. */
  readonly queues: readonly Readonly<
    Pick<Page, 'source' | 'kind' | 'state'> & { count: number; due: number }
  >[]
  /** Whether a page is due now. */
  readonly due: boolean
  readonly runs: readonly RunState[]
  /** Runs that share their work at this moment, on whatever machine. */
  readonly workers: readonly Worker[]
  readonly refusedHosts: readonly { host: string; until: string; reason: string | null }[]
  /** How a file that has grown large becomes smaller. */
  readonly large: ReturnType<typeof archiveHint>
  readonly capture: CaptureState
  /** Worst first. */
  readonly alerts: readonly Pick<Alert, 'rule' | 'subject' | 'state' | 'openedAt' | 'value'>[]
}

/** How TAB's races are being followed. */
interface CaptureState {
  /** The last round of a watcher. */
  readonly heartbeat: CaptureCycle | null
  /** The races that are read next. */
  readonly next: readonly Pick<Page, 'date' | 'venue' | 'dueAt' | 'reason' | 'url'>[]
  /** Looks of the last 13 days that came too late. */
  readonly missed: number
}

export interface RunState extends Omit<Run, 'counters' | 'argv'> {
  /** `running` holds its job's lock; `died` left no exit code and holds nothing. */
  readonly state: 'ended' | 'running' | 'died' | 'elsewhere'
}

/** Looks, and changes nothing; works without a database too. */
export async function describeStatus(context: Context): Promise<StatusReport> {
  const location = context.databaseName
  if (!context.databaseExists)
    return {
      database: { location, exists: false, sizeBytes: null, schema: null, schemaState: 'missing' },
      holdings: null,
      next: context.config.fileExists ? 'harness discover --days 7' : 'harness init',
    }
  const { migrator } = await context.openAsItIs()
  const { current, pending, newerThanKnown } = await migrator.status()
  const schemaState =
    newerThanKnown.length > 0 ? 'newer' : pending.length > 0 ? 'behind' : 'current'
  const holdings = schemaState === 'current' ? await lookInside(context) : null
  return {
    database: {
      location,
      exists: true,
      sizeBytes: fileSize(context.config.settings.db),
      schema: current,
      schemaState,
    },
    holdings,
    next: holdings === null ? nextForSchema(schemaState) : nextStep(holdings),
  }
}

/** The command that helps most now. */
export function nextStep(
  holdings: Pick<Holdings, 'counts' | 'queues' | 'due' | 'refusedHosts'>,
): string {
  if (holdings.due) return 'harness scrape'
  const pages = holdings.queues.length
  if (pages === 0 && (holdings.counts['meetings'] ?? 0) === 0) return 'harness discover --days 7'
  if (pages === 0) return 'harness discover --days 30'
  if (holdings.refusedHosts.length > 0) return 'harness doctor'
  return 'harness capture'
}

function nextForSchema(state: StatusReport['database']['schemaState']): string {
  return state === 'newer' ? 'install a newer harness' : 'harness db migrate'
}

async function lookInside(context: Context): Promise<Holdings> {
  const { runs, hostPace, unitOfWork, alerts } = context.database
  const now = context.clock.now()
  const { lastDate, ...counts } = await context.countTables()
  const inside = await unitOfWork.read(async ({ pages, reviews, captureRecord, archiving }) => ({
    oldest: await archiving.oldestInPlace(),
    queues: await pages.counts(new Date(now).toISOString()),
    due: await pages.due(
      { source: 'hrnz_scraper', kind: 'results', now: new Date(now).toISOString() },
      1,
    ),
    questions: { meetings: await reviews.count('meeting'), horses: await reviews.count('horse') },
    capture: {
      heartbeat: (await captureRecord.lastCycle()) ?? null,
      next: (
        await pages.due({ source: 'tab_api', kind: 'event', now: '9999-12-31T00:00:00.000Z' }, 3)
      ).map(({ date, venue, dueAt, reason, url }) => ({ date, venue, dueAt, reason, url })),
      missed: (await captureRecord.missed({ since: new Date(now - 13 * 86_400_000).toISOString() }))
        .length,
    },
  }))
  const workers = await runs.workers()
  const isWorking = (run: Run): boolean | undefined =>
    workers.some(({ id }) => id === run.id) || context.isAlive(run)
  return {
    counts,
    lastDate,
    questions: inside.questions,
    queues: inside.queues,
    due: inside.due.length > 0,
    runs: (await runs.latest()).map((run) => stateOfRun(run, isWorking)),
    workers,
    refusedHosts: refusedAt(await hostPace.all(), now),
    capture: inside.capture,
    large: await largeFile(context.config.settings.db, inside.oldest, now),
    alerts: openAlerts(await alerts.all()),
  }
}

function openAlerts(alerts: readonly Alert[]): Holdings['alerts'] {
  return alerts
    .filter(({ state }) => state !== 'ok')
    .toSorted((a, b) => Number(b.state === 'error') - Number(a.state === 'error'))
    .map(({ rule, subject, state, openedAt, value }) => ({ rule, subject, state, openedAt, value }))
}

function stateOfRun(whole: Run, isAtWork: (run: Run) => boolean | undefined): RunState {
  const { counters: _counters, argv: _argv, ...run } = whole
  if (run.endedAt !== null) return { ...run, state: 'ended' }
  const alive = isAtWork(whole)
  return { ...run, state: alive === undefined ? 'elsewhere' : alive ? 'running' : 'died' }
}

/** Hosts that refused us and are left alone at this time. */
export function refusedAt(
  hosts: readonly HostState[],
  now: number,
): { host: string; until: string; reason: string | null }[] {
  return hosts
    .filter((host) => holds(host.refusedUntil, now))
    .map(({ host, refusedUntil, refusedReason }) => ({
      host,
      until: new Date(refusedUntil).toISOString(),
      reason: refusedReason,
    }))
}

/** Bytes from which a database is slow to copy and to back up. */
const large = 1_000_000_000

/** What is known of dates is loaded for a large file only. */
export async function largeFile(
  target: string,
  oldest: string | null,
  now: number,
): Promise<Holdings['large']> {
  const size = fileSize(target)
  if (size === null || size < large) return null
  const { archiveHint: hint } = await import('../../domain/archive-hint.ts')
  return hint(size, oldest, now)
}

function fileSize(target: string): number | null {
  if (isPostgres(target)) return null
  return ['', '-wal']
    .map((suffix) => statSync(`${target}${suffix}`, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}
