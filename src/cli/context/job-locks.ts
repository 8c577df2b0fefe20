import { setTimeout as sleep } from 'node:timers/promises'
import type { JobLock, SharedJobLock } from '../../db/job-lock.ts'
import { LockBusyError } from '../../errors.ts'
import { type Job, jobs as allJobs } from '../../repositories/jobs.ts'

/** Real milliseconds: who tells the owner something waits five seconds for an answer at most. */
const patienceMs = 15_000
const pauseMs = 200

/** The locks that this run holds on a database, in the order in which it took them. */
export class JobLocks {
  /** The database's file or URL. */
  readonly #target: string
  readonly #held: JobLock[] = []
  #shared: SharedJobLock | undefined

  constructor(target: string) {
    this.#target = target
  }

  /** Throws LockBusyError at once where another run is at one of these jobs. */
  async take(jobs: readonly Job[]): Promise<void> {
    const { acquireJobLock } = await import('../../db/job-lock.ts')
    for (const job of jobs) this.#held.push(await acquireJobLock(this.#target, job))
  }

  /** A job together with other runs that share it too. */
  async share(job: Job): Promise<void> {
    const { shareJobLock } = await import('../../db/job-lock.ts')
    this.#shared = await shareJobLock(this.#target, job)
    this.#held.push(this.#shared)
  }

  /** Counts a run among those that share its job: its claims are known by the run's id. */
  async enlist(runId: number | undefined): Promise<number> {
    if (this.#shared === undefined || runId === undefined)
      throw new Error('the run does not share its job')
    await this.#shared.enlist(runId)
    return runId
  }

  /** One job of several in a run, under its own lock; throws LockBusyError at once. */
  readonly under = async <T>(job: Job, work: () => Promise<T>): Promise<T> => {
    const before = this.#held.length
    try {
      await this.take([job])
      return await work()
    } finally {
      await this.#releaseFrom(before)
    }
  }

  /** Work that needs the database for itself; undefined, and not done, when others are at it. */
  async whenIdle<T>(work: () => Promise<T>): Promise<T | undefined> {
    const before = this.#held.length
    try {
      await this.take(allJobs.filter((job) => job !== 'care'))
      return await work()
    } catch (error) {
      if (error instanceof LockBusyError) return undefined
      throw error
    } finally {
      await this.#releaseFrom(before)
    }
  }

  /**
   * Work that two processes must not do at the same moment, one after the other. Throws LockBusyError
   * where the other takes too long, or a signal comes meanwhile.
   */
  async alone<T>(what: 'alerts', work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const lock = await this.#waitFor(what, signal)
    try {
      return await work()
    } finally {
      await lock.release()
    }
  }

  /** Throws when a lock is no longer ours: another process may be at work by now. */
  readonly check = async (): Promise<void> => {
    for (const lock of this.#held) await lock.check()
  }

  async release(): Promise<void> {
    await this.#releaseFrom(0)
  }

  async #waitFor(what: 'alerts', signal: AbortSignal): Promise<JobLock> {
    const { acquireJobLock } = await import('../../db/job-lock.ts')
    const giveUpAt = performance.now() + patienceMs
    for (;;) {
      try {
        return await acquireJobLock(this.#target, what)
      } catch (error) {
        if (!(error instanceof LockBusyError)) throw error
        if (signal.aborted || performance.now() >= giveUpAt) throw error
      }
      // A signal ends the pause, and the attempt after it is the last one.
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async #releaseFrom(index: number): Promise<void> {
    for (const lock of this.#held.splice(index)) await lock.release()
  }
}
