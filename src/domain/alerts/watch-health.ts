import { megabytes } from '../megabytes.ts'
import type { AlertRule, Watched } from './alert-rules.ts'
import type { AlertLevel } from './decide-alerts.ts'

/** What a look at the database's own records finds; counts of the last 24 hours. */
export interface HealthSigns {
  /** Epoch ms. */
  readonly now: number
  readonly sources: readonly {
    readonly source: string
    readonly attempts: number
    readonly failures: number
    /** ISO 8601. */
    readonly lastSuccess: string | null
  }[]
  readonly hosts: readonly {
    readonly host: string
    readonly requests: number
    readonly p95Ms: number | null
  }[]
  /** Pages that could not be read because they look otherwise than all before. */
  readonly layoutChanged: readonly { readonly source: string; readonly pages: number }[]
  /** Hosts that have not answered well since they refused us. */
  readonly refused: readonly {
    readonly host: string
    /** Whether it is left alone still; else it has not been asked again. */
    readonly isHeld: boolean
    readonly until: string
    readonly reason: string | null
  }[]
  /** While a watcher was at work. */
  readonly missedWindows: number
  /** Pages that have been due for more than two days. */
  readonly overduePages: number
  readonly sizeBytes: number
  /** The size that the owner allows; null where there is no limit. */
  readonly maxBytes: number | null
  /** Free where the database lies; null where that is not known. */
  readonly freeBytes: number | null
  /** The last backup that went well; null where there never was one, or is no file to copy. */
  readonly lastBackup: string | null
  /** The last watcher that was started; null where there never was one. */
  readonly watcher: {
    readonly startedAt: string
    readonly endedAt: string | null
    readonly exitCode: number | null
    /** Its last round, and when it was to look again. */
    readonly lastRoundAt: string | null
    readonly nextAt: string | null
  } | null
}

/** Above `warn` (`error`) it is bad; from there down to `clear` it is neither bad nor good. */
interface Limits {
  readonly clear: number
  readonly warn: number
  readonly error: number | null
}

const dayMs = 86_400_000
const mb = 1_000_000

/** Days without a page that was read. There is racing on most days; Christmas is the longest break. */
export const silentDays: Limits = { clear: 4, warn: 5, error: 10 }
const failingShare: Limits = { clear: 0.1, warn: 0.2, error: 0.5 }
const slowMs: Limits = { clear: 8_000, warn: 10_000, error: 30_000 }
const missedLimits: Limits = { clear: 2, warn: 5, error: 50 }
const overdueLimits: Limits = { clear: 10, warn: 20, error: null }
/** Share of the size that is allowed. */
const sizeShare: Limits = { clear: 0.75, warn: 0.8, error: 0.95 }
const backupDays: Limits = { clear: 3, warn: 3, error: 8 }
/** Fewer say nothing: one slow answer of three is no p95. */
const leastRequests = 20
const leastAttempts = 10
/** A watcher that is this late is not at work; catching up after an outage takes a while. */
const heartbeatGraceMs = 60 * 60_000

/** All of it, good and bad. */
export function watchHealth(signs: HealthSigns): Watched[] {
  const { now, missedWindows, overduePages } = signs
  return [
    ...signs.sources.flatMap((source) => [...silent(source, now), failing(source)]),
    ...signs.hosts.flatMap(slow),
    ...signs.layoutChanged.map(({ source, pages }) =>
      happened('layout', source, layoutText(source, pages)),
    ),
    ...signs.refused.map(({ host, isHeld, until, reason }): Found => ({
      ...happened(
        'refused',
        host,
        `${host} is left alone until ${until}: ${reason ?? 'it refused'}`,
      ),
      // It may refuse us again: an end and a new beginning each day would be noise.
      level: isHeld ? 'error' : 'ok',
    })),
    {
      ...held('missed', '', missedWindows, missedLimits),
      value: `${missedWindows} looks at TAB’s races came too late in 24 hours`,
      figure: figure('missed-windows', missedWindows),
    },
    {
      ...held('overdue', '', overduePages, overdueLimits),
      value: `${overduePages} pages have been due for more than two days`,
      figure: figure('pages-overdue', overduePages),
    },
    size(signs),
    ...disk(signs),
    ...backup(signs),
    ...heartbeat(signs),
  ].map(withStatus)
}

