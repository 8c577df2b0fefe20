import { unzipSync } from 'fflate'
import { UsageError } from '../../../errors.ts'

const mostFiles = 5000
/** A directory may claim four thousand million entries. */
const mostEntries = 100_000
const largestFile = 50_000_000
const mostUnpacked = 500_000_000

/** The saved pages in a zip; what is no page by its name is left in it. */
export function filesOfZip(
  name: string,
  bytes: Uint8Array,
): { readonly name: string; readonly bytes: Uint8Array }[] {
  let entries = 0
  let files = 0
  let size = 0
  let left = 0
  let unpacked: Record<string, Uint8Array>
  try {
    unpacked = unzipSync(bytes, {
      filter(file) {
        if (++entries > mostEntries) throw new Error(`it has more than ${mostEntries} entries`)
        if (!/\.(?:x?html?|mht|mhtml|har|zip|ics)$|(?:^|\/)wsd06x[?@%]/i.test(file.name))
          return false
        // The sizes are what the zip says of itself; no more than that is ever unpacked of a file. One
        // that is not compressed is taken as long as it lies there, and several may lie in one place.
        const unpacks = Math.max(file.originalSize, file.size)
        if (unpacks > largestFile || ++files > mostFiles) left++
        else if ((size += unpacks) <= mostUnpacked) return true
        else left++
        return false
      },
    })
  } catch (error) {
    throw new UsageError(`${name} is a zip that cannot be read: ${(error as Error).message}`)
  }
  if (left > 0)
    throw new UsageError(`${name} holds more than can be unpacked at once`, 'Unpack it first.')
  return Object.entries(unpacked)
    .map(([entry, content]) => ({ name: entry, bytes: content }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
