/**
 * The first signal asks the work to stop after the unit it is at; the second one ends the process
 * at once, which the database survives.
 */
export class Interruption {
  readonly #abort = new AbortController()
  #received: NodeJS.Signals | undefined
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#received !== undefined || this.#immediate) process.exit(interruptedExit)
    this.#received = signal
    this.#abort.abort()
  }
  readonly #immediate: boolean

  /** `immediate`: there is nothing to bring to an end, the first signal ends the process. */
  constructor(options: { immediate: boolean }) {
    this.#immediate = options.immediate
    for (const signal of signals) process.on(signal, this.#onSignal)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** The signal that was received, if any. */
  get received(): NodeJS.Signals | undefined {
    return this.#received
  }

  release(): void {
    for (const signal of signals) process.off(signal, this.#onSignal)
  }
}

export const interruptedExit = 130
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
