import { UsageError } from '../../../errors.ts'
import { pagesOfHar } from './har.ts'
import { pageOfMhtml } from './mhtml.ts'
import { filesOfZip } from './zip.ts'

/** A page as it was saved, out of whatever it was saved in. */
export interface UnpackedPage {
  /** For messages: the file, and the entry inside it. */
  readonly name: string
  /** Where the page was saved from, as far as the file tells. */
  readonly url: string | null
  readonly bytes: Uint8Array
  readonly contentType: string | null
  /** Epoch ms, where the file tells when the page was fetched. */
  readonly savedAt: number | null
}

/**
 * The pages in a saved file, told by its content and not by its name: HTML is the page itself, MHTML
 * holds one page with its pictures, HAR what a browser's network panel saw, zip any of these.
 */
export function unpackSaved(name: string, bytes: Uint8Array): UnpackedPage[] {
  const inside = unpackPlain(name, bytes)
  if (inside !== undefined) return inside
  return filesOfZip(name, bytes).flatMap((file) => {
    const pages = unpackPlain(`${name}/${file.name}`, file.bytes)
    if (pages === undefined)
      throw new UsageError(`${name} holds another zip (${file.name})`, 'Unpack it first.')
    return pages
  })
}

/** Undefined for a zip. */
function unpackPlain(name: string, bytes: Uint8Array): UnpackedPage[] | undefined {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04)
    return undefined
  const head = Buffer.from(bytes.subarray(0, 8000)).toString('latin1').trimStart()
  if (head.startsWith('{')) return pagesOfHar(name, bytes)
  if (/^[a-z-]{1,40}:/i.test(head) && /content-type:\s{0,20}multipart\/related/i.test(head))
    return [pageOfMhtml(name, bytes)]
  return [{ name, url: null, bytes, contentType: null, savedAt: null }]
}
