import { LayoutChangedError } from '../../../errors.ts'
import { kindOfAddress } from '../page-kinds.ts'
import { savedAtOf } from './saved-at.ts'
import type { UnpackedPage } from './unpack-saved.ts'

const mostEntries = 100_000

/** The pages that are read among the requests that a browser's network panel saved. */
export function pagesOfHar(name: string, bytes: Uint8Array): UnpackedPage[] {
  let har: unknown
  try {
    har = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    )
  } catch (error) {
    throw new LayoutChangedError(`${name} is neither a page nor a HAR file`, {
      code: 'not-a-results-page',
      cause: error,
    })
  }
  const entries = at(har, 'log', 'entries')
  const pages = new Map<string, UnpackedPage>()
  for (const entry of Array.isArray(entries) ? entries.slice(0, mostEntries) : []) {
    const url = at(entry, 'request', 'url')
    const text = at(entry, 'response', 'content', 'text')
    if (typeof url !== 'string' || typeof text !== 'string' || text === '') continue
    if (kindOfAddress(url) === undefined || at(entry, 'response', 'status') !== 200) continue
    const isBase64 = at(entry, 'response', 'content', 'encoding') === 'base64'
    // The last copy of a page that was loaded twice.
    pages.set(url, {
      name: `${name}: ${url.slice(0, 300)}`,
      url,
      // A text has been decoded by the browser, whatever charset the page names: a mark says so.
      bytes: isBase64 ? Buffer.from(text, 'base64') : Buffer.from(`\ufeff${text}`),
      contentType: isBase64 ? mimeType(entry) : 'text/html; charset=utf-8',
      savedAt: savedAtOf(at(entry, 'startedDateTime')),
    })
  }
  if (pages.size === 0)
    throw new LayoutChangedError(`${name} holds no page of HRNZ that is read`, {
      code: 'not-a-results-page',
    })
  return [...pages.values()]
}

function mimeType(entry: unknown): string | null {
  const type = at(entry, 'response', 'content', 'mimeType')
  return typeof type === 'string' ? type.slice(0, 200) : null
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined
    inner = (inner as Record<string, unknown>)[key]
  }
  return inner
}
