import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { isPostgres } from '../context/setting-values.ts'
import type { Context } from '../context/context.ts'
import { describeError } from '../command/report-error.ts'
import { largeFile, refusedAt } from '../text/status-report.ts'

/** What `doctor` found, and what to do about it. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'broken'
  readonly message: string
  readonly next: string | null
}

export const ok = (check: string, message: string): Finding => ({
  check,
  state: 'ok',
  message,
  next: null,
})

/** An error as a finding: its hint is the next step. */
export function broken(check: string, error: unknown, version: string): Finding {
  const { message, hint } = describeError(error, { command: 'doctor', version })
  return { check, state: 'broken', message, next: hint }
}

/** `range` as package.json's engines have it: `^20.19.0 || >=24`. */
export function examineNode(running: string, range: string): Finding {
  const version = numbers(running)
  const fits = range.split('||').some((part) => {
    const wanted = numbers(part)
    const reached = compare(version, wanted) >= 0
    return part.trim().startsWith('^') ? reached && version[0] === wanted[0] : reached
  })
  if (fits) return ok('node', `Node ${running}`)
  const next = `Install a Node that is one of ${range}, then install harness again.`
  return { check: 'node', state: 'broken', message: `Node ${running} is not supported`, next }
}

/** Whether this Node knows New Zealand's time: one built without ICU data does not. */
export function examineClock(now: number, simulated: string | null): Finding {
  const summer = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Pacific/Auckland',
    hour12: false,
    hour: '2-digit',
  })
  if (summer.format(Date.UTC(2024, 0, 15, 0)) !== '13')
    return {
      check: 'clock',
      state: 'broken',
      message: 'this Node has no time zone data for Pacific/Auckland',
      next: 'Install a Node with full ICU data.',
    }
  const shown = new Date(now).toISOString()
  if (simulated !== null)
    return {
      check: 'clock',
      state: 'warning',
      message: `HARNESS_CLOCK is set: the time shown is ${shown}`,
      next: 'Unset it outside rehearsals.',
    }
  if (now < Date.UTC(2025, 0, 1))
    return {
      check: 'clock',
      state: 'broken',
      message: `the machine's clock shows ${shown}`,
      next: 'Set the clock; racing dates are taken from it.',
    }
  return ok('clock', shown)
}

export function examineConfig(context: Context): Finding[] {
  const { settings, file, fileExists } = context.config
  const findings = [ok('config', fileExists ? file : 'no config file; defaults and environment')]
  if (settings.contact === null)
    findings.push({
      check: 'contact',
      state: 'warning',
      message: 'no contact address: the sources cannot tell who asks',
      next: 'Set it with `harness init --contact you@example.org`, or HARNESS_CONTACT.',
    })
  if (settings.extraCa !== null && !isReadable(settings.extraCa))
    findings.push({
      check: 'extraCa',
      state: 'broken',
      message: `the certificate file ${settings.extraCa} cannot be read`,
      next: 'Correct HARNESS_EXTRA_CA or its permissions.',
    })
  return findings
}

/** The native module, the file and its folder, the schema, refused hosts. */
export async function examineDatabase(context: Context, version: string): Promise<Finding[]> {
  await context.probeSqlite()
  const findings = [ok('sqlite', 'better-sqlite3 loads')]
  const { db } = context.config.settings
  if (!isPostgres(db)) findings.push(...examinePlace(db))
  if (!context.databaseExists)
    return [
      ...findings,
      {
        check: 'database',
        state: 'warning',
        message: `there is no database at ${context.databaseName} yet`,
        next: 'Run `harness db migrate`, or any writing command.',
      },
    ]
  try {
    const { hostPace, unitOfWork, archives } = await context.openForReading()
    findings.push(ok('database', `${context.databaseName} opens and is up to date`))
    for (const { host, until, reason } of refusedAt(await hostPace.all(), context.clock.now()))
      findings.push({
        check: 'hosts',
        state: 'warning',
        message: `${host} refused us: ${reason ?? 'no reason given'}`,
        next: `It is left alone until ${until}, then tried again; the work stays due.`,
      })
    const { known, oldest } = await unitOfWork.read(async ({ archiving }) => ({
      known: await archiving.archives(),
      oldest: await archiving.oldestInPlace(),
    }))
    for (const archive of known) findings.push(examineArchive(archive.file, archives.find(archive)))
    const large = await largeFile(db, oldest, context.clock.now())
    if (large !== null)
      findings.push({
        check: 'size',
        state: 'warning',
        message: large.message,
        next: `Move what is old into a second file: \`${large.next}\`.`,
      })
  } catch (error) {
    findings.push(broken('database', error, version))
  }
  return findings
}

function examineArchive(file: string, place: string | null): Finding {
  if (place !== null) return ok('archive', `${place} is there`)
  return {
    check: 'archive',
    state: 'broken',
    message: `the archive ${file} is not there, or is another one`,
    next: 'Put it back, or say where it is now: `harness db archive --to FILE`.',
  }
}

function examinePlace(file: string): Finding[] {
  const folder = dirname(file)
  if (!existsSync(folder)) return []
  const locked = [folder, ...(existsSync(file) ? [file] : [])].find((path) => !isWritable(path))
  if (locked !== undefined)
    return [
      {
        check: 'place',
        state: 'broken',
        message: `${locked} is not writable`,
        next: 'Check its owner and permissions, or choose another place with --db.',
      },
    ]
  const { bavail, bsize } = statfsSync(folder)
  const free = Math.round((bavail * bsize) / 1_000_000)
  if (free >= 500) return [ok('place', `${folder} is writable, ${free} MB free`)]
  return [
    {
      check: 'place',
      state: 'warning',
      message: `only ${free} MB are free in ${folder}`,
      next: 'Free some space; a season takes up to 500 MB.',
    },
  ]
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    // Whatever the reason, it cannot be written; the finding says so.
    return false
  }
}

function isReadable(file: string): boolean {
  try {
    return readFileSync(file).length > 0
  } catch {
    // Missing, forbidden or a folder: all the same to the one who needs it.
    return false
  }
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number)
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
