import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Knows whether the code that asks for a connection runs inside a unit of work of this database. On
 * SQLite such code would wait for ever for the one connection that its own unit holds; on Postgres
 * it would write outside the transaction that it believes to be in. Both fail at once instead.
 */
export class UnitGuard {
  readonly #inside = new AsyncLocalStorage<true>()

  enter<T>(work: () => Promise<T>): Promise<T> {
    return this.#inside.run(true, work)
  }

  check(): void {
    if (this.#inside.getStore() === true) {
      throw new Error('inside a unit of work only its own repositories may be used')
    }
  }
}
