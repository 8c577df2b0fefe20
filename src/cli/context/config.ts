import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import {
  absolutePath,
  BadValue,
  contactAddress,
  databaseTarget,
  expandHome,
  headerText,
  httpUrl,
  isLoopback,
  isPostgres,
  megabytes,
  milliseconds,
  seasonRange,
} from './setting-values.ts'

/** Settings by name, as the config file spells them. */
export interface Settings {
  readonly db: string
  /** SQLite: how large the file may grow before the disk counts as full, in MB. */
  readonly dbMaxMb: number | null
  readonly hrnzUrl: string
  readonly hrnzDynamicUrl: string
  readonly tabUrl: string
  readonly contact: string | null
  readonly tabPartner: string | null
  readonly tabPartnerId: string | null
  readonly minDelayMs: number
  readonly extraCa: string | null
  readonly pingUrl: string | null
  readonly notifyUrl: string | null
  /** Where scheduled commands leave their figures for Prometheus. */
  readonly metricsFile: string | null
  /** Racing seasons that the owner wants to have, `2023` or `2019..2024`. */
  readonly seasons: string | null
  readonly clock: string | null
}

export type SettingName = keyof Settings
export type Origin = 'flag' | 'environment' | 'file' | 'default'

export interface Setting {
  readonly name: SettingName
  readonly value: string | number | null
  readonly origin: Origin
  /** `--db`, `HARNESS_DB` or the config file's path: what to change. */
  readonly where: string
}

export interface Config {
  readonly settings: Settings
  readonly entries: readonly Setting[]
  /** Where the config file is, or would be. */
  readonly file: string
  readonly fileExists: boolean
  readonly dataDirectory: string
}

export type Environment = Readonly<Record<string, string | undefined>>

const defaultDelayMs = 2000
const lowestDelayMs = 1000

interface Rule {
  readonly env: string | null
  readonly inFile: boolean
  readonly parse: (text: string) => string | number
  readonly fallback: (dataDirectory: string) => string | number | null
}

const rules: Readonly<Record<SettingName, Rule>> = {
  db: {
    env: 'HARNESS_DB',
    inFile: true,
    parse: databaseTarget,
    fallback: (dataDirectory) => join(dataDirectory, 'harness.db'),
  },
  dbMaxMb: { env: 'HARNESS_DB_MAX_MB', inFile: true, parse: megabytes, fallback: () => null },
  hrnzUrl: sourceUrl('HARNESS_HRNZ_URL', 'https://infohorse.hrnz.co.nz'),
  hrnzDynamicUrl: sourceUrl('HARNESS_HRNZ_DYNAMIC_URL', 'https://harness.hrnz.co.nz'),
  tabUrl: sourceUrl('HARNESS_TAB_URL', 'https://api.tab.co.nz/affiliates/v1'),
  contact: { env: 'HARNESS_CONTACT', inFile: true, parse: contactAddress, fallback: () => null },
  tabPartner: { env: 'HARNESS_TAB_PARTNER', inFile: true, parse: headerText, fallback: () => null },
  tabPartnerId: {
    env: 'HARNESS_TAB_PARTNER_ID',
    inFile: true,
    parse: headerText,
    fallback: () => null,
  },
  minDelayMs: {
    env: 'HARNESS_MIN_DELAY_MS',
    inFile: true,
    parse: milliseconds,
    fallback: () => defaultDelayMs,
  },
  extraCa: { env: 'HARNESS_EXTRA_CA', inFile: true, parse: absolutePath, fallback: () => null },
  pingUrl: { env: 'HARNESS_PING_URL', inFile: true, parse: httpUrl, fallback: () => null },
  notifyUrl: { env: 'HARNESS_NOTIFY_URL', inFile: true, parse: httpUrl, fallback: () => null },
  metricsFile: {
    env: 'HARNESS_METRICS_FILE',
    inFile: true,
    parse: absolutePath,
    fallback: () => null,
  },
  seasons: { env: null, inFile: true, parse: seasonRange, fallback: () => null },
  clock: { env: 'HARNESS_CLOCK', inFile: false, parse: (text) => text, fallback: () => null },
}

export const settingNames = Object.keys(rules) as readonly SettingName[]

/**
 * Flags > environment > config file > default. A bad value is a usage error that names the setting,
 * the value and the place where it stands.
 */
export function loadConfig(
  env: Environment,
  flags: Readonly<Partial<Record<SettingName, string | undefined>>> = {},
  options: { readonly fileMayBeMissing?: boolean } = {},
): Config {
  const { file, named } = configFile(env)
  const fileExists = existsSync(file)
  if (named && !fileExists && options.fileMayBeMissing !== true)
    throw new UsageError(
      `HARNESS_CONFIG names ${file}, which does not exist`,
      'Create it with `harness init`, or unset HARNESS_CONFIG.',
      'config',
    )
  const inFile = fileExists ? readConfigFile(file) : {}
  const dataDirectory = join(baseDirectory(env, 'XDG_DATA_HOME', '.local/share'), 'harness')
  const entries = settingNames.map((name) =>
    resolveSetting(name, { flags, env, inFile, file, dataDirectory }),
  )
  const settings = Object.fromEntries(
    entries.map((entry) => [entry.name, entry.value]),
  ) as unknown as Settings
  checkDelay(entries, settings)
  return { settings, entries, file, fileExists, dataDirectory }
}

/** Where the config file is looked for; `named`: the user said so himself. */
export function configFile(env: Environment): { file: string; named: boolean } {
  const named = env['HARNESS_CONFIG']
  if (named) return { file: resolve(expandHome(named)), named: true }
  const directory = baseDirectory(env, 'XDG_CONFIG_HOME', '.config')
  return { file: join(directory, 'harness', 'config.json'), named: false }
}

