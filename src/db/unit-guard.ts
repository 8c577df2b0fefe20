/**
 * One unit of work at a time in a process. Code inside a unit that asked for another connection
 * would wait for ever on SQLite, for the one connection that its own unit holds, and would write
 * outside its transaction on Postgres. It fails at once instead. (Telling it from code beside the
 * unit would take an AsyncLocalStorage, which costs a tenth of all ingestion.)
 */
export class UnitGuard {
  #active = false

  async enter<T>(work: () => Promise<T>): Promise<T> {
    this.check()
    this.#active = true
    try {
      return await work()
    } finally {
      this.#active = false
    }
  }

  check(): void {
    if (this.#active) {
      throw new Error('inside a unit of work only its own repositories may be used')
    }
  }
}
