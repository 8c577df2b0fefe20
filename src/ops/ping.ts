import type { Logger } from '../app/ports.ts'

export type PingState = 'start' | 'success' | 'fail'

/** Real milliseconds. */
const timeoutMs = 5_000

/**
 * Tells a dead man's switch (healthchecks.io and its like) where a scheduled command stands:
 * URL/start, URL, URL/fail. A ping that fails is a warning and nothing more: it must never fail the
 * work that it tells of.
 */
export async function ping(url: string, state: PingState, log: Logger): Promise<void> {
  try {
    const address = new URL(url)
    if (state !== 'success') address.pathname = `${address.pathname.replace(/\/+$/, '')}/${state}`
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answered with ${answer.status}`)
  } catch (error) {
    // The address itself is a secret: whoever has it can ping in our name.
    log.warn(`the ping (HARNESS_PING_URL) for ${state} did not arrive: ${reasonOf(error)}`)
  }
}

/** `fetch failed` hides its reason in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : error.message
}
