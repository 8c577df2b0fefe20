import { DatabaseError, HarnessError } from '../errors.ts'

/**
 * Turns what the drivers throw into errors that name the database and the next step. Errors that are
 * not the database's own come back as they are.
 */
export function mapDatabaseError(error: unknown, target: string): unknown {
  if (error instanceof HarnessError || !(error instanceof Error)) return error
  const known = explain(error, target)
  if (known === undefined) return error
  return new DatabaseError(known.message, { code: known.code, hint: known.hint, cause: error })
}

/** Does the work, and lets its errors out as `mapDatabaseError` makes them. */
export async function mappingErrors<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw mapDatabaseError(error, target)
  }
}

/** The target as it may be shown: a password in a URL never is. */
export function withoutPassword(target: string): string {
  if (!isPostgresUrl(target)) return target
  try {
    const url = new URL(target)
    if (url.password !== '') url.password = '***'
    for (const key of url.searchParams.keys())
      if (/pass/i.test(key)) url.searchParams.set(key, '***')
    return url.toString()
  } catch {
    return 'the Postgres database'
  }
}

export function isPostgresUrl(target: string): boolean {
  return /^postgres(ql)?:\/\//i.test(target)
}

interface Explanation {
  readonly code: string
  readonly message: string
  readonly hint: string
}

function explain(error: Error, target: string): Explanation | undefined {
  const name = withoutPassword(target)
  const code = codeOf(error)
  if (isNativeModuleError(error, code)) return nativeModule
  if (code === undefined) {
    if (!isPostgresUrl(target)) return undefined
    // The pg driver gives these without a code when the server goes away.
    return /connection terminated|timeout exceeded when trying to connect/i.test(error.message)
      ? unreachable(name, error.message)
      : undefined
  }
  if (code.startsWith('SQLITE_')) return explainSqlite(code, name)
  return isPostgresUrl(target)
    ? explainPostgres(code, name, error.message)
    : explainFileSystem(code, name)
}

function explainSqlite(code: string, name: string): Explanation | undefined {
  if (code === 'SQLITE_FULL') return diskFull(name)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return busy(name)
  if (code === 'SQLITE_NOTADB') return notADatabase(name)
  if (code.startsWith('SQLITE_CORRUPT')) return corrupt(name)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return unwritable(name)
  if (code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'io',
      message: `the disk failed while ${name} was read or written (${code})`,
      hint: 'check the disk and its free space, then run `harness db check`',
    }
  }
  return undefined
}

/** Of the work on files around the database: its backup before a migration. */
function explainFileSystem(code: string, name: string): Explanation | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(name)
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) return unwritable(name)
  return undefined
}

function explainPostgres(code: string, name: string, detail: string): Explanation | undefined {
  if (code === '53100') return diskFull(name)
  if (code === '55P03' || code === '40P01') return busy(name)
  if (code === 'XX001' || code === 'XX002') return corrupt(name)
  if (code === '42501' || code === '25006') return unwritable(name)
  if (unreachableCodes.test(code)) return unreachable(name, detail)
  return undefined
}

/** SQLSTATEs of refused or broken connections, and the system's own codes. */
const unreachableCodes =
  /^(08...|28...|3D000|53300|57P0[123]|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EPIPE|ENOENT)$/

function isNativeModuleError(error: Error, code: string | undefined): boolean {
  return (
    code === 'ERR_DLOPEN_FAILED' ||
    /could not locate the bindings file|NODE_MODULE_VERSION/i.test(error.message)
  )
}

/** Several addresses that all failed come as one error with the codes inside. */
function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code
  const inner = error instanceof AggregateError ? error.errors[0] : undefined
  return inner instanceof Error ? codeOf(inner) : undefined
}

const nativeModule: Explanation = {
  code: 'native-module',
  message: `the SQLite module does not load under Node ${process.version}`,
  hint: 'run `npm rebuild better-sqlite3` in the folder of harness, or install harness again',
}

const unwritable = (name: string): Explanation => ({
  code: 'unwritable',
  message: `${name} cannot be opened for writing`,
  hint: 'check the permissions of the file and of its folder, or choose another place with --db',
})

const diskFull = (name: string): Explanation => ({
  code: 'disk-full',
  message: `there is no space left for ${name}; what was there is unharmed`,
  hint: 'free some space, then run the same command again',
})

const busy = (name: string): Explanation => ({
  code: 'busy',
  message: `${name} was held by another process for too long`,
  hint: 'wait for the other process to end, or look for one that hangs, then run the command again',
})

const notADatabase = (name: string): Explanation => ({
  code: 'not-a-database',
  message: `${name} is not a database of harness`,
  hint: 'choose another file with --db',
})

const corrupt = (name: string): Explanation => ({
  code: 'corrupt',
  message: `${name} is damaged`,
  hint: 'run `harness db check`, and restore a backup with `harness db restore FILE`',
})

const unreachable = (name: string, detail: string): Explanation => ({
  code: 'unreachable',
  message: `cannot work with ${name}: ${detail.replace(/:\/\/[^@\s/]*@/g, '://').slice(0, 200)}`,
  hint: 'check that the server runs and that the address, user, password and database are right',
})
