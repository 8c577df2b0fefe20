import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'

/**
 * The text of a page's bytes. The header's charset wins, then a byte order mark, then the page's own
 * meta element; without any of them UTF-8, and windows-1252 when the bytes are no UTF-8 at all: the
 * site's charset is not known for sure, and a curly apostrophe must not become a question mark.
 */
export function pageText(bytes: Uint8Array, contentType: string | null | undefined): string {
  const named = marked(bytes) ?? charsetOf(contentType ?? '') ?? charsetOf(head(bytes))
  if (named !== undefined) {
    const decoder = decoderFor(named)
    if (decoder?.encoding === 'windows-1252') return windows1252(bytes)
    if (decoder !== undefined && decoder.encoding !== 'utf-8') return decoder.decode(bytes)
  }
  // A page that says UTF-8 and holds a stray byte is still UTF-8; one that says nothing is not.
  if (!isUtf8(bytes) && named !== 'utf-8' && named !== 'utf8') return windows1252(bytes)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** Node 20 decodes windows-1252 as Latin-1, which turns a curly apostrophe into a control character. */
function windows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (letter) => upperHalf[letter.charCodeAt(0) - 0x80] ?? letter)
}
const upperHalf =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

function marked(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

const head = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2048)).toString('latin1')

function charsetOf(text: string): string | undefined {
  return /charset\s{0,5}=\s{0,5}["']?([\w-]{1,30})/i.exec(text)?.[1]?.toLowerCase()
}

function decoderFor(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}
