import type { Logger } from '../app/ports.ts'
import { privateAddress } from './private-address.ts'

/** A run that begins, or how it ended. */
export type PingOf = 'start' | { readonly exitCode: number; readonly outcome: string }

/** Real milliseconds. */
const timeoutMs = 5_000
/** healthchecks.io keeps the first 100 kB; one sentence is meant. */
const longestBody = 10_000

/** As a URL spells it, and as a person does. */
const placeholder = /\{command\}|%7Bcommand%7D/gi

/**
 * Where the switch of a command is: `{command}` in the address stands for its name (`db-backup`).
 * An address without it is that of the night alone, for one switch cannot tell two commands apart.
 */
export function pingAddress(template: string, command: string): string | undefined {
  if (template.search(placeholder) === -1) return command === 'nightly' ? template : undefined
  return template.replaceAll(placeholder, command.replaceAll(' ', '-'))
}

/**
 * Tells a dead man's switch (healthchecks.io and its like) where a scheduled command stands:
 * URL/start, URL, and URL/<exit code> of a failure, with what came of it in the body. Whom another
 * run keeps from working (exit code 4) has not failed. A ping that fails is a warning and nothing
 * more: it must never fail the work that it tells of.
 */
export async function ping(url: string, of: PingOf, log: Logger): Promise<void> {
  const name = of === 'start' ? of : of.exitCode === 0 || of.exitCode === 4 ? '' : `${of.exitCode}`
  try {
    const { address, headers } = privateAddress(url)
    if (name !== '') address.pathname = `${address.pathname.replace(/\/+$/, '')}/${name}`
    const answer = await fetch(address, {
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(of === 'start' ? {} : { method: 'POST', body: of.outcome.slice(0, longestBody) }),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answered with ${answer.status}`)
  } catch (error) {
    // The address itself is a secret: whoever has it can ping in our name.
    const what = of === 'start' ? 'the start' : `exit code ${of.exitCode}`
    log.warn(`the ping (HARNESS_PING_URL) of ${what} did not arrive: ${reasonOf(error)}`)
  }
}

/** `fetch failed` hides its reason in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : error.message
}
