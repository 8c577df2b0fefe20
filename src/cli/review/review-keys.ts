import { InterruptedError } from '../../errors.ts'

/** What a terminal's input must offer: process.stdin does. */
export type KeyInput = NodeJS.ReadableStream & {
  setRawMode?: (raw: boolean) => unknown
}

/**
 * Keys as they are pressed, one at a time, without Enter. Keys pressed ahead wait their turn. Ctrl-C
 * is no signal while the terminal is raw: `next` rejects with InterruptedError then.
 */
export class ReviewKeys {
  readonly #input: KeyInput
  readonly #waiting: string[] = []
  #ended = false
  #wake: (() => void) | undefined

  constructor(input: KeyInput) {
    this.#input = input
    input.setRawMode?.(true)
    input.setEncoding('utf8')
    input.on('data', this.#onData)
    input.on('end', this.#onEnd)
    input.resume()
  }

  /** The next key, in lower case; null when the input has ended. */
  async next(signal: AbortSignal): Promise<string | null> {
    const stop = (): void => this.#wake?.()
    signal.addEventListener('abort', stop)
    try {
      for (;;) {
        if (signal.aborted) throw new InterruptedError()
        const key = this.#waiting.shift()
        if (key === '\u0003') throw new InterruptedError()
        if (key !== undefined) return key
        if (this.#ended) return null
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** Gives the terminal back, as it was. */
  close(): void {
    this.#input.off('data', this.#onData)
    this.#input.off('end', this.#onEnd)
    this.#input.setRawMode?.(false)
    this.#input.pause()
  }

  readonly #onData = (chunk: string | Buffer): void => {
    // Arrow and function keys come as escape sequences: no key of ours, and their letters are none.
    const plain = String(chunk).replace(/\u001b(?:\[[0-9;]{0,16}[A-Za-z~]|O[A-Z])/g, '')
    for (const letter of plain) this.#waiting.push(letter.toLowerCase())
    this.#wake?.()
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    this.#wake?.()
  }
}