function silent({ source, lastSuccess }: HealthSigns['sources'][number], now: number): Found[] {
  if (lastSuccess === null || source === 'manual') return []
  const days = (now - Date.parse(lastSuccess)) / dayMs
  const value = `nothing of ${source} was read since ${lastSuccess}`
  return [{ ...held('silent', source, days, silentDays), value }]
}

function failing({ source, attempts, failures }: HealthSigns['sources'][number]): Found {
  const share = attempts < leastAttempts ? 0 : failures / attempts
  return {
    ...held('failing', source, share, failingShare),
    value: `${failures} of ${attempts} pages of ${source} failed in 24 hours`,
    figure: figure(`pages-failed ${source}`, failures, attempts),
  }
}

function slow({ host, requests, p95Ms }: HealthSigns['hosts'][number]): Found[] {
  if (p95Ms === null || requests < leastRequests) return []
  const seconds = (p95Ms / 1000).toFixed(1)
  return [
    {
      ...held('slow', host, p95Ms, slowMs),
      value: `${host} takes up to ${seconds} s to answer (95 % of ${requests} requests)`,
      figure: figure(`answer-p95-ms ${host}`, p95Ms),
    },
  ]
}

function layoutText(source: string, pages: number): string {
  const what = pages === 1 ? '1 page' : `${pages} pages`
  return `${what} of ${source} cannot be read: the layout has changed, or another page comes in its place; \`harness doctor --live\` tells more`
}

function size({ sizeBytes, maxBytes }: HealthSigns): Found {
  const share = maxBytes === null ? 0 : sizeBytes / maxBytes
  const of = maxBytes === null ? '' : ` of the ${megabytes(maxBytes)} that HARNESS_DB_MAX_MB allows`
  return {
    ...held('size', '', share, sizeShare),
    value: `the database has ${megabytes(sizeBytes)}${of}`,
    figure: figure('database-bytes', sizeBytes, maxBytes),
  }
}

/** Room for a backup, which is as large as the database, and for the day's work. */
function disk({ freeBytes, sizeBytes }: HealthSigns): Found[] {
  if (freeBytes === null) return []
  const warnBelow = Math.max(500 * mb, 2 * sizeBytes)
  const errorBelow = Math.max(100 * mb, sizeBytes)
  return [
    {
      rule: 'disk',
      subject: '',
      level: freeBytes < errorBelow ? 'error' : freeBytes < warnBelow ? 'warn' : 'ok',
      isClear: freeBytes > 1.2 * warnBelow,
      value: `${megabytes(freeBytes)} are free where the database lies, which has ${megabytes(sizeBytes)}`,
      figure: figure('free-bytes', freeBytes),
    },
  ]
}

function backup({ lastBackup, now }: HealthSigns): Found[] {
  if (lastBackup === null) return []
  const days = (now - Date.parse(lastBackup)) / dayMs
  return [{ ...held('backup', '', days, backupDays), value: `the last backup is of ${lastBackup}` }]
}

function heartbeat({ watcher, now }: HealthSigns): Found[] {
  if (watcher === null) return []
  const { startedAt, endedAt, exitCode, lastRoundAt, nextAt } = watcher
  // 0 and 130: somebody stopped it, and knows.
  if (endedAt !== null && (exitCode === 0 || exitCode === 130)) return []
  const signs = [startedAt, endedAt, lastRoundAt, nextAt].flatMap((at) =>
    at === null ? [] : [Date.parse(at)],
  )
  if (now - Math.max(...signs) <= heartbeatGraceMs) return []
  const since = lastRoundAt ?? startedAt
  return [happened('heartbeat', '', `capture --watch gives no sign of life since ${since}`)]
}

type Figure = Omit<NonNullable<Watched['figure']>, 'status'>
type Found = Omit<Watched, 'figure'> & { readonly figure?: Figure }

function figure(measure: string, numerator: number, denominator: number | null = null): Figure {
  return { measure, numerator, denominator }
}

function withStatus({ figure: found, ...seen }: Found): Watched {
  return { ...seen, figure: found === undefined ? null : { ...found, status: seen.level } }
}

function held(rule: AlertRule, subject: string, is: number, { clear, warn, error }: Limits) {
  const level: AlertLevel = error !== null && is > error ? 'error' : is > warn ? 'warn' : 'ok'
  return { rule, subject, level, isClear: is <= clear }
}

function happened(rule: AlertRule, subject: string, value: string): Found {
  return { rule, subject, level: 'error', isClear: false, value }
}