/** A setting's value as it may be shown: passwords, and the paths of ping URLs, are secrets. */
export function shownValue(
  name: SettingName,
  value: string | number | null,
): string | number | null {
  if (typeof value !== 'string') return value
  if (isPrivate(name)) {
    const url = new URL(value)
    return url.pathname === '/' && url.search === '' ? url.origin : `${url.origin}/***`
  }
  return mayHidePassword(name, value) ? maskedDatabaseUrl(value) : value
}

/** `postgres://me:secret@host/db` without the secret. */
export function maskedDatabaseUrl(target: string): string {
  try {
    const url = new URL(target)
    if (url.password !== '') url.password = '***'
    for (const key of url.searchParams.keys())
      if (/pass/i.test(key)) url.searchParams.set(key, '***')
    return url.href
  } catch {
    // Not an URL after all (an unescaped character in the password): show nothing of it.
    return 'postgres://***'
  }
}

/** Whoever has the address can ping or write in the owner's name. */
const isPrivate = (name: SettingName): boolean => name === 'pingUrl' || name === 'notifyUrl'

const mayHidePassword = (name: SettingName, value: string): boolean =>
  isPostgres(value) || (/(db|url)$/i.test(name) && value.includes('@'))

interface Places {
  readonly flags: Readonly<Partial<Record<SettingName, string | undefined>>>
  readonly env: Environment
  readonly inFile: Readonly<Record<string, unknown>>
  readonly file: string
  readonly dataDirectory: string
}

function resolveSetting(name: SettingName, places: Places): Setting {
  const rule = rules[name]
  const flag = places.flags[name]
  if (flag !== undefined) return parseSetting(name, flag, 'flag', `--${name}`)
  const fromEnv = rule.env === null ? undefined : places.env[rule.env]
  // An empty variable is how a shell or a unit file unsets one.
  if (rule.env !== null && fromEnv !== undefined && fromEnv !== '')
    return parseSetting(name, fromEnv, 'environment', rule.env)
  const fromFile = places.inFile[name]
  if (rule.inFile && fromFile !== undefined && fromFile !== null) {
    if (typeof fromFile !== 'string' && typeof fromFile !== 'number')
      throw badValue(name, JSON.stringify(fromFile), places.file, 'must be a text or a number')
    return parseSetting(name, String(fromFile), 'file', places.file)
  }
  return { name, value: rule.fallback(places.dataDirectory), origin: 'default', where: 'default' }
}

/** One text as a setting, or a usage error that names it, the value and where it stands. */
export function parseSetting(
  name: SettingName,
  text: string,
  origin: Origin,
  where: string,
): Setting {
  try {
    return { name, value: rules[name].parse(text), origin, where }
  } catch (error) {
    if (error instanceof BadValue) throw badValue(name, text, where, error.message)
    throw error
  }
}

function badValue(name: SettingName, value: string, where: string, why: string): UsageError {
  const shown = isPrivate(name)
    ? '***'
    : mayHidePassword(name, value)
      ? maskedDatabaseUrl(value)
      : value
  return new UsageError(
    `setting ${name}: ${JSON.stringify(shown.slice(0, 200))} from ${where} ${why}`,
    where.startsWith('--')
      ? `Correct ${where}.`
      : `Correct it in ${where}, then try \`harness config\`.`,
    'config',
  )
}

/** `JSON.parse` quotes what stands around its error, which may be a secret. */
const withoutExcerpt = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(
    /, (?:\.\.\.)?".*(?= is not valid JSON)/s,
    ': the text',
  )

function readConfigFile(file: string): Record<string, unknown> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(
      `the config file ${file} cannot be read: ${withoutExcerpt(error)}`,
      'Correct or remove it; `harness init` writes a new one.',
      'config',
    )
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UsageError(`the config file ${file} must hold one JSON object`, undefined, 'config')
  const known = settingNames.filter((name) => rules[name].inFile)
  for (const key of Object.keys(content)) {
    // A misspelt setting that is silently left out would look as if it had been obeyed.
    if (!known.includes(key as SettingName))
      throw new UsageError(
        `the config file ${file} has an unknown setting ${JSON.stringify(key.slice(0, 80))}`,
        `Known settings: ${known.join(', ')}.`,
        'config',
      )
  }
  return content as Record<string, unknown>
}

/** A pace below one second is for the made-up sources on this machine, never for a real host. */
function checkDelay(entries: readonly Setting[], settings: Settings): void {
  const urls = [settings.hrnzUrl, settings.hrnzDynamicUrl, settings.tabUrl]
  if (settings.minDelayMs >= lowestDelayMs || urls.some(isLoopback)) return
  const where = entries.find((entry) => entry.name === 'minDelayMs')?.where ?? 'default'
  const why = `is below ${lowestDelayMs}, which is only for hosts on this machine`
  throw badValue('minDelayMs', String(settings.minDelayMs), where, why)
}

/** Milliseconds between two requests to this host: a short delay is never used on a real one. */
export function delayFor(settings: Settings, url: string): number {
  if (settings.minDelayMs >= lowestDelayMs || isLoopback(url)) return settings.minDelayMs
  return defaultDelayMs
}

/** The XDG standard says that relative paths in its variables are to be ignored. */
function baseDirectory(env: Environment, variable: string, below: string): string {
  const given = env[variable]
  if (given !== undefined && isAbsolute(given)) return given
  return join(env['HOME'] || homedir(), below)
}

function sourceUrl(env: string, fallback: string): Rule {
  return {
    env,
    inFile: true,
    parse: (text) => httpUrl(text).replace(/\/+$/, ''),
    fallback: () => fallback,
  }
}
