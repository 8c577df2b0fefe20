/**
 * Every error a user may meet. A class says what the caller must do about it; `exitCode` is the
 * process's exit code (contract: 0 done, 1 failed, 2 usage, 3 partly done, 4 locked, 5 a source
 * stopped us, 130 interrupted), `hint` the next step in one sentence.
 */
export class HarnessError extends Error {
  override name = 'HarnessError'
  readonly code: string
  readonly exitCode: number
  readonly hint: string | undefined

  constructor(
    message: string,
    options: { code: string; exitCode?: number; hint?: string; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.exitCode = options.exitCode ?? 1
    this.hint = options.hint
  }
}

/** The command line or the configuration is wrong; nothing was done. */
export class UsageError extends HarnessError {
  override name = 'UsageError'
  constructor(message: string, hint?: string, code = 'usage') {
    super(message, { code, exitCode: 2, ...(hint === undefined ? {} : { hint }) })
  }
}

/** A file that was named, and why it cannot be read, from the system's error. */
export function unreadable(file: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ENOENT'
    ? new UsageError(`there is no file ${file}`, 'Check its name.')
    : new UsageError(`${file} cannot be read: ${message}`)
}

/** Another run of the same job is at work, or may be; nothing more is written. */
export class LockBusyError extends HarnessError {
  override name = 'LockBusyError'
  constructor(message: string, hint?: string, code = 'locked') {
    super(message, { code, exitCode: 4, ...(hint === undefined ? {} : { hint }) })
  }
}

/** The source cannot be reached or answers with failures; what was asked for stays due. */
export class SourceUnavailableError extends HarnessError {
  override name = 'SourceUnavailableError'
  constructor(
    message: string,
    options: { code?: string; hint?: string; cause?: unknown; status?: number } = {},
  ) {
    super(message, { code: 'source-unavailable', exitCode: 5, ...options })
    this.status = options.status
  }
  /** HTTP status when there was an answer. */
  readonly status: number | undefined
}

/** The source refused us (401, 403, robots.txt, 429 that persists): stop that host, do not disguise. */
export class SourceRefusedError extends HarnessError {
  override name = 'SourceRefusedError'
  constructor(message: string, options: { code?: string; hint?: string; cause?: unknown } = {}) {
    super(message, { code: 'source-refused', exitCode: 5, ...options })
  }
}

/** A document is not what it should be (landmarks or required fields missing): a failed item. */
export class LayoutChangedError extends HarnessError {
  override name = 'LayoutChangedError'
  constructor(message: string, options: { code?: string; hint?: string; cause?: unknown } = {}) {
    super(message, { code: 'layout-changed', exitCode: 3, ...options })
  }
}

/** The database cannot be used as it is (unwritable, newer schema, full disk, not a database). */
export class DatabaseError extends HarnessError {
  override name = 'DatabaseError'
  constructor(message: string, options: { code: string; hint?: string; cause?: unknown }) {
    super(message, { exitCode: 1, ...options })
  }
}

/** The user, or the system, asked us to stop. */
export class InterruptedError extends HarnessError {
  override name = 'InterruptedError'
  constructor(message = 'interrupted; what was done is kept, run the same command to go on') {
    super(message, { code: 'interrupted', exitCode: 130 })
  }
}

/** What to do about an error of the operating system, by its errno name. */
const systemHints: Readonly<Record<string, string>> = {
  EACCES: 'Check the owner and the permissions of that path.',
  EPERM: 'Check the owner and the permissions of that path.',
  EROFS: 'That file system is read-only; choose another place with --db or HARNESS_DB.',
  ENOSPC: 'Free some space, then run the same command again; nothing that was there is lost.',
  ENOENT: 'Check that the path exists.',
  ENOTDIR: 'A part of that path is a file, not a folder.',
  EISDIR: 'That path is a folder, not a file.',
  EMFILE: 'Raise the limit of open files (ulimit -n), then try again.',
}

/** An error of the operating system as one of ours; undefined for any other error. */
export function ofSystem(error: unknown): HarnessError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const hint = systemHints[String(error.code)]
  if (hint === undefined) return undefined
  return new HarnessError(error.message, { code: 'system', hint, cause: error })
}
