import type { Notice } from '../app/ports.ts'
import { HarnessError } from '../errors.ts'
import { reasonOf } from './ping.ts'

/** Real milliseconds. */
const timeoutMs = 5_000

/**
 * Sends a notice to the owner: as ntfy wants it where the address is one of ntfy (ntfy.sh, a host
 * that begins with `ntfy.`, or any with `#ntfy` behind), as a JSON object to any other webhook.
 */
export async function notify(url: string, notice: Notice): Promise<void> {
  const address = new URL(url)
  const request = isNtfy(address) ? ntfyRequest(notice) : webhookRequest(notice)
  address.hash = ''
  try {
    const answer = await fetch(address, {
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      ...request,
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answered with ${answer.status}`)
  } catch (error) {
    throw new HarnessError(`the notice was not taken: ${reasonOf(error)}`, {
      code: 'notify-failed',
      hint: 'Check HARNESS_NOTIFY_URL, then try `harness notify test`.',
      cause: error,
    })
  }
}

function isNtfy({ hostname, hash }: URL): boolean {
  return hostname === 'ntfy.sh' || hostname.startsWith('ntfy.') || hash === '#ntfy'
}

/** https://docs.ntfy.sh/publish/: the body is the message, headers say the rest. */
function ntfyRequest({ level, title, message }: Notice) {
  const tags = { problem: 'warning', recovered: 'white_check_mark', test: 'bell' }
  return {
    headers: {
      title,
      priority: level === 'problem' ? 'high' : 'default',
      tags: tags[level],
    },
    body: message,
  }
}

/** `text` is what chat programs show of a webhook. */
function webhookRequest({ level, title, message }: Notice) {
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ level, title, message, text: `${title}\n${message}` }),
  }
}
