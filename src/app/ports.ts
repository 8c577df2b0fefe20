/** The few seams of the use cases besides the repositories. */

/** Shown time: real, or simulated under `HARNESS_CLOCK`. Epoch milliseconds of the shown time. */
export interface Clock {
  now(): number
  /** Waits until the clock shows `epochMs`; rejects with InterruptedError when the signal fires. */
  sleepUntil(epochMs: number, signal?: AbortSignal): Promise<void>
}

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** How far a use case has come, for a bar or a line now and then. */
export interface Progress {
  start(total: number, what: string): void
  step(subject?: string): void
  stop(): void
}

/** A document as a source sent it. */
export interface Fetched {
  readonly url: string
  readonly status: number
  readonly bytes: Uint8Array
  readonly contentType: string | null
  readonly etag: string | null
  readonly lastModified: string | null
  /** Shown time of the answer, epoch ms. */
  readonly fetchedAt: number
}

/**
 * The polite client, for one source. Waits for the host's pace, obeys robots.txt, retries what is
 * worth retrying. Throws SourceRefusedError, SourceUnavailableError or InterruptedError.
 * `not-modified` answers a conditional request; `missing` is a 404 or 410.
 */
export interface Fetcher {
  fetch(
    url: string,
    options?: {
      etag?: string | null
      lastModified?: string | null
      signal?: AbortSignal
      accept?: string
      headers?: Readonly<Record<string, string>>
    },
  ): Promise<
    | { readonly kind: 'ok'; readonly document: Fetched }
    | { readonly kind: 'not-modified'; readonly fetchedAt: number }
    | { readonly kind: 'missing'; readonly status: number; readonly fetchedAt: number }
  >
  /** Requests sent so far, by outcome: `ok`, `notModified`, `missing`, `retried`, `failed`. */
  readonly requests: Readonly<
    Record<'ok' | 'notModified' | 'missing' | 'retried' | 'failed', number>
  >
}
