import type { Notice } from '../app/ports.ts'
import { HarnessError } from '../errors.ts'
import { reasonOf } from './ping.ts'
import { privateAddress } from './private-address.ts'

/** Real milliseconds. */
const timeoutMs = 5_000

/**
 * Sends a notice to the owner: as ntfy wants it where the address is one of ntfy (ntfy.sh, a host
 * that begins with `ntfy.`, or any with `#ntfy` behind), as a JSON object to any other webhook.
 */
export async function notify(url: string, notice: Notice): Promise<void> {
  const { address, headers } = privateAddress(url)
  const request = isNtfy(address) ? ntfyRequest(notice) : webhookRequest(notice)
  address.hash = ''
  try {
    const answer = await fetch(address, {
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      ...request,
      headers: { ...request.headers, ...headers },
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

const tags = {
  problem: 'rotating_light',
  warning: 'warning',
  recovered: 'white_check_mark',
  digest: 'newspaper',
  test: 'bell',
} as const

/** https://docs.ntfy.sh/publish/: the body is the message, headers say the rest. */
function ntfyRequest({ level, title, message }: Notice) {
  return {
    headers: {
      title: headerText(title),
      priority: level === 'problem' ? 'high' : level === 'digest' ? 'low' : 'default',
      tags: tags[level],
    },
    body: firstBytes(message, longestNtfyMessage),
  }
}

/** A longer one becomes an attachment that nobody opens. In bytes. */
const longestNtfyMessage = 4096
const longestTitle = 200

/**
 * A header takes Latin letters only. ntfy reads others as RFC 2047 has them: words of up to 75
 * characters, each of whole letters.
 */
function headerText(text: string): string {
  const line = firstBytes(text.replace(/[\p{Cc}\p{Surrogate}]+/gu, ' ').trim(), longestTitle)
  if (/^[\x20-\x7e]*$/.test(line)) return line
  const words: string[] = []
  for (let rest = line; rest !== '';) {
    const word = firstBytes(rest, 45)
    words.push(`=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`)
    rest = rest.slice(word.length)
  }
  return words.join(' ')
}

/** As many whole letters as there is room for. */
function firstBytes(text: string, most: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  let end = most
  // Bytes that begin with 10 are the rest of a letter.
  while ((bytes[end] ?? 0) >> 6 === 0b10) end -= 1
  return bytes.subarray(0, end).toString()
}

/** `text` is what chat programs show of a webhook. */
function webhookRequest({ level, title, message }: Notice) {
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ level, title, message, text: `${title}\n${message}` }),
  }
}
