import { LayoutChangedError } from '../../../errors.ts'
import { savedAtOf } from './saved-at.ts'
import type { UnpackedPage } from './unpack-saved.ts'

const mostParts = 2000

/** The page of an MHTML file: the part that was saved from the file's own address, else the first. */
export function pageOfMhtml(name: string, bytes: Uint8Array): UnpackedPage {
  // Latin-1 keeps every byte as one letter; bodies are turned back into bytes.
  const whole = Buffer.from(bytes).toString('latin1')
  const { headers, body } = split(whole)
  const boundary = /boundary\s{0,5}=\s{0,5}(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(
    headers.get('content-type') ?? '',
  )
  const mark = boundary?.[1] ?? boundary?.[2]
  const parts = mark === undefined ? [] : body.split(`--${mark}`, mostParts).slice(1).map(split)
  const pages = parts.filter((part) =>
    /^text\/html\b/i.test(part.headers.get('content-type') ?? ''),
  )
  const address = headers.get('snapshot-content-location')
  const page = pages.find((part) => part.headers.get('content-location') === address) ?? pages[0]
  if (page === undefined)
    throw new LayoutChangedError(`${name} is MHTML without a page`, { code: 'not-a-results-page' })
  return {
    name,
    url: page.headers.get('content-location') ?? address ?? null,
    bytes: decoded(page.body, page.headers.get('content-transfer-encoding') ?? ''),
    contentType: page.headers.get('content-type') ?? null,
    savedAt: savedAtOf(headers.get('date')),
  }
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Headers, which may be folded, and what comes after the empty line. */
function split(text: string): Part {
  const start = text.startsWith('\r\n') ? 2 : text.startsWith('\n') ? 1 : 0
  const gap = /\r?\n\r?\n/g
  gap.lastIndex = start
  const end = gap.exec(text)
  const head = text.slice(start, end?.index ?? text.length).slice(0, 20_000)
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0)
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: end === null ? '' : text.slice(end.index + end[0].length) }
}

function decoded(body: string, encoding: string): Uint8Array {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, 'base64')
  if (!/^quoted-printable$/i.test(encoding)) return Buffer.from(body, 'latin1')
  return fromQuotedPrintable(body.replace(/=[ \t]{0,20}\r?\n/g, ''))
}

/** Byte by byte: a text for each of the millions of signs in a page would take a gigabyte. */
function fromQuotedPrintable(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'latin1')
  let end = 0
  for (let at = 0; at < bytes.length; at++) {
    const high = bytes[at] === equals ? hexDigit(bytes[at + 1]) : undefined
    const low = high === undefined ? undefined : hexDigit(bytes[at + 2])
    if (high === undefined || low === undefined) bytes[end++] = bytes[at]!
    else {
      bytes[end++] = high * 16 + low
      at += 2
    }
  }
  return bytes.subarray(0, end)
}
const equals = 0x3d

/** Of `0` to `9`, `A` to `F` and `a` to `f`. */
function hexDigit(code = 0): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined
}
