import type BetterSqlite3 from 'better-sqlite3'
import { InterruptedError } from '../errors.ts'
import { retryBusy } from './retry-busy.ts'
import { isSqliteBusy } from './sqlite-dialect.ts'

/** Pages of 4 KB that are moved in one transaction: no other writer waits long for it. */
const pagesAtOnce = 500

/** The room that a database file takes, besides what is in it. */
export class FileSpace {
  readonly #raw: BetterSqlite3.Database

  constructor(raw: BetterSqlite3.Database) {
    this.#raw = raw
  }

  /**
   * Cuts free pages off the end of the file, while others go on; returns the bytes. Null where the
   * file was made without the book-keeping that this needs: it must be written anew (`rewrite`).
   */
  async giveBack(signal: AbortSignal): Promise<number | null> {
    const raw = this.#raw
    if (raw.pragma('auto_vacuum', { simple: true }) !== incremental) return null
    const before = this.#bytes()
    while (raw.pragma('freelist_count', { simple: true }) !== 0) {
      if (signal.aborted) throw new InterruptedError()
      // `pragma` reads on to the end; a statement that is stepped once would free one page.
      const step = () => raw.pragma(`incremental_vacuum(${pagesAtOnce})`)
      await retryBusy(async () => step(), isSqliteBusy, signal)
    }
    this.checkpoint()
    return before - this.#bytes()
  }

  /** Needs as much free disk as the file has, and keeps every writer out meanwhile. */
  rewrite(): number {
    const before = this.#bytes()
    this.#raw.pragma('auto_vacuum = incremental')
    this.#raw.exec('vacuum')
    this.checkpoint()
    return before - this.#bytes()
  }

  /**
   * Takes the log into the file and empties it, if nobody else is at work: the log grows for as long
   * as somebody reads, and nothing but a checkpoint makes it small again.
   */
  checkpoint(): void {
    if (!this.#raw.open) return
    this.#raw.pragma('busy_timeout = 0')
    try {
      this.#raw.pragma('wal_checkpoint(truncate)')
    } catch (error) {
      if (!isSqliteBusy(error)) throw error
    } finally {
      this.#raw.pragma('busy_timeout = 500')
    }
  }

  #bytes(): number {
    const pages = this.#raw.pragma('page_count', { simple: true }) as number
    return pages * (this.#raw.pragma('page_size', { simple: true }) as number)
  }
}

/** What `pragma auto_vacuum` says where free pages can be cut off without writing the file anew. */
const incremental = 2
