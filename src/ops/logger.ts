import type { Logger } from '../app/ports.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof levels)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  readonly format: 'text' | 'json'
  /** Takes one line without its line feed. */
  readonly write: (line: string) => void
  /** Shown time, epoch ms. */
  readonly now: () => number
  /** Whether text lines begin with the time; a journal adds its own, a person needs none. */
  readonly timestamps: boolean
  /** Fields of every JSON line, read when it is written: the run's id is not known at the start. */
  readonly common: () => Readonly<Record<string, unknown>>
}

/** Lines for a person, or for a machine; levels below the wanted one cost nothing. */
export function createLogger(options: LoggerOptions): Logger {
  const lowest = levels.indexOf(options.level)
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (levels.indexOf(level) < lowest) return
    options.write(
      options.format === 'json' ? json(level, message, fields) : text(level, message, fields),
    )
  }
  const time = (): string => new Date(options.now()).toISOString()
  const json = (level: LogLevel, message: string, fields?: Record<string, unknown>): string =>
    JSON.stringify({ time: time(), level, message, ...options.common(), ...plain(fields) })
  const text = (level: LogLevel, message: string, fields?: Record<string, unknown>): string => {
    const stamp = options.timestamps ? `${time()} ` : ''
    const label = level === 'info' ? '' : `${level}: `
    return `${stamp}${label}${message}${pairs(plain(fields))}`
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Errors have no enumerable fields: JSON would show `{}` where the reason should be. */
function plain(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? value.message : typeof value === 'bigint' ? String(value) : value,
    ]),
  )
}

function pairs(fields: Record<string, unknown>): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`
}
